//! From the arguments of a call to a tool's own type, with messages that teach.

use rmcp::model::JsonObject;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Reason, ToolError};

/// Reads the arguments of `tool`.
pub(super) fn read<T: DeserializeOwned>(tool: &str, arguments: JsonObject) -> Result<T, ToolError> {
    serde_path_to_error::deserialize(Value::Object(arguments)).map_err(|error| {
        // The path is `.` for an argument that is missing or unknown; the message names those itself.
        let argument = match error.path().to_string().as_str() {
            "." => String::new(),
            path => format!("{path}: "),
        };
        ToolError::new(
            Reason::InvalidArguments,
            format!("{tool} cannot use these arguments: {argument}{}", error.inner()),
            "see the tool's input schema for the names, types and defaults of its arguments",
        )
    })
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
