//! Input schemas in the plain form that every client understands.
//!
//! No `$schema`, `$ref`, `title`, no `format` such as uint32, no unions with null: clients choke on them or strip them.

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
    for key in ["format", "title"] {
        // A property may be called `title`; only the keyword is a string.
        if object.get(key).is_some_and(Value::is_string) {
            object.remove(key);
        }
    }
    // Leaving an optional argument out means none, so null need not be named.
    let only = object
        .get("type")
        .and_then(Value::as_array)
        .and_then(|types| types.iter().find(|kind| kind.as_str() != Some("null")).cloned());
    if let Some(only) = only {
        object.insert("type".to_owned(), only);
    }
    if object.get("default").is_some_and(Value::is_null) {
        object.remove("default");
    }
}
