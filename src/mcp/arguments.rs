//! From the arguments of a call to a tool's own type, with messages that teach.

use rmcp::model::JsonObject;
use schemars::JsonSchema;
use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde_json::{Number, Value};

use super::schema;
use crate::error::{Reason, ToolError};

/// Reads the arguments of `tool`. An argument that is null counts as left out: some clients send all of them.
pub(super) fn read<T: DeserializeOwned + JsonSchema>(
    tool: &str,
    mut arguments: JsonObject,
) -> Result<T, ToolError> {
    arguments.retain(|_, value| !value.is_null());
    serde_path_to_error::deserialize(Value::Object(arguments)).map_err(|error| {
        // The path is `.` for an argument that is missing or unknown; the message names those itself.
        let path = error.path().to_string();
        let argument = if path == "." { String::new() } else { format!("{path}: ") };
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
    error.to_string().replace("a JSON number", "a whole number").replace("expected f64", "expected a number")
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
