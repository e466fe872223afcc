//! Words of a question that may be article numbers, however they are written.

/// Shorter keys begin too many article numbers.
const SHORTEST: usize = 5;
/// Words that are read together: `GO SNO 935`.
const TOGETHER: usize = 3;
/// Most keys of a question.
const MOST: usize = 100;

/// Keys to look up: letters and digits only, in upper case. Two letters come first; then there is a digit, or the word has a
/// separator inside (`LB-CON`). A letter O before the final digits may be a zero.
pub(super) fn keys(text: &str) -> Vec<String> {
    let words: Vec<&str> = text
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        .filter(|word| !word.is_empty())
        .collect();
    let mut keys = Vec::new();
    for count in 1..=TOGETHER {
        for group in words.windows(count) {
            let key = compact(&group.concat());
            let separated = count == 1 && group.iter().any(|word| is_separated(word));
            if is_like_one(&key, separated) {
                keys.extend(with_zeros(&key));
                keys.push(key);
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys.truncate(MOST);
    keys
}

fn compact(word: &str) -> String {
    word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

fn is_separated(word: &str) -> bool {
    word.trim_start_matches(['-', '_']).contains(['-', '_'])
}

fn is_like_one(key: &str, separated: bool) -> bool {
    let mut letters = key.chars();
    key.len() >= SHORTEST
        && letters.by_ref().take(2).all(|c| c.is_ascii_alphabetic())
        && (separated || key.chars().any(|c| c.is_ascii_digit()))
}

/// The key with each letter O among its final digits as a zero; none when there is none.
fn with_zeros(key: &str) -> Option<String> {
    let head = key.trim_end_matches(|c: char| c.is_ascii_digit() || c == 'O');
    let tail = key.strip_prefix(head)?;
    let mixed = tail.contains('O') && tail.chars().any(|c| c.is_ascii_digit());
    mixed.then(|| format!("{head}{}", tail.replace('O', "0")))
}

#[cfg(test)]
mod tests {
    use super::keys;

    #[test]
    fn article_numbers_are_seen_in_every_writing() {
        for (text, key) in [
            ("HT-HAM-016", "HTHAM016"),
            ("do you have ht ham 016?", "HTHAM016"),
            ("htham016", "HTHAM016"),
            ("HT-HAM-O16", "HTHAM016"),
            ("LB-CON", "LBCON"),
            ("pf-cau-", "PFCAU"),
        ] {
            assert!(keys(text).iter().any(|found| found == key), "{text}: {:?}", keys(text));
        }
    }

    #[test]
    fn ordinary_words_are_none() {
        for text in ["claw hammer", "paint for a wall", "2x4 stud", "16 oz", ""] {
            assert!(keys(text).is_empty(), "{text}: {:?}", keys(text));
        }
    }
}
