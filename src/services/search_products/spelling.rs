//! Misspelt words of a question, put right from the words that the catalogue is written in.

use crate::database::NearWord;

/// From this length on any letter may be another one.
const LONG: usize = 8;

/// A question as it was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spelt {
    /// The text, with words put right.
    pub(super) text: String,
    /// Word as written → word as understood.
    pub(super) corrected: Vec<(String, String)>,
}

impl Spelt {
    /// Puts right what is misspelt. `near` has words of the catalogue for each word that it does not know in any form.
    pub(super) fn of(text: &str, near: &[NearWord]) -> Self {
        let mut corrected = Vec::new();
        for same in near.chunk_by(|a, b| a.written == b.written) {
            corrected.extend(nearest(same).map(|near| (near.written.clone(), near.word.clone())));
        }
        Self { text: replaced(text, &corrected), corrected }
    }
}

/// The word that was most likely meant: fewest wrong letters, then the most frequent.
fn nearest(near: &[NearWord]) -> Option<&NearWord> {
    let near = near.iter().filter_map(|near| Some((wrong(&near.word, &near.written)?, near)));
    near.min_by_key(|(wrong, near)| (*wrong, -near.times, &near.word)).map(|(_, near)| near)
}

fn length(word: &str) -> usize {
    word.chars().count()
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
    use super::{NearWord, Spelt, nearest, replaced};

    fn near(written: &str) -> Vec<NearWord> {
        let words = [
            ("hammer", 9),
            ("hamper", 1),
            ("screwdriver", 7),
            ("drywall", 20),
            ("paint", 30),
            ("motor", 5),
            ("tape", 9),
        ];
        let near = |(word, times): (&str, i64)| NearWord {
            written: written.to_owned(),
            word: word.to_owned(),
            times,
        };
        words.into_iter().map(near).collect()
    }

    #[test]
    fn one_wrong_letter_is_put_right_and_two_in_long_words() {
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
            let near = near(wrong);
            assert_eq!(nearest(&near).map(|near| near.word.as_str()), right, "{wrong}");
        }
    }

    #[test]
    fn each_word_is_put_right_by_itself() {
        let spelt = Spelt::of(
            "hamer, scrwedrivr and banana",
            &[near("hamer"), near("scrwedrivr"), near("banana")].concat(),
        );
        assert_eq!(spelt.text, "hammer, screwdriver and banana");
        assert_eq!(spelt.corrected.len(), 2);
        assert_eq!(
            Spelt::of("claw hammer", &[]),
            Spelt { text: "claw hammer".to_owned(), corrected: Vec::new() }
        );
    }

    #[test]
    fn only_whole_words_are_replaced() {
        let corrected = [("hamer".to_owned(), "hammer".to_owned())];
        assert_eq!(replaced("A Hamer, 16oz; hamers-hamer", &corrected), "A hammer, 16oz; hamers-hammer");
    }
}
