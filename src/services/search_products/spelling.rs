//! Misspelt words of a question, put right from the words that the catalogue is written in.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::database::{Database, DatabaseError};

/// How long the catalogue's words are kept.
const KEPT: Duration = Duration::from_secs(600);
/// Shorter words are left alone: too many others are near.
const SHORTEST: usize = 5;
/// From this length on two letters may be wrong.
const LONG: usize = 8;
/// Most words of a question that are looked up.
const MOST_WORDS: usize = 12;

/// Word → how many products have it.
type Words = HashMap<String, i64>;

/// The words of the catalogue, read when first needed.
#[derive(Default)]
pub(super) struct Spelling {
    words: Mutex<Option<(Instant, Arc<Words>)>>,
}

/// A question as it was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spelt {
    /// The text, with words put right.
    pub(super) text: String,
    /// Word as written → word as understood.
    pub(super) corrected: Vec<(String, String)>,
}

impl Spelling {
    /// Puts right what is misspelt. A word that the catalogue knows in any form is never touched.
    pub(super) async fn corrected(&self, database: &Database, text: &str) -> Result<Spelt, DatabaseError> {
        let unknown = database.unknown_words(text).await?;
        let unknown: Vec<&String> = unknown.iter().filter(|word| length(word) >= SHORTEST).collect();
        if unknown.is_empty() {
            return Ok(Spelt { text: text.to_owned(), corrected: Vec::new() });
        }
        let words = self.words(database).await?;
        let near = |word: &&String| Some(((*word).clone(), nearest(&words, word)?));
        let corrected: Vec<_> = unknown.iter().take(MOST_WORDS).filter_map(near).collect();
        Ok(Spelt { text: replaced(text, &corrected), corrected })
    }

    async fn words(&self, database: &Database) -> Result<Arc<Words>, DatabaseError> {
        let mut kept = self.words.lock().await;
        if let Some((read, words)) = &*kept
            && read.elapsed() < KEPT
        {
            return Ok(Arc::clone(words));
        }
        let words: Arc<Words> = Arc::new(database.catalogue_words().await?.into_iter().collect());
        *kept = Some((Instant::now(), Arc::clone(&words)));
        Ok(words)
    }
}

fn length(word: &str) -> usize {
    word.chars().count()
}

/// The word that was most likely meant: fewest wrong letters, then the most frequent.
fn nearest(words: &Words, wanted: &str) -> Option<String> {
    let length_of_wanted = length(wanted);
    let most = if length_of_wanted >= LONG { 2 } else { 1 };
    let candidates = words.iter().filter(|(word, _)| {
        // People rarely miss the first letter, and a wrong one makes another word.
        word.chars().next() == wanted.chars().next() && length(word).abs_diff(length_of_wanted) <= most
    });
    let rated = candidates.map(|(word, times)| (strsim::osa_distance(word, wanted), -times, word));
    rated.filter(|(wrong, ..)| *wrong <= most).min().map(|(.., word)| word.clone())
}

/// `text` with each word that was corrected replaced, whatever its case.
fn replaced(text: &str, corrected: &[(String, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let in_word = rest.starts_with(char::is_alphabetic);
        let end = rest.find(|c: char| c.is_alphabetic() != in_word).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        let known = corrected.iter().find(|(wrong, _)| *wrong == part.to_lowercase());
        out.push_str(known.map_or(part, |(_, right)| right));
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Words, nearest, replaced};

    fn words() -> Words {
        let words = [("hammer", 9), ("hamper", 1), ("screwdriver", 7), ("drywall", 20), ("paint", 30)];
        words.into_iter().map(|(word, times)| (word.to_owned(), times)).collect()
    }

    #[test]
    fn one_wrong_letter_is_put_right_and_two_in_long_words() {
        let words = words();
        for (wrong, right) in [
            ("hamer", Some("hammer")),
            ("hammmer", Some("hammer")),
            ("screwdirver", Some("screwdriver")),
            ("scrwedrivr", None),
            ("skrewdriver", Some("screwdriver")),
            ("drywal", Some("drywall")),
            ("piant", Some("paint")),
            ("faint", None),
            ("banana", None),
        ] {
            assert_eq!(nearest(&words, wrong).as_deref(), right, "{wrong}");
        }
    }

    #[test]
    fn only_whole_words_are_replaced() {
        let corrected = [("hamer".to_owned(), "hammer".to_owned())];
        assert_eq!(replaced("A Hamer, 16oz; hamers-hamer", &corrected), "A hammer, 16oz; hamers-hammer");
    }
}
