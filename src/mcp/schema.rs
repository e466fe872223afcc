//! Input schemas in the plain form that every client understands.
//!
//! No `$schema`, `$ref`, `title`, no `format` such as uint32, no unions with null, no `oneOf` for an enum whose values
//! have comments: clients choke on them or strip them. What a range or a comment says must be in the description.

use std::sync::Arc;

use rmcp::model::JsonObject;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema};
use serde_json::Value;

/// The schema of a tool's arguments.
pub(super) fn of<T: JsonSchema>() -> Arc<JsonObject> {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    RecursiveTransform(plain as fn(&mut Schema)).transform(&mut schema);
    Arc::new(schema.as_object().cloned().unwrap_or_default())
}

fn plain(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    without_null(object);
    enumerated(object);
    for key in ["format", "title"] {
        // A property may be called `title`; only the keyword is a string.
        if object.get(key).is_some_and(Value::is_string) {
            object.remove(key);
        }
    }
    // What is left out is off or empty: saying so costs bytes and tells nothing.
    if object.get("default").is_some_and(says_nothing) {
        object.remove("default");
    }
}

fn says_nothing(default: &Value) -> bool {
    matches!(default, Value::Null | Value::Bool(false)) || default.as_array().is_some_and(Vec::is_empty)
}

/// Leaving an optional argument out means none, so null need not be named: `Option<T>` becomes T.
fn without_null(object: &mut JsonObject) {
    let types = object.get("type").and_then(Value::as_array);
    let only = types.and_then(|types| types.iter().find(|kind| kind.as_str() != Some("null")).cloned());
    if let Some(only) = only {
        object.insert("type".to_owned(), only);
    }
    let choices = object.get("anyOf").and_then(Value::as_array).map(Vec::as_slice);
    if let Some([Value::Object(one), null]) = choices
        && null["type"] == "null"
    {
        let one = one.clone();
        object.remove("anyOf");
        for (key, value) in one {
            // A comment on the argument says more than one on its type.
            object.entry(key).or_insert(value);
        }
    }
    if let Some(values) = object.get_mut("enum").and_then(Value::as_array_mut) {
        values.retain(|value| !value.is_null());
    }
}

/// `oneOf` with a `const` for each value becomes an `enum`.
fn enumerated(object: &mut JsonObject) {
    let Some(choices) = object.get("oneOf").and_then(Value::as_array) else { return };
    let values: Option<Vec<Value>> = choices.iter().map(|choice| choice.get("const").cloned()).collect();
    if let Some(values) = values {
        object.remove("oneOf");
        object.insert("type".to_owned(), "string".into());
        object.insert("enum".to_owned(), values.into());
    }
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde_json::{Value, json};

    #[derive(JsonSchema)]
    #[serde(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only its schema is looked at")]
    enum Kind {
        /// Upright bars.
        Bar,
        /// A line.
        Line,
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Arguments {
        /// How many, 1 to 9.
        #[schemars(range(min = 1, max = 9))]
        rows: Option<u32>,
        /// Bar or line.
        kind: Option<Kind>,
        /// Shown above it.
        title: Option<String>,
        kinds: Vec<Kind>,
    }

    #[test]
    fn optional_numbers_enums_and_lists_come_out_plain() {
        let schema = Value::Object((*super::of::<Arguments>()).clone());
        let kind = json!({"type": "string", "enum": ["bar", "line"], "description": "Bar or line."});
        assert_eq!(
            schema["properties"]["rows"],
            json!({"type": "integer", "description": "How many, 1 to 9.", "minimum": 1, "maximum": 9})
        );
        assert_eq!(schema["properties"]["kind"], kind);
        assert_eq!(
            schema["properties"]["title"],
            json!({"type": "string", "description": "Shown above it."})
        );
        assert_eq!(
            schema["properties"]["kinds"]["items"],
            json!({"type": "string", "enum": ["bar", "line"]})
        );
        assert_eq!(schema["required"], json!(["kinds"]));
    }
}
