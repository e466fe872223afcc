//! Names of embedding spaces, as the database keeps them.

use super::Space;

/// Version of the text that is embedded (`sql/search/embedded_text.sql`).
const RECIPE: &str = "v1";

impl Space {
    /// `provider:model:dimensions:weights:recipe`. Vectors of two names do not compare.
    #[must_use]
    pub fn name(&self) -> String {
        let Self { provider, model, weights, dimensions } = self;
        format!("{provider}:{model}:{dimensions}:{weights}:{RECIPE}")
    }

    /// Whether the original sample's own vectors lie in it: text-embedding-3-small from Azure or OpenAI.
    #[must_use]
    pub fn is_the_originals(&self) -> bool {
        self.provider != "local" && self.model == "text-embedding-3-small" && self.dimensions == 1536
    }
}

#[cfg(test)]
mod tests {
    use super::Space;

    #[test]
    fn whatever_differs_makes_another_space() {
        let space = |provider, model: &str, weights: &str, dimensions| Space {
            provider,
            model: model.to_owned(),
            weights: weights.to_owned(),
            dimensions,
        };
        let names = [
            space("local", "m", "a", 3),
            space("azure", "m", "a", 3),
            space("local", "n", "a", 3),
            space("local", "m", "b", 3),
            space("local", "m", "a", 4),
        ]
        .map(|space| space.name());
        assert_eq!(names.iter().collect::<std::collections::HashSet<_>>().len(), names.len(), "{names:?}");
    }
}
