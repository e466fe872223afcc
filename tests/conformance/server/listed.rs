//! Everything that is announced, and the fixtures whose answer is always the same.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmcp::model::{
    CallToolResult, GetPromptResult, JsonObject, Prompt, ReadResourceResult, Resource, ResourceTemplate, Tool,
};
use serde_json::{Value, json};

use crate::asking;
use crate::handler::typed;

const PNG: &[u8] = include_bytes!("../../../src/mcp/icons/table.png");

/// The smallest sound file: a header and eight silent samples.
fn wav() -> Vec<u8> {
    let mut bytes =
        b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x08\0\0\0"
            .to_vec();
    bytes.extend([0x80; 8]);
    bytes
}

fn image() -> Value {
    json!({"type": "image", "data": STANDARD.encode(PNG), "mimeType": "image/png"})
}

fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

fn embedded(uri: &str, mime: &str, text: &str) -> Value {
    json!({"type": "resource", "resource": {"uri": uri, "mimeType": mime, "text": text}})
}

/// What a tool without any logic answers.
pub(crate) fn answer(tool: &str) -> Option<CallToolResult> {
    let content = match tool {
        "test_simple_text" => json!([text("This is a simple text response for testing.")]),
        "test_image_content" => json!([image()]),
        "test_audio_content" => {
            json!([{"type": "audio", "data": STANDARD.encode(wav()), "mimeType": "audio/wav"}])
        }
        "test_embedded_resource" => {
            json!([embedded(
                "test://embedded-resource",
                "text/plain",
                "This is an embedded resource content."
            )])
        }
        "test_multiple_content_types" => json!([
            text("Multiple content types test:"),
            image(),
            embedded("test://mixed-content-resource", "application/json", r#"{"test":"data","value":123}"#),
        ]),
        "test_error_handling" => {
            let content = json!([text("This tool intentionally returns an error for testing")]);
            return Some(typed(json!({"content": content, "isError": true})));
        }
        "json_schema_2020_12_tool" => json!([text("Its schema is what matters.")]),
        _ => return None,
    };
    Some(typed(json!({ "content": content })))
}

pub(crate) fn tools() -> Vec<Tool> {
    let plain = [
        "test_simple_text",
        "test_image_content",
        "test_audio_content",
        "test_embedded_resource",
        "test_multiple_content_types",
        "test_error_handling",
        "test_tool_with_logging",
        "test_tool_with_progress",
        "test_elicitation_sep1034_defaults",
        "test_elicitation_sep1330_enums",
        "test_missing_capability",
        "test_logging_tool",
    ];
    let plain = plain.into_iter().chain(asking::TOOLS).map(|name| (name, json!({"type": "object"})));
    let one = |argument: &str| json!({"type": "object", "properties": {argument: {"type": "string"}}, "required": [argument]});
    let tools = plain.chain([
        ("test_sampling", one("prompt")),
        ("test_elicitation", one("message")),
        ("json_schema_2020_12_tool", every_keyword()),
    ]);
    tools
        .map(|(name, schema)| {
            typed(json!({"name": name, "description": format!("Fixture {name}"), "inputSchema": schema}))
        })
        .collect()
}

/// A schema with the keywords that must come through unchanged.
fn every_keyword() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {"address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }},
        "properties": {
            "name": {"type": "string"},
            "address": {"$ref": "#/$defs/address"},
            "contactMethod": {"type": "string", "enum": ["phone", "email"]},
            "phone": {"type": "string"},
            "email": {"type": "string"},
        },
        "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
        "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
        "then": {"required": ["phone"]},
        "else": {"required": ["email"]},
        "additionalProperties": false,
    })
}

pub(crate) fn resources() -> Vec<Resource> {
    let of = |name: &str, mime: &str| {
        typed(json!({"uri": format!("test://{name}"), "name": name, "description": name, "mimeType": mime}))
    };
    vec![
        of("static-text", "text/plain"),
        of("static-binary", "image/png"),
        of("watched-resource", "text/plain"),
    ]
}

pub(crate) fn templates() -> Vec<ResourceTemplate> {
    vec![typed(json!({
        "uriTemplate": "test://template/{id}/data",
        "name": "template",
        "description": "Data of one id",
        "mimeType": "application/json",
    }))]
}

pub(crate) fn read(uri: &str) -> Option<ReadResourceResult> {
    let content = match uri {
        "test://static-text" => {
            json!({"mimeType": "text/plain", "text": "This is the content of the static text resource."})
        }
        "test://static-binary" => json!({"mimeType": "image/png", "blob": STANDARD.encode(PNG)}),
        "test://watched-resource" => json!({"mimeType": "text/plain", "text": "It never changes."}),
        _ => {
            let id = uri.strip_prefix("test://template/")?.strip_suffix("/data")?;
            let data = json!({"id": id, "templateTest": true, "data": format!("Data for ID: {id}")});
            json!({"mimeType": "application/json", "text": data.to_string()})
        }
    };
    let mut content = content;
    content["uri"] = uri.into();
    Some(ReadResourceResult::new(vec![typed(content)]))
}

pub(crate) fn prompts() -> Vec<Prompt> {
    let of = |name: &str, arguments: &[&str]| {
        let arguments: Vec<Value> = arguments
            .iter()
            .map(|name| json!({"name": name, "description": name, "required": true}))
            .collect();
        typed(json!({"name": name, "description": format!("Fixture {name}"), "arguments": arguments}))
    };
    vec![
        of("test_simple_prompt", &[]),
        of("test_prompt_with_arguments", &["arg1", "arg2"]),
        of("test_prompt_with_embedded_resource", &["resourceUri"]),
        of("test_prompt_with_image", &[]),
        of("test_input_required_result_prompt", &[]),
    ]
}

pub(crate) fn prompt(name: &str, arguments: Option<&JsonObject>) -> Option<GetPromptResult> {
    let argument = |name: &str| {
        arguments.and_then(|all| all.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let contents = match name {
        "test_simple_prompt" => vec![text("This is a simple prompt for testing.")],
        "test_prompt_with_arguments" => {
            let (one, two) = (argument("arg1"), argument("arg2"));
            vec![text(&format!("Prompt with arguments: arg1='{one}', arg2='{two}'"))]
        }
        "test_prompt_with_embedded_resource" => {
            let uri = argument("resourceUri");
            let resource = embedded(&uri, "text/plain", "Embedded resource content for testing.");
            vec![resource, text("Please process the embedded resource above.")]
        }
        "test_prompt_with_image" => vec![image(), text("Please analyze the image above.")],
        _ => return None,
    };
    let messages: Vec<Value> =
        contents.into_iter().map(|content| json!({"role": "user", "content": content})).collect();
    Some(typed(json!({ "messages": messages })))
}
