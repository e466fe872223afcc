//! The names that come nearest to a misspelt one.

/// Most names that are suggested.
const MOST_SUGGESTIONS: usize = 3;

/// The nearest of `known` to `name`, nearest first, separated by commas.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let name = name.to_lowercase();
    let likeness = |known: &str| strsim::jaro_winkler(&known.to_lowercase(), &name);
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_by(|a, b| likeness(b).total_cmp(&likeness(a)));
    known.truncate(MOST_SUGGESTIONS);
    known.join(", ")
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_names_come_first_whatever_their_case() {
        let known = ["Plumbing", "Hand Tools", "Power Tools", "Electrical"];
        assert!(nearest("HAND TOLS", known).starts_with("Hand Tools, Power Tools, "));
        assert_eq!(nearest("x", []), "");
    }
}
