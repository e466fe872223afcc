//! What a product search answers, and what it says about itself.

use serde_json::{Value, json};

use super::meaning::Meaning;
use super::spelling::Spelt;
use super::{Products, Rows};
use crate::database::{Compared, FoundProduct, FoundProducts};

const COLUMNS: [&str; 9] =
    ["sku", "name", "category", "type", "description", "price", "stock", "similarity_percent", "matched_by"];
/// Only for whoever may read them.
const COST_COLUMNS: [&str; 2] = ["cost", "margin_percent"];

/// How a question is compared by words and by its meaning.
pub(super) const WITH_MEANING: &str = "text+meaning";

/// The answer to a question.
pub(super) fn of(found: FoundProducts, meaning: &Meaning, spelt: &Spelt, threshold: f64) -> Products {
    let by_meaning = matches!(found.compared, Compared::Meaning { .. });
    let mut says = Vec::new();
    if found.products.is_empty() {
        says.push(format!(
            "No product fits by {threshold} % or more; a lower similarity_threshold or fewer filters show more."
        ));
    }
    says.extend(understood(spelt));
    says.extend(about_vectors(&found.compared, meaning));
    let mut rows = Rows::of(&COLUMNS, std::iter::empty());
    if found.shows_cost {
        rows.c.extend(COST_COLUMNS.map(str::to_owned));
    }
    rows.r = found.products.into_iter().map(|product| row(product, found.shows_cost)).collect();
    rows.n = rows.r.len();
    rows.msg = (!says.is_empty()).then(|| says.join(" "));
    Products { rows, searched_by: if by_meaning { WITH_MEANING } else { "text" } }
}

fn understood(spelt: &Spelt) -> Option<String> {
    let read = |(wrong, right): &(String, String)| format!("`{wrong}` as `{right}`");
    let words: Vec<String> = spelt.corrected.iter().map(read).collect();
    (!words.is_empty()).then(|| format!("Read {}.", words.join(", ")))
}

/// Why meaning was not compared, or not of every product, and what mends it.
fn about_vectors(compared: &Compared, meaning: &Meaning) -> Option<String> {
    let why = match (meaning, compared) {
        (_, Compared::Meaning { missing: 0 }) => return None,
        (_, Compared::Meaning { missing }) => {
            return Some(format!(
                "{missing} products have no vector yet and were searched by words only; `zava-mcp embed` makes them."
            ));
        }
        (Meaning::Failed(why), _) => why.clone(),
        (Meaning::NoModel, _) | (_, Compared::NoVector) => "no embedding model is set up".to_owned(),
        (_, Compared::Closed) => "this login may not read the vectors; `zava-mcp embed` lets it".to_owned(),
        (Meaning::Vector(asked), Compared::OtherSpaces(others)) => other_spaces(&asked.space, others),
    };
    Some(format!("Searched by words only: {why}. Try other words for the same thing."))
}

fn other_spaces(asked: &str, others: &[String]) -> String {
    let mend = "`zava-mcp embed` with this server's settings makes them";
    if others.is_empty() {
        return format!("the products have no vectors yet; {mend}");
    }
    format!(
        "the products' vectors were made by {}, and this server's model is {}, so they do not compare; {mend}",
        others.iter().map(|space| readable(space)).collect::<Vec<_>>().join(" and "),
        readable(asked),
    )
}

/// Provider and model of a space's name.
fn readable(space: &str) -> String {
    let mut parts = space.rsplitn(4, ':');
    let (_, _, dimensions) = (parts.next(), parts.next(), parts.next());
    match (parts.next(), dimensions) {
        (Some(model), Some(dimensions)) => {
            format!("{} ({dimensions} dimensions)", model.replacen(':', " ", 1))
        }
        _ => space.to_owned(),
    }
}

fn row(product: FoundProduct, shows_cost: bool) -> Vec<Value> {
    let FoundProduct {
        sku,
        name,
        category,
        kind,
        description,
        price,
        cost,
        margin_percent,
        stock,
        percent,
        matched,
    } = product;
    let mut row = vec![
        json!(sku),
        json!(name),
        json!(category),
        json!(kind),
        json!(description),
        json!(price),
        json!(stock),
        json!(percent),
        json!(matched),
    ];
    if shows_cost {
        row.extend([json!(cost), json!(margin_percent)]);
    }
    row
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn a_space_is_told_by_provider_model_and_dimensions() {
        assert_eq!(readable("local:all-MiniLM-L6-v2:384:abc:v1"), "local all-MiniLM-L6-v2 (384 dimensions)");
        assert_eq!(readable("openai:nomic:latest:768::v1"), "openai nomic:latest (768 dimensions)");
        assert_eq!(readable("made-up"), "made-up");
    }
}
