//! The one statement of a search, from the parts that fit the database.
//!
//! Nothing of a question enters the text: only parts of ours, names of ours, and the number of dimensions.

use super::found::{Setup, Stock, Vectors};
use super::{ProductSearch, statements};

const EXACT: &str = include_str!("../../../sql/search/nearest_exact.sql");
const INDEXED: &str = include_str!("../../../sql/search/nearest_indexed.sql");
const HITS_STORED: &str = include_str!("../../../sql/search/hits_stored.sql");
const MISSPELT_STORED: &str = include_str!("../../../sql/search/misspelt_stored.sql");
const MISSPELT_COMPUTED: &str = include_str!("../../../sql/search/misspelt_computed.sql");
pub(super) const SPACE: &str = include_str!("../../../sql/search/space.sql");
pub(super) const PRODUCTS: &str = include_str!("../../../sql/search/products.sql");
pub(super) const VECTORS: &str = include_str!("../../../sql/search/vectors.sql");
const FRESHNESS: &str = include_str!("../../../sql/search/freshness.sql");
const SOURCE: &str = include_str!("../../../sql/search/embedded_text.sql");

/// Before and after the part that finds nothing.
const NEAREST: [&str; 2] = ["-- begin nearest\n", "-- end nearest\n"];
/// Before and after the part that reads the words of the whole catalogue.
const HITS: [&str; 2] = ["-- begin hits\n", "-- end hits\n"];

/// Which vectors are compared: those of the question's space, or those that the original sample brings. Its table says
/// nothing of the model; it is text-embedding-3-small.
const OF_THE_SPACE: &str = "e.model = $2::text";
const OF_THE_ORIGINAL: &str = "e.description_embedding IS NOT NULL AND $2::text IS NOT NULL";

/// Names that the original sample has otherwise.
const OTHERWISE: [(&str, &str); 4] = [
    ("p.name", "p.product_name"),
    ("p.description", "p.product_description"),
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

/// The statement that compares texts of products with those of their vectors.
pub(super) fn freshness(setup: Setup) -> String {
    named(setup, &FRESHNESS.replace("(source)", &format!("({SOURCE})")))
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
        Vectors::Original => Some(EXACT.replace(OF_THE_SPACE, OF_THE_ORIGINAL)),
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
    if setup.words {
        sql = with_part(&sql, HITS, HITS_STORED);
    }
    match nearest {
        Some(nearest) => with_part(&sql, NEAREST, &nearest),
        None => sql,
    }
}

/// The statement that finds what misspelt words may mean.
pub(super) fn misspelt(setup: Setup) -> String {
    if setup.words { MISSPELT_STORED.to_owned() } else { named(setup, MISSPELT_COMPUTED) }
}

/// `sql` with another part between two marks.
fn with_part(sql: &str, [begin, end]: [&str; 2], part: &str) -> String {
    let parts = sql
        .split_once(begin)
        .and_then(|(before, rest)| rest.split_once(end).map(|(_, after)| format!("{before}{part}{after}")));
    parts.unwrap_or_else(|| sql.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{EXACT, HITS, HITS_STORED, NEAREST, OF_THE_ORIGINAL, OF_THE_SPACE, statements, with_part};

    #[test]
    fn the_part_that_finds_nothing_is_replaced() {
        let sql = with_part(statements::SEARCH_PRODUCTS, NEAREST, EXACT);
        assert!(sql.contains(OF_THE_SPACE) && !sql.contains("WHERE false"), "{sql}");
        assert!(statements::SEARCH_PRODUCTS.contains("WHERE false"));
    }

    #[test]
    fn stored_words_stand_for_those_of_the_whole_catalogue() {
        let sql = with_part(statements::SEARCH_PRODUCTS, HITS, HITS_STORED);
        assert!(sql.contains("zava_search.product_words") && !sql.contains("setweight"), "{sql}");
        assert!(statements::SEARCH_PRODUCTS.contains("setweight"));
    }

    #[test]
    fn vectors_of_the_original_have_no_model_to_ask_for() {
        let sql = EXACT.replace(OF_THE_SPACE, OF_THE_ORIGINAL);
        assert!(EXACT.contains("e.model") && !sql.contains("e.model"), "{sql}");
    }
}
