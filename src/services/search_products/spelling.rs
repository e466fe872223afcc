//! Misspelt words of a question, put right from the words that the catalogue is written in.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::database::{Database, DatabaseError};

/// How long the catalogue's words are kept.
const KEPT: Duration = Duration::from_secs(600);
/// Shorter words are left alone: too many others are near.
const SHORTEST: usize = 4;
/// From this length on any letter may be another one.
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
    let near = words.iter().filter_map(|(word, times)| Some((wrong(word, wanted)?, -times, word)));
    near.min().map(|(.., word)| word.clone())
}

/// How many letters are wrong, when that many may be.
///
/// A wrong correction is worse than none, so little is allowed: the first letter is right; short words miss a letter, have one
/// too many or two in the wrong order; from five letters on a vowel may be another one; from eight on anything, twice.
fn wrong(word: &str, written: &str) -> Option<usize> {
    let (letters, of_word) = (length(written), length(word));
    if word.chars().next() != written.chars().next() || letters.abs_diff(of_word) > 2 {
        return None;
    }
    let wrong = strsim::osa_distance(word, written);
    let allowed = match wrong {
        1 => {
            letters >= LONG
                || letters != of_word
                || swapped(word, written)
                || letters > 4 && by_vowels(word, written)
        }
        2 => letters >= LONG || letters >= 6 && letters == of_word && by_vowels(word, written),
        _ => false,
    };
    allowed.then_some(wrong)
}

/// Whether two letters change places, in words of one distance and length.
fn swapped(a: &str, b: &str) -> bool {
    a.chars().zip(b.chars()).filter(|(a, b)| a != b).count() == 2
}

/// Whether words of one length differ in vowels alone.
fn by_vowels(a: &str, b: &str) -> bool {
    let vowel = |c: char| "aeiouy".contains(c);
    a.chars().zip(b.chars()).all(|(a, b)| a == b || vowel(a) && vowel(b))
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
        let words = [
            ("hammer", 9),
            ("hamper", 1),
            ("screwdriver", 7),
            ("drywall", 20),
            ("paint", 30),
            ("motor", 5),
            ("tape", 9),
        ];
        words.into_iter().map(|(word, times)| (word.to_owned(), times)).collect()
    }

    #[test]
    fn one_wrong_letter_is_put_right_and_two_in_long_words() {
        let words = words();
        for (wrong, right) in [
            ("hamer", Some("hammer")),
            ("hammmer", Some("hammer")),
            ("screwdirver", Some("screwdriver")),
            ("scrwedrivr", Some("screwdriver")),
            ("skrewdriver", Some("screwdriver")),
            ("drywal", Some("drywall")),
            ("piant", Some("paint")),
            ("faint", None),
            ("banana", None),
            ("mother", None),
            ("tope", None),
            ("tpae", Some("tape")),
            ("motar", Some("motor")),
            ("motir", Some("motor")),
            ("moter", Some("motor")),
            ("motos", None),
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
