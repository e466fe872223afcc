//! What is known of remote models: how many numbers their vectors have.

use crate::embeddings::EmbedError;

/// A model, or a deployment, which is usually named like its model.
pub(super) struct RemoteModel {
    /// As the service knows it.
    pub(super) name: String,
    /// Numbers in a vector.
    pub(super) dimensions: u32,
    /// What the service is asked for; only for models that can shorten their vectors.
    pub(super) asked: Option<u32>,
}

impl RemoteModel {
    /// A model with the size that was given, else the known one.
    pub(super) fn new(name: &str, given: Option<u32>) -> Result<Self, EmbedError> {
        let (native, shortens) = match name {
            "text-embedding-3-small" => (Some(1536), true),
            "text-embedding-3-large" => (Some(3072), true),
            "text-embedding-ada-002" => (Some(1536), false),
            _ => (None, false),
        };
        let dimensions = given.or(native).ok_or_else(|| EmbedError::UnknownSize(name.to_owned()))?;
        Ok(Self { name: name.to_owned(), dimensions, asked: given.filter(|_| shortens) })
    }
}

#[cfg(test)]
mod tests {
    use super::RemoteModel;
    use crate::embeddings::EmbedError;

    #[test]
    fn sizes_are_known_given_or_asked_for() {
        let sizes = |name, given| RemoteModel::new(name, given).map(|model| (model.dimensions, model.asked));
        assert_eq!(sizes("text-embedding-3-small", None).expect("known"), (1536, None));
        assert_eq!(sizes("text-embedding-3-large", Some(256)).expect("shortened"), (256, Some(256)));
        assert_eq!(sizes("text-embedding-ada-002", Some(1536)).expect("never asked"), (1536, None));
        assert_eq!(sizes("nomic-embed-text", Some(768)).expect("given"), (768, None));
        assert!(matches!(sizes("nomic-embed-text", None), Err(EmbedError::UnknownSize(_))));
    }
}
