//! `examples/store-review.md` is what happens: its calls, their answers, its pictures, and every number of its conclusion.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::written;
use crate::charts::{different, opened};
use crate::support::mcp::Client;
use crate::support::recipe::{self, Step, bless, example};
use crate::support::shop::{self, SEATTLE};

const BEGIN: &str = "<!-- transcript -->\n";
const END: &str = "<!-- end of transcript -->";

/// One value as a cell of a Markdown table.
fn cell(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.replace('|', "\\|").replace("null", "")
}

fn table(data: &Value) -> String {
    let line = |cells: &Value| {
        let cells: Vec<String> = cells.as_array().expect("cells").iter().map(cell).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rules = "|---".repeat(data["c"].as_array().expect("columns").len());
    let rows: String = data["r"].as_array().expect("rows").iter().map(line).collect();
    format!("{}{rules}|\n{rows}", line(&data["c"]))
}

/// An answer: its tables, each under its name.
fn answer(data: &Value) -> String {
    if data["c"].is_array() {
        return table(data);
    }
    let mut text = String::new();
    for (name, part) in data.as_object().expect("an object") {
        if part["r"].as_array().is_some_and(|rows| !rows.is_empty()) {
            let _ = write!(text, "`{name}`\n\n{}\n", table(part));
        }
    }
    text.trim_end().to_owned() + "\n"
}

/// Compares a picture with the one on the page, or writes it.
fn picture(name: &str, png: &[u8]) {
    let path = example(&format!("store-review/{name}.png"));
    if bless() {
        std::fs::write(&path, png).expect("written");
    }
    let pinned = opened(&std::fs::read(&path).expect(name));
    let differ = different(&pinned, &opened(png));
    assert!(differ <= 60, "{name}: {differ} points differ; look at it, then ZAVA_BLESS=1");
}

/// One call with its answer, as the page shows it.
fn told(client: &mut Client, step: &Step, charts: &mut usize) -> String {
    let result =
        client.request("tools/call", json!({"name": step.tool, "arguments": step.arguments}))["result"]
            .clone();
    assert_ne!(result["isError"], true, "{}: {result}", step.heading);
    let mut arguments = step.arguments.clone();
    let sql = arguments.as_object_mut().expect("an object").remove("postgresql_query");
    let mut text = format!("### {}\n\n", step.heading);
    if arguments != json!({}) {
        let _ = write!(text, "```json\n{arguments}\n```\n\n");
    }
    if let Some(sql) = sql {
        let _ = write!(text, "```sql\n{}\n```\n\n", sql.as_str().expect("text"));
    }
    if let Some(image) = result["content"][1]["data"].as_str() {
        *charts += 1;
        let name = format!("chart-{charts}");
        picture(&name, &STANDARD.decode(image).expect("base64"));
        let title = &result["structuredContent"]["chart"]["title"];
        let _ = write!(text, "![{}](store-review/{name}.png)\n\n", title.as_str().expect("a title"));
    }
    let _ = writeln!(text, "{}", answer(&result["structuredContent"]));
    text
}

fn transcript() -> String {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let text = written(&mut client, "store_review", &json!({"period": "2026-05"}));
    let mut charts = 0;
    recipe::steps(&text).iter().map(|step| told(&mut client, step, &mut charts)).collect()
}

#[test]
fn the_page_is_what_the_tools_answer() {
    let page = std::fs::read_to_string(example("store-review.md")).expect("the page");
    let (before, rest) = page.split_once(BEGIN).expect("the mark");
    let (found, after) = rest.split_once(END).expect("the end mark");
    let now = transcript();
    if bless() {
        std::fs::write(example("store-review.md"), format!("{before}{BEGIN}{now}{END}{after}"))
            .expect("written");
        return;
    }
    assert_eq!(
        found, now,
        "run ZAVA_BLESS=1 scripts/with-test-server cargo test --test it -- prompts::review"
    );
}

/// The numbers of a text, without signs, commas and what is around them.
fn numbers(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    parts
        .map(|part| part.trim_matches(['.', ',']).replace(',', ""))
        .filter(|part| part.chars().any(|c| c.is_ascii_digit()))
        .collect()
}

#[test]
fn every_number_of_its_conclusion_comes_from_an_answer() {
    let page = std::fs::read_to_string(example("store-review.md")).expect("the page");
    let (before, conclusion) = page.split_once(END).expect("the end mark");
    let (_, answers) = before.split_once(BEGIN).expect("the mark");
    let known = numbers(answers);
    let said: Vec<String> = numbers(conclusion).into_iter().filter(|number| number.contains('.')).collect();
    assert!(said.len() >= 8, "{said:?}");
    for number in said {
        assert!(
            known.iter().any(|known| known.trim_end_matches('0') == number.trim_end_matches('0')),
            "no call returned {number}"
        );
    }
}
