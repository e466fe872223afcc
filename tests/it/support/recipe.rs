//! Recipes in Markdown: which tools they say to call, and with what.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// One call of a recipe.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// The heading.
    pub(crate) heading: String,
    /// The tool it names.
    pub(crate) tool: String,
    pub(crate) arguments: Value,
}

/// A block of code in some language.
pub(crate) fn block<'a>(text: &'a str, language: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("```{language}\n"))?;
    Some(rest.split_once("\n```")?.0)
}

/// The calls of a text: sections with "Call `tool`" in their heading, JSON arguments, SQL as `postgresql_query`.
pub(crate) fn steps(text: &str) -> Vec<Step> {
    let sections = text.split("\n### ").skip(1);
    sections
        .filter_map(|section| {
            let (heading, body) = section.split_once('\n')?;
            let tool = heading.split_once("Call `")?.1.split_once('`')?.0.to_owned();
            let mut arguments: Value =
                block(body, "json").map_or(json!({}), |text| serde_json::from_str(text).expect("JSON"));
            if let Some(sql) = block(body, "sql") {
                arguments["postgresql_query"] = json!(sql);
            }
            Some(Step { heading: heading.to_owned(), tool, arguments })
        })
        .collect()
}

/// A file of the examples.
pub(crate) fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// Whether examples are to be written anew instead of held against what is there.
pub(crate) fn bless() -> bool {
    std::env::var_os("ZAVA_BLESS").is_some()
}
