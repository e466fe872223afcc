//! Whether the product search finds what was meant: questions judged by hand, asked over MCP.
//!
//! `scripts/search-quality` prints the figures; tests/search/README.md says how the questions were made.

mod asked;
mod metrics;
mod quality;
mod questions;

use std::sync::OnceLock;

use self::quality::Quality;

/// How much worse than pinned the nDCG@10 may be before somebody has to say that it is meant.
const SLACK: f64 = 0.01;

/// Asks everything once for all tests here.
fn measured() -> &'static Quality {
    static MEASURED: OnceLock<Quality> = OnceLock::new();
    MEASURED.get_or_init(|| {
        let (questions, shop) = (questions::all(), asked::shop());
        let mut quality = Quality::default();
        quality.add("text", &questions, &asked::tool(&shop, "none", &questions));
        quality.add("vector", &questions, &asked::nearest(&shop, &questions));
        quality.add("hybrid", &questions, &asked::tool(&shop, "local", &questions));
        eprintln!("{quality}");
        quality
    })
}

#[test]
fn both_together_find_more_than_words_or_meaning_alone() {
    for split in ["all", "held_out"] {
        let ndcg = |way| measured().of(way, "all", split).ndcg;
        let (text, vector, hybrid) = (ndcg("text"), ndcg("vector"), ndcg("hybrid"));
        assert!(hybrid > text, "{split}: {hybrid} with vectors, {text} by words alone");
        assert!(hybrid > vector, "{split}: {hybrid} with words, {vector} by vectors alone");
    }
}

#[test]
fn no_change_makes_the_search_worse_unnoticed() {
    if std::env::var_os("ZAVA_PIN_SEARCH_QUALITY").is_some() {
        measured().pin();
    }
    let pinned = Quality::pinned();
    for (way, split) in [("hybrid", "all"), ("hybrid", "held_out"), ("text", "all"), ("text", "held_out")] {
        let ndcg = |quality: &Quality| quality.of(way, "all", split).ndcg;
        let (now, before) = (ndcg(measured()), ndcg(&pinned));
        assert!(
            now >= before - SLACK,
            "nDCG@10 {way}, {split}: {now}, pinned {before}; if it is meant: scripts/search-quality --pin"
        );
    }
}

/// A SKU is no matter of meaning: with or without a model its article comes first.
#[test]
fn an_article_number_finds_its_article() {
    for way in ["text", "hybrid"] {
        let figures = measured().of(way, "sku", "all");
        assert!(figures.mrr > 0.99, "{way}: {figures:?}");
    }
}
