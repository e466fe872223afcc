//! `chart_sales_query`: pictures that stay as they were looked at, the data beside them, and what is no chart.
#![allow(clippy::disallowed_types, reason = "pictures are opened to be compared")]

mod answers;
mod pictures;
mod refusals;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tiny_skia::Pixmap;

use crate::support::mcp::Client;

/// What the tool answered.
pub(crate) struct Charted {
    pub(crate) data: Value,
    pub(crate) png: Vec<u8>,
}

/// Draws; it must succeed.
#[track_caller]
pub(crate) fn chart(client: &mut Client, arguments: &Value) -> Charted {
    let answer = client.request("tools/call", json!({"name": "chart_sales_query", "arguments": arguments}));
    let result = &answer["result"];
    assert_ne!(result["isError"], true, "{arguments}: {answer}");
    let content = result["content"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let [text, image] = content.as_slice() else { panic!("{answer}") };
    assert_eq!((&text["type"], &image["type"]), (&json!("text"), &json!("image")));
    assert_eq!(image["mimeType"], "image/png");
    let data: Value = serde_json::from_str(text["text"].as_str().expect("text")).expect("JSON");
    assert_eq!(data, result["structuredContent"], "text and structured content carry the same");
    let png = STANDARD.decode(image["data"].as_str().expect("data")).expect("base64");
    assert!(png.len() < 150 * 1024, "{} bytes", png.len());
    Charted { data, png }
}

/// The points of a picture.
#[track_caller]
pub(crate) fn opened(png: &[u8]) -> Pixmap {
    let map = Pixmap::decode_png(png).expect("a PNG");
    assert_eq!((map.width(), map.height()), (1000, 600));
    map
}

/// How many points of two pictures differ so much that somebody might see it.
pub(crate) fn different(one: &Pixmap, other: &Pixmap) -> usize {
    let pairs = one.data().chunks_exact(4).zip(other.data().chunks_exact(4));
    pairs.filter(|(one, other)| one.iter().zip(*other).any(|(a, b)| a.abs_diff(*b) > 8)).count()
}
