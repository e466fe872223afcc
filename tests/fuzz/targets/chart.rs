//! Any answer of a query as a chart: a picture or a refusal, never a panic or a picture without end.
//!
//! Input: JSON with kind, x, y, series, title, theme, c (columns) and r (rows).
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::Value;
use zava_mcp::services::chart_sales_query::Theme;
use zava_mcp::services::fuzz::{Ask, Kind, draw};

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(input) = serde_json::from_slice::<Value>(data) else { return Corpus::Reject };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let texts = |key: &str| input[key].as_array().into_iter().flatten().filter_map(text).collect::<Vec<_>>();
    let columns = texts("c");
    let rows = input["r"].as_array().into_iter().flatten();
    let rows: Vec<Vec<Value>> = rows
        .map(|row| {
            let mut row = row.as_array().cloned().unwrap_or_default();
            row.resize(columns.len(), Value::Null);
            row
        })
        .collect();
    if columns.is_empty() || rows.is_empty() {
        return Corpus::Reject;
    }
    let kind = match input["kind"].as_str() {
        Some("line") => Some(Kind::Line),
        Some("bar") => Some(Kind::Bar),
        Some("stacked_bar") => Some(Kind::StackedBar),
        Some("pie") => Some(Kind::Pie),
        Some("scatter") => Some(Kind::Scatter),
        Some("heatmap") => Some(Kind::Heatmap),
        _ => None,
    };
    let ask = Ask {
        kind,
        x: text(&input["x"]),
        y: texts("y"),
        series: text(&input["series"]),
        title: text(&input["title"]),
        theme: if input["theme"] == "dark" { Theme::Dark } else { Theme::Light },
    };
    match draw(columns, rows, &ask) {
        Ok(png) => assert!(png.starts_with(b"\x89PNG") && png.len() < 2 << 20, "{} bytes", png.len()),
        Err(error) => assert_ne!(error.reason.as_str(), "internal", "{error}"),
    }
    Corpus::Keep
});
