//! The one statement of a search, from the parts that fit the database.
//!
//! Nothing of a question enters the text: only parts of ours, names of ours, and the number of dimensions.

use super::found::{Setup, Stock, Vectors};
use super::{ProductSearch, statements};

const EXACT: &str = include_str!("../../../sql/search/nearest_exact.sql");
const INDEXED: &str = include_str!("../../../sql/search/nearest_indexed.sql");
const ORIGINAL: &str = include_str!("../../../sql/search/nearest_original.sql");
pub(super) const SPACE: &str = include_str!("../../../sql/search/space.sql");
pub(super) const UNKNOWN_WORDS: &str = include_str!("../../../sql/search/unknown_words.sql");
pub(super) const WORDS: &str = include_str!("../../../sql/search/words.sql");
const SOURCE: &str = include_str!("../../../sql/search/embedded_text.sql");

/// Before and after the part that finds nothing.
const MARKS: [&str; 2] = ["-- begin nearest\n", "-- end nearest\n"];

/// Names that the original sample has otherwise.
const OTHERWISE: [(&str, &str); 5] = [
    ("p.name", "p.product_name"),
    ("p.description", "p.product_description"),
    ("(SELECT name, description FROM", "(SELECT product_name, product_description FROM"),
    ("product_type_id", "type_id"),
    ("retail.product_description_embeddings", "zava_search.product_vectors"),
];

/// How the index is searched: enough of it for 98 of 100 nearest products, and on until there are as many as were asked
/// for (scripts/bench-search measures both). Each lasts as long as the transaction.
pub(super) const INDEX_SETTINGS: [&str; 2] =
    ["SET LOCAL hnsw.ef_search = 400", "SET LOCAL hnsw.iterative_scan = strict_order"];

/// A statement of ours with the names of the original sample.
pub(crate) fn of_the_original(statement: &str) -> String {
    OTHERWISE.iter().fold(statement.to_owned(), |sql, (ours, theirs)| sql.replace(ours, theirs))
}

/// The text of each product that is embedded, as a SELECT of `product_id` and `text`.
pub(crate) fn embedded_text(original: bool) -> String {
    if original { of_the_original(SOURCE) } else { SOURCE.to_owned() }
}

/// A statement of ours with the names of this database.
pub(super) fn named(setup: Setup, statement: &str) -> String {
    if setup.original { of_the_original(statement) } else { statement.to_owned() }
}

/// Whether the index finds the nearest products. It knows nothing of filters: what it finds might all be filtered out.
pub(super) fn uses_index(stock: &Stock, search: &ProductSearch<'_>) -> bool {
    stock.vectors == Vectors::Indexed && !search.filters.any()
}

/// The statement of a search.
pub(super) fn search(setup: Setup, stock: &Stock, search: &ProductSearch<'_>) -> String {
    let nearest = match stock.vectors {
        Vectors::None => None,
        Vectors::Original => Some(ORIGINAL.to_owned()),
        Vectors::Indexed if uses_index(stock, search) => {
            let dimensions = search.vector.map_or(0, |vector| vector.numbers.len());
            Some(named(setup, INDEXED).replace("halfvec(384)", &format!("halfvec({dimensions})")))
        }
        Vectors::Indexed | Vectors::All => Some(named(setup, EXACT)),
    };
    let mut sql = named(setup, statements::SEARCH_PRODUCTS);
    if !setup.cost {
        sql = sql.replace("p.cost::text", "NULL::text").replace("p.gross_margin_percent::text", "NULL::text");
    }
    match nearest {
        Some(nearest) => with_nearest(&sql, &nearest),
        None => sql,
    }
}

fn with_nearest(sql: &str, nearest: &str) -> String {
    let parts = sql.split_once(MARKS[0]).and_then(|(before, rest)| {
        rest.split_once(MARKS[1]).map(|(_, after)| format!("{before}{nearest}{after}"))
    });
    parts.unwrap_or_else(|| sql.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{EXACT, statements, with_nearest};

    #[test]
    fn the_part_that_finds_nothing_is_replaced() {
        let sql = with_nearest(statements::SEARCH_PRODUCTS, EXACT);
        assert!(sql.contains("e.model = $2::text") && !sql.contains("WHERE false"), "{sql}");
        assert!(statements::SEARCH_PRODUCTS.contains("WHERE false"));
    }
}
