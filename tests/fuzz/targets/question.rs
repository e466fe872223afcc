//! Any question for products: the article numbers in it are some, and words are put right only as the catalogue has them.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use zava_mcp::database::NearWord;
use zava_mcp::services::fuzz::read_question;

const CATALOGUE: [&str; 6] = ["hammer", "screwdriver", "drywall", "motor", "tape", "café"];

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Reject };
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(20);
    let near: Vec<NearWord> = words
        .flat_map(|written| {
            CATALOGUE.map(|word| NearWord {
                written: written.to_lowercase(),
                word: word.to_owned(),
                times: 3,
            })
        })
        .collect();
    let Some((keys, spelt)) = read_question(text, &near) else { return Corpus::Keep };
    assert!(keys.len() <= 100, "{} keys", keys.len());
    for key in keys {
        assert!(key.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()), "{key}");
        assert!(key.len() >= 5, "{key}");
    }
    let plain = |text: &str| text.chars().filter(|c| !c.is_alphabetic()).collect::<String>();
    assert!(plain(text.trim()).starts_with(&plain(&spelt)), "{spelt}");
    // What was put right is right.
    let again = read_question(&spelt, &[]).map(|(_, text)| text);
    assert!(again.is_none_or(|again| again == spelt.trim()));
    Corpus::Keep
});
