//! What a service answered: vectors, or why there are none.

use std::time::Duration;

use serde::Deserialize;

use super::login::Login;
use super::retry::Failure;
use crate::embeddings::EmbedError;

/// The most characters of a service's own words that are passed on.
const MOST_WORDS: usize = 200;

/// A whole answer.
pub(super) struct Answer {
    /// HTTP status.
    pub(super) status: u16,
    /// The pause it asks for before another try.
    pub(super) wait: Option<Duration>,
    /// Its content.
    pub(super) body: Vec<u8>,
}

#[derive(Deserialize)]
struct Reply {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    index: Option<usize>,
    embedding: Vec<Option<f64>>,
}

/// What services write when they refuse.
#[derive(Deserialize)]
struct Refusal {
    error: Words,
}

#[derive(Deserialize)]
struct Words {
    message: String,
}

impl Answer {
    /// Whether the service did what it was asked for.
    pub(super) const fn is_good(&self) -> bool {
        self.status == 200
    }
}

/// Why the service did not do it, and whether asking again may help.
pub(super) fn refusal(answer: &Answer, who: &str, model: &str, login: &Login) -> Failure {
    let (who, status) = (who.to_owned(), answer.status);
    match status {
        401 | 403 => Failure::last(EmbedError::Refused { who, status }),
        404 => Failure::last(EmbedError::NotFound { who, model: model.to_owned() }),
        429 => Failure::later(EmbedError::OverLimit { who }, answer.wait),
        408 | 500.. => Failure::later(EmbedError::ServiceFailed { who, status }, answer.wait),
        200..=399 => Failure::last(EmbedError::NotJson { who, what: "a redirect or nothing" }),
        _ => {
            let refusal = serde_json::from_slice::<Refusal>(&answer.body);
            let said = refusal.map_or_else(|_| "it gave no reason".to_owned(), |said| said.error.message);
            Failure::last(EmbedError::Rejected { who, status, said: shortened(&login.redact(&said)) })
        }
    }
}

/// Why Entra ID gave no token. Its error codes tell what is wrong; its long texts hold ids.
pub(super) fn no_token(answer: &Answer, who: &str) -> Failure {
    #[derive(Deserialize)]
    struct Code {
        error: String,
    }
    let (who, status) = (who.to_owned(), answer.status);
    match status {
        408 | 429 | 500.. => Failure::later(EmbedError::ServiceFailed { who, status }, answer.wait),
        _ => {
            let code = serde_json::from_slice::<Code>(&answer.body);
            let said = code.map_or_else(|_| "it gave no reason".to_owned(), |code| shortened(&code.error));
            Failure::last(EmbedError::NoToken { who, status, said })
        }
    }
}

/// The vectors of a good answer, in the order of the texts.
pub(super) fn read(body: &[u8], texts: usize, who: &str) -> Result<Vec<Vec<f32>>, EmbedError> {
    let reply: Reply = serde_json::from_slice(body).map_err(|error| no_vectors(body, &error, who))?;
    if reply.data.len() != texts {
        return Err(EmbedError::Count { expected: texts, got: reply.data.len() });
    }
    let mut vectors: Vec<Option<Vec<f32>>> = vec![None; texts];
    for (place, item) in reply.data.into_iter().enumerate() {
        let slot = vectors.get_mut(item.index.unwrap_or(place)).filter(|slot| slot.is_none());
        let slot = slot.ok_or_else(|| EmbedError::NoVectors {
            who: who.to_owned(),
            why: "it numbers two vectors alike, or one beyond their count".to_owned(),
        })?;
        // Some services write NaN as null.
        let numbers = item.embedding.into_iter().map(|number| number.map(single));
        let vector = numbers.collect::<Option<_>>().ok_or(EmbedError::NotFinite)?;
        *slot = Some(vector);
    }
    Ok(vectors.into_iter().flatten().collect())
}

/// Vectors hold single precision. What is too large for it becomes infinite, and is refused later.
#[expect(clippy::cast_possible_truncation, reason = "that is what is meant")]
fn single(number: f64) -> f32 {
    number as f32
}

/// Why an answer with HTTP 200 cannot be read.
fn no_vectors(body: &[u8], error: &serde_json::Error, who: &str) -> EmbedError {
    let who = who.to_owned();
    let text = String::from_utf8_lossy(body);
    let begin = text.trim_start();
    match begin.chars().next() {
        None => EmbedError::NotJson { who, what: "nothing" },
        Some('<') => EmbedError::NotJson { who, what: "a web page" },
        Some('{' | '[') if text.contains("NaN") || text.contains("Infinity") => EmbedError::NotFinite,
        // The category, not the message: that quotes what was found.
        Some('{' | '[') if error.is_eof() => EmbedError::Cut { who, why: "its JSON has no end".to_owned() },
        Some('{' | '[') => EmbedError::NoVectors {
            who,
            why: format!("line {} column {} is not as expected", error.line(), error.column()),
        },
        Some(_) => EmbedError::NotJson { who, what: "something else" },
    }
}

/// The beginning of a text, on one line.
fn shortened(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST_WORDS).collect();
    text.trim().to_owned()
}
