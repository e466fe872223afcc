//! Every kind of chart in both themes: the pictures of `examples/charts.md`, held against what the server draws.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{chart, different, opened};
use crate::support::mcp::Client;
use crate::support::recipe::{bless, block, example};
use crate::support::shop::{self, HEAD_OFFICE, SEATTLE};

/// A picture of the page: its name, who asks, and the arguments.
struct Example {
    name: String,
    identity: &'static str,
    arguments: Value,
}

fn examples() -> Vec<Example> {
    let page = std::fs::read_to_string(example("charts.md")).expect("the page");
    let found: Vec<Example> = page
        .split("\n## ")
        .skip(1)
        .filter_map(|section| {
            let mut arguments: Value = serde_json::from_str(block(section, "json")?).expect("JSON");
            arguments["postgresql_query"] = json!(block(section, "sql").expect("a query"));
            let (_, image) = section.split_once("](charts/").expect("a picture");
            let name = image.split_once("-light.png").expect("in the light theme").0.to_owned();
            assert!(
                section.contains(&format!("](charts/{name}-dark.png)")),
                "{name} is shown in both themes"
            );
            let identity = if section.contains("Head office asks") { HEAD_OFFICE } else { SEATTLE };
            Some(Example { name, identity, arguments })
        })
        .collect();
    assert!(found.len() >= 8, "{} examples", found.len());
    found
}

#[test]
fn every_kind_in_both_themes_looks_as_it_was_looked_at() {
    let database = shop::shared();
    let mut kinds = BTreeSet::new();
    for Example { name, identity, mut arguments } in examples() {
        let mut client = Client::serve(&database, identity);
        for theme in ["light", "dark"] {
            arguments["theme"] = json!(theme);
            let drawn = chart(&mut client, &arguments);
            kinds.insert(drawn.data["chart"]["kind"].as_str().expect("a kind").to_owned());
            let path = example(&format!("charts/{name}-{theme}.png"));
            if bless() {
                std::fs::write(&path, &drawn.png).expect("written");
            }
            let pinned = opened(&std::fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}")));
            let differ = different(&pinned, &opened(&drawn.png));
            assert!(differ <= 60, "{name} in {theme}: {differ} points differ; look at it, then ZAVA_BLESS=1");
        }
    }
    let all = ["bar", "heatmap", "line", "pie", "scatter", "stacked_bar"];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), all);
}

#[test]
fn no_picture_lies_there_that_the_page_does_not_show() {
    let shown: BTreeSet<String> = examples()
        .iter()
        .flat_map(|example| ["light", "dark"].map(|theme| format!("{}-{theme}.png", example.name)))
        .collect();
    let there: BTreeSet<String> = std::fs::read_dir(example("charts"))
        .expect("the pictures")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(there, shown);
}

/// The same query gives the same bytes: the picture of a question can be kept and compared.
#[test]
fn the_same_rows_are_drawn_the_same_and_another_theme_on_another_ground() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let ask = json!({"postgresql_query": "SELECT 'a' AS name, 1 AS n UNION ALL SELECT 'b', 2"});
    let (one, two) = (chart(&mut client, &ask), chart(&mut client, &ask));
    assert_eq!(one.png, two.png);
    let mut dark = ask.clone();
    dark["theme"] = json!("dark");
    let (light, dark) = (opened(&one.png), opened(&chart(&mut client, &dark).png));
    let ground = |map: &tiny_skia::Pixmap| map.pixel(2, 2).expect("a point").red();
    assert_eq!(ground(&light), 255);
    assert!(ground(&dark) < 40 && light.pixel(2, 2).expect("a point").is_opaque());
    assert!(different(&light, &dark) > 500_000);
}
