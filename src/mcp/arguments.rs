//! From the arguments of a call to a tool's own type, with messages that teach.

use rmcp::model::JsonObject;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Reason, ToolError};

/// Reads the arguments of `tool`.
pub(super) fn read<T: DeserializeOwned>(tool: &str, arguments: JsonObject) -> Result<T, ToolError> {
    serde_json::from_value(Value::Object(arguments)).map_err(|error| {
        ToolError::new(
            Reason::InvalidArguments,
            format!("{tool} cannot use these arguments: {error}"),
            "see the tool's input schema for the names, types and defaults of its arguments",
        )
    })
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
