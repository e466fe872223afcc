//! `zava-mcp embed`: only what is missing or stale, whatever happens to it.

use std::time::Duration;

use super::double::Double;
use super::{VECTORS, embed, embedding};
use crate::support::shop::Database;
use crate::throw_away::Answer;

const PRODUCTS: usize = 448;

fn vectors(database: &Database) -> usize {
    database.value(VECTORS).parse().expect("a number")
}

#[test]
fn a_dry_run_says_what_there_is_to_do_and_does_nothing() {
    let (database, model) = (Database::copy(), Double::start());
    let answer = Answer::from(embedding(&database, &model, &["--dry-run"]).output().expect("it runs"));
    assert_eq!(answer.code, Some(0), "{answer:?}");
    assert!(
        answer.stdout.contains("Would embed 448 of 448 products with openai concepts (7 dimensions)"),
        "{answer:?}"
    );
    assert_eq!((vectors(&database), model.texts()), (0, 0));
}

#[test]
fn only_what_is_missing_or_stale_is_embedded() {
    let (database, model) = (Database::copy(), Double::start());
    let first = embed(&database, &model);
    assert!(first.stdout.contains("Embedded 448 products"), "{first:?}");
    assert_eq!((vectors(&database), model.texts()), (PRODUCTS, PRODUCTS));
    let again = embed(&database, &model);
    assert!(
        again.stdout.contains("Embedded 0 products") && again.stdout.contains("448 were up to date"),
        "{again:?}"
    );
    assert_eq!(model.texts(), PRODUCTS, "nothing is paid for twice");

    let hashes = "SELECT md5(string_agg(source_hash::text, '' ORDER BY product_id)) FROM retail.product_description_embeddings";
    let before = database.value(hashes);
    database
        .script("UPDATE retail.products SET description = 'Quite another thing.' WHERE sku = 'HT-HAM-016'");
    database.script("UPDATE retail.products SET base_price = base_price + 1"); // no part of the text
    let stale = embed(&database, &model);
    assert!(stale.stdout.contains("0 without a vector, 1 with a stale one"), "{stale:?}");
    assert_eq!((vectors(&database), model.texts()), (PRODUCTS, PRODUCTS + 1));
    assert_ne!(database.value(hashes), before);
}

#[test]
fn a_run_that_was_killed_goes_on_where_it_was() {
    let (database, model) = (Database::copy(), Double::start());
    model.slow_down(true);
    let mut killed = embedding(&database, &model, &[]).spawn().expect("it runs");
    while vectors(&database) == 0 {
        assert!(killed.try_wait().expect("a child").is_none(), "it ended before it could be killed");
        std::thread::sleep(Duration::from_millis(20));
    }
    killed.kill().expect("killed");
    killed.wait().expect("it ends");
    model.slow_down(false);
    let kept = vectors(&database);
    assert!(kept > 0 && kept < PRODUCTS, "{kept}");
    let asked = model.texts();
    let answer = embed(&database, &model);
    assert_eq!(answer.code, Some(0), "{answer:?}");
    assert_eq!(vectors(&database), PRODUCTS);
    // a batch may have been written after the count, while the connection of the killed one was noticed
    assert!(model.texts() - asked <= PRODUCTS - kept, "what was kept is not made again");
    assert!(model.texts() - asked >= PRODUCTS - kept - 64, "and the rest is");
}

#[test]
fn two_runs_at_once_make_each_vector_once() {
    let (database, model) = (Database::copy(), Double::start());
    model.slow_down(true);
    let start = || embedding(&database, &model, &[]).spawn().expect("it runs");
    let runs = [start(), start()].map(|run| Answer::from(run.wait_with_output().expect("it ends")));
    for run in &runs {
        assert_eq!(run.code, Some(0), "{run:?}");
    }
    assert_eq!((vectors(&database), model.texts()), (PRODUCTS, PRODUCTS), "{runs:?}");
    assert!(runs.iter().any(|run| run.stderr.contains("another zava-mcp embed is at work")), "{runs:?}");
}

#[test]
fn a_model_that_fails_is_told_and_what_was_made_stays() {
    let (database, model) = (Database::copy(), Double::start());
    model.break_down(true);
    let answer = embed(&database, &model);
    assert_eq!(answer.code, Some(1), "{answer:?}");
    assert!(
        answer.stderr.contains("no vectors could be made") && answer.stderr.contains("401"),
        "{answer:?}"
    );
    assert_eq!(vectors(&database), 0);
    model.break_down(false);
    assert_eq!(embed(&database, &model).code, Some(0));
    assert_eq!(vectors(&database), PRODUCTS);
}

#[test]
fn without_a_model_the_next_step_is_told() {
    let database = Database::copy();
    let mut command = database.admin(&["embed", "--embedding-provider", "none"]);
    let answer = Answer::from(command.output().expect("it runs"));
    assert_eq!(answer.code, Some(2), "{answer:?}");
    assert!(
        answer.stderr.contains("no_embedding_model") && answer.stderr.contains("scripts/install-model"),
        "{answer:?}"
    );
}

#[test]
fn the_database_refuses_a_vector_of_another_size() {
    let database = Database::copy();
    let insert = |vector: &str| {
        format!(
            "DO $$ BEGIN INSERT INTO retail.product_description_embeddings
               SELECT product_id, 'openai:concepts:3::v1', '{vector}', sha256('x'), now() FROM retail.products LIMIT 1;
             EXCEPTION WHEN check_violation THEN NULL; END $$"
        )
    };
    database.script(&insert("[1,0]"));
    assert_eq!(vectors(&database), 0);
    database.script(&insert("[1,0,0]"));
    assert_eq!(vectors(&database), 1);
}
