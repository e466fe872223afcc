//! From the arguments of a call to a tool's own type, with messages that teach.

use rmcp::model::JsonObject;
use schemars::JsonSchema;
use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde_json::{Number, Value};

use super::schema;
use crate::error::{Reason, ToolError};

/// Most characters of a message that are passed on.
const LONGEST: usize = 300;

/// Reads the arguments of `tool`. An argument that is null counts as left out: some clients send all of them.
pub(super) fn read<T: DeserializeOwned + JsonSchema>(
    tool: &str,
    mut arguments: JsonObject,
) -> Result<T, ToolError> {
    arguments.retain(|_, value| !value.is_null());
    serde_path_to_error::deserialize(Value::Object(arguments)).map_err(|error| {
        // The path is `.` for an argument that is missing or unknown; the message names those itself.
        let path = error.path().to_string();
        let argument = if path == "." { String::new() } else { format!("{}: ", shortened(&path)) };
        let mut failure = ToolError::new(
            Reason::InvalidArguments,
            format!("{tool} cannot use these arguments: {argument}{}", in_words(error.inner())),
            "call again with arguments as described above",
        );
        failure.details = described(&schema::of::<T>(), &path);
        failure
    })
}

/// serde's message in the words of the schema.
fn in_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    shortened(&text.replace("a JSON number", "a whole number").replace("expected f64", "expected a number"))
}

/// Of a text that repeats a long argument, the beginning and the end.
fn shortened(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST {
        return text.to_owned();
    }
    let (beginning, end) = (text.chars().take(LONGEST / 2), text.chars().skip(length - LONGEST / 2));
    beginning.chain(" ... ".chars()).chain(end).collect()
}

/// What the schema says of the argument at `path`, or of all when the path leads to none.
fn described(schema: &JsonObject, path: &str) -> Vec<String> {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return vec!["It takes no arguments.".to_owned()];
    };
    let wrong: String = path.chars().take_while(|c| !['[', '.'].contains(c)).collect();
    let required = |name: &str| {
        let names = schema.get("required").and_then(Value::as_array);
        if names.is_some_and(|names| names.iter().any(|known| known == name)) { ", required" } else { "" }
    };
    properties
        .iter()
        .filter(|(name, _)| **name == wrong || !properties.contains_key(&wrong))
        .map(|(name, about)| {
            let word = |key: &str| about.get(key).and_then(Value::as_str).unwrap_or_default();
            format!("{name} ({}{}): {}", word("type"), required(name), word("description"))
        })
        .collect()
}

/// Reads a whole number. 5.0 is one, by JSON Schema too; one beyond 64 bits stays the largest there is, so that the
/// message is about the range and not about the type.
pub(super) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number: Number = serde::Deserialize::deserialize(deserializer)?;
    if let Some(number) = number.as_i64() {
        return Ok(number);
    }
    match number.as_f64() {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it has no fraction, and beyond 64 bits it saturates"
        )]
        Some(float) if float.fract() == 0.0 => Ok(float as i64),
        _ => Err(D::Error::custom(format!("expected a whole number, not {number}"))),
    }
}

/// Checks a number of rows against its range.
pub(super) fn rows(name: &str, value: i64, most: u32) -> Result<u32, ToolError> {
    let value = in_range(name, value, 1, i64::from(most))?;
    Ok(u32::try_from(value).unwrap_or(most))
}

/// Checks a number against its range; the message names the argument, the range and what came.
pub(super) fn in_range<T>(name: &str, value: T, least: T, most: T) -> Result<T, ToolError>
where
    T: PartialOrd + std::fmt::Display + Copy,
{
    if value >= least && value <= most {
        return Ok(value);
    }
    Err(ToolError::new(
        Reason::InvalidArguments,
        format!("{name} must be from {least} to {most}, not {value}"),
        format!("call again with {name} in that range, or leave it out for its default"),
    ))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, Deserialize, schemars::JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "never read")]
    struct Arguments {
        /// How many.
        rows: Vec<u32>,
    }

    #[test]
    fn a_message_repeats_only_the_beginning_of_a_long_argument() {
        let long = "ä".repeat(100_000);
        for arguments in [json!({ &long: 1 }), json!({ "rows": &long }), json!({ "rows": [1, &long] })] {
            let arguments = arguments.as_object().expect("an object").clone();
            let error = super::read::<Arguments>("a_tool", arguments).expect_err("refused").to_string();
            assert!(error.len() < 2_000 && error.contains("rows (array, required): How many."), "{error}");
        }
    }
}
