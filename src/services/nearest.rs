//! How near two names are, for suggestions.

/// Names less near than this are no suggestion.
const NEAR: f64 = 0.82;
/// How much less near than the best another suggestion may be.
const SPREAD: f64 = 0.06;

/// From 0 to 1; 1 only for the same name. Letter case does not count.
///
/// Either the spelling is near (`custmer_id`), or the words are: `total` is a part of `total_amount`.
pub(super) fn nearness(name: &str, wanted: &str) -> f64 {
    let (name, wanted) = (name.to_lowercase(), wanted.to_lowercase());
    let spelling = strsim::jaro_winkler(&name, &wanted);
    let words = words(&name, &wanted);
    if words > 0.0 { spelling.max(0.84 + 0.1 * words) } else { spelling }
}

/// The share of words that two names have in common, when one has all words of the other.
#[expect(clippy::cast_precision_loss, reason = "a name has few words")]
fn words(name: &str, wanted: &str) -> f64 {
    let split = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1);
        words.map(|word| word.trim_end_matches('s').to_owned()).collect()
    };
    let (name, wanted) = (split(name), split(wanted));
    let (few, many) = if name.len() < wanted.len() { (&name, &wanted) } else { (&wanted, &name) };
    if few.is_empty() || !few.iter().all(|word| many.contains(word)) {
        return 0.0;
    }
    few.len() as f64 / many.len() as f64
}

/// Those of `names` that are nearest to `wanted`, best first, at most `most`.
pub(super) fn nearest<'a, T>(
    names: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> &'a str,
    wanted: &str,
    most: usize,
) -> Vec<T> {
    let rated = rated(names, key, wanted);
    rated.into_iter().take(most).map(|(_, name)| name).collect()
}

/// The three of `names` nearest to `wanted`, best first, for a sentence.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>, wanted: &str) -> String {
    nearest(names, |name| *name, wanted, 3).join(", ")
}

/// At most three of `names` that may well have been meant, best first; none when none is near.
pub(super) fn suggested<'a, T>(
    names: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> &'a str,
    wanted: &str,
) -> Vec<T> {
    let rated = rated(names, key, wanted);
    let least = rated.first().map_or(NEAR, |(best, _)| NEAR.max(best - SPREAD));
    rated.into_iter().take_while(|(rate, _)| *rate >= least).take(3).map(|(_, name)| name).collect()
}

fn rated<'a, T>(
    names: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> &'a str,
    wanted: &str,
) -> Vec<(f64, T)> {
    let mut rated: Vec<(f64, T)> =
        names.into_iter().map(|name| (nearness(key(&name), wanted), name)).collect();
    rated.sort_by(|a, b| b.0.total_cmp(&a.0));
    rated
}

#[cfg(test)]
mod tests {
    use super::suggested;

    #[test]
    fn spelling_or_words_make_names_near() {
        let columns = ["order_id", "customer_id", "store_id", "order_date", "total_amount", "status"];
        for (wanted, expected) in [
            ("total", "total_amount"),
            ("amount", "total_amount"),
            ("orderdate", "order_date"),
            ("date", "order_date"),
            ("Status", "status"),
            ("custmer_id", "customer_id"),
        ] {
            assert_eq!(suggested(columns, |name| *name, wanted).first(), Some(&expected), "{wanted}");
        }
        for wanted in ["revenue", "x", "loyalty_points"] {
            assert!(suggested(columns, |name| *name, wanted).is_empty(), "{wanted}");
        }
    }
}
