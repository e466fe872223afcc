//! Resources, one file each: what a client may attach to a conversation without a call, by `zava://` address.
//!
//! Their lists need no database. To add one: write its file with `resource`, `template` and `read`, and name it in the
//! three functions below.
#![expect(clippy::disallowed_methods, reason = "resources are read through services")]

mod categories;
mod schema;
mod stores;

use percent_encoding::percent_decode_str;
use rmcp::ErrorData;
use rmcp::model::{Annotations, ReadResourceResult, Resource, ResourceContents, ResourceTemplate, Role};
use serde_json::json;

use super::{answer, icon};
use crate::call;
use crate::database::Database;
use crate::error::{Reason, ToolError};

const SCHEME: &str = "zava://";
const TEXT: &str = "text/plain";
const JSON: &str = "application/json";

/// What a resource holds: MIME type and text.
type Content = (&'static str, String);

/// All resources with an address of their own.
pub(super) fn list() -> Vec<Resource> {
    vec![schema::resource(), stores::resource(), categories::resource()]
}

/// All resources whose address has a name in it.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    vec![schema::template(), stores::template(), categories::template()]
}

/// Reads the resource at `uri`.
pub(super) async fn read(database: &Database, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let (kind, name) = parts(uri).ok_or_else(|| no_address(uri))?;
    let name = name.as_deref();
    let content = match kind {
        "schema" => schema::read(database, name).await,
        "stores" => stores::read(database, name).await,
        "categories" => categories::read(database, name).await,
        _ => return Err(no_address(uri)),
    };
    let (mime, text) = content.map_err(|error| failed(uri, &error))?;
    Ok(ReadResourceResult::new(vec![ResourceContents::text(text, uri).with_mime_type(mime)]))
}

/// `zava://kind` or `zava://kind/name`, the name decoded.
fn parts(uri: &str) -> Option<(&str, Option<String>)> {
    let path = uri.strip_prefix(SCHEME)?;
    let Some((kind, name)) = path.split_once('/') else { return Some((path, None)) };
    let name = percent_decode_str(name).decode_utf8().ok()?;
    Some((kind, Some(name.into_owned())))
}

fn failed(uri: &str, error: &ToolError) -> ErrorData {
    call::failed(error.reason);
    match error.reason {
        Reason::UnknownTable | Reason::UnknownValue => {
            not_found(uri, &format!("{}; {}", error.message, error.next))
        }
        _ => answer::protocol_error(error),
    }
}

fn no_address(uri: &str) -> ErrorData {
    let fixed = list().into_iter().map(|resource| resource.uri);
    let known: Vec<String> =
        fixed.chain(templates().into_iter().map(|template| template.uri_template)).collect();
    not_found(uri, &format!("there are {}", known.join(", ")))
}

/// rmcp gives it the code of the client's protocol: -32002 up to 2025-11-25, -32602 since.
fn not_found(uri: &str, why: &str) -> ErrorData {
    ErrorData::resource_not_found(format!("Resource not found: {why}"), Some(json!({ "uri": uri })))
}

/// A resource as people and models may both want it.
fn resource(name: &str, title: &str, description: &str, mime: &str, png: &[u8]) -> Resource {
    Resource::new(format!("{SCHEME}{name}"), name)
        .with_title(title)
        .with_description(description)
        .with_mime_type(mime)
        .with_icons(icon::of(png))
        .with_annotations(for_both())
}

/// The resource `kind/{argument}`.
fn template(
    kind: &str,
    argument: &str,
    title: &str,
    description: &str,
    mime: &str,
    png: &[u8],
) -> ResourceTemplate {
    ResourceTemplate::new(format!("{SCHEME}{kind}/{{{argument}}}"), argument)
        .with_title(title)
        .with_description(description)
        .with_mime_type(mime)
        .with_icons(icon::of(png))
        .with_annotations(for_both())
}

fn for_both() -> Annotations {
    Annotations::default().with_audience(vec![Role::User, Role::Assistant])
}
