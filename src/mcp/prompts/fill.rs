//! Fills the places of a recipe: `{{name}}`.

use serde_json::{Map, Value, json};

use crate::services::scope::{Spans, Stores};

/// Names and what stands in their place.
pub(super) type Places = Vec<(&'static str, String)>;

/// The text with every place filled; what is filled in is not looked at again.
pub(super) fn fill(text: &str, places: &Places) -> String {
    let mut filled = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some((before, (name, after))) =
        rest.split_once("{{").and_then(|(before, after)| Some((before, after.split_once("}}")?)))
    {
        filled.push_str(before);
        let value = places.iter().find(|(known, _)| *known == name);
        filled.push_str(value.map_or("", |(_, value)| value.as_str()));
        rest = after;
    }
    filled.push_str(rest);
    filled.trim_end().to_owned()
}

/// A store: its name, the condition on orders called `o`, and the same on stock called `i`.
pub(super) fn of_stores(stores: &Stores) -> Places {
    let condition = |alias: &str| {
        stores.one.as_ref().map_or_else(String::new, |name| {
            let name = literal(name);
            format!("\n  AND {alias}.store_id = (SELECT store_id FROM retail.stores WHERE name = {name})")
        })
    };
    vec![
        ("store", stores.words.clone()),
        ("and_store_of_order", condition("o")),
        ("and_store_of_stock", condition("i")),
    ]
}

/// A period: in words, and its moments as timestamps of SQL.
pub(super) fn of_spans(spans: &Spans) -> Places {
    let moment =
        |moment: jiff::civil::DateTime| format!("TIMESTAMP '{}'", moment.strftime("%Y-%m-%d %H:%M:%S"));
    vec![
        ("period", spans.words.clone()),
        ("from", moment(spans.now.0)),
        ("until", moment(spans.now.1)),
        ("year_before_from", moment(spans.year_before.0)),
        ("year_before_until", moment(spans.year_before.1)),
        ("picture_from", format!("TIMESTAMP '{}'", spans.picture_from)),
    ]
}

/// A text as SQL has it.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Arguments of a tool as JSON, without those that are none.
pub(super) fn arguments(pairs: &[(&str, Option<&str>)]) -> String {
    let given = pairs.iter().filter_map(|(name, value)| Some(((*name).to_owned(), json!((*value)?))));
    Value::Object(given.collect::<Map<_, _>>()).to_string()
}

#[cfg(test)]
mod tests {
    use super::{arguments, fill, literal};

    #[test]
    fn places_are_filled_once_and_what_is_filled_in_stays() {
        let places = vec![("a", "{{b}}".to_owned()), ("b", "no".to_owned())];
        assert_eq!(fill("{{a}} and {{b}}, {{ open\n", &places), "{{b}} and no, {{ open");
    }

    #[test]
    fn names_cannot_leave_their_quotes() {
        assert_eq!(literal("O'Brien"), "'O''Brien'");
        assert_eq!(arguments(&[("store", Some("a\"b")), ("x", None)]), r#"{"store":"a\"b"}"#);
    }
}
