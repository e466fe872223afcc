//! One line of the audit log: JSON whose last member is the hash of everything before it.
//!
//! What is hashed is the line's own text up to `,"hash":`; it holds the hash of the line before as `prev`. So there is no
//! second form of a record that could differ from the one that is read, and `sha256sum` can check a line.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// A SHA-256.
pub(super) type Hash = [u8; 32];

/// What stands for the line before the first one.
pub(super) const NONE: Hash = [0; 32];
const BEFORE_HASH: &str = ",\"hash\":\"";
const AFTER_HASH: &str = "\"}";

/// A place in the chain: the last line so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tip {
    pub(super) seq: u64,
    pub(super) hash: Hash,
}

/// What verifying needs of a line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) seq: u64,
    pub(super) prev: Hash,
    pub(super) hash: Hash,
    /// Whether the text still has that hash.
    pub(super) sound: bool,
    pub(super) kind: String,
    /// The hash of a fragment before it which this line vouches for.
    pub(super) fragment: Option<Hash>,
}

/// Writes the next line of a chain, without its newline.
pub(super) fn seal(after: Option<Tip>, time: &str, kind: &str, fields: Map<String, Value>) -> (String, Tip) {
    let (seq, prev) = after.map_or((1, NONE), |tip| (tip.seq + 1, tip.hash));
    let mut members = Map::new();
    members.insert("seq".to_owned(), seq.into());
    members.insert("time".to_owned(), time.into());
    members.insert("kind".to_owned(), kind.into());
    members.extend(fields);
    members.insert("prev".to_owned(), hex(&prev).into());
    let mut text = Value::Object(members).to_string();
    text.pop();
    let hash: Hash = Sha256::digest(&text).into();
    text.push_str(BEFORE_HASH);
    text.push_str(&hex(&hash));
    text.push_str(AFTER_HASH);
    (text, Tip { seq, hash })
}

/// Reads a line; `None` when it is no record.
pub(super) fn read(line: &[u8]) -> Option<Line> {
    let record: Value = serde_json::from_slice(line).ok()?;
    let hash_of = |key: &str| record.get(key).and_then(Value::as_str).and_then(unhex);
    let tail = BEFORE_HASH.len() + 64 + AFTER_HASH.len();
    let body = line.get(..line.len().checked_sub(tail)?)?;
    let sound = line.get(body.len()..)?.starts_with(BEFORE_HASH.as_bytes())
        && hash_of("hash") == Some(Sha256::digest(body).into());
    Some(Line {
        seq: record.get("seq")?.as_u64()?,
        prev: hash_of("prev")?,
        hash: hash_of("hash")?,
        sound,
        kind: record.get("kind")?.as_str()?.to_owned(),
        fragment: hash_of("fragment_sha256"),
    })
}

/// SHA-256 as hexadecimal digits.
pub(super) fn fingerprint(text: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(text).into())
}

/// A hash as hexadecimal digits.
pub(super) fn hex(hash: &Hash) -> String {
    HEXLOWER.encode(hash)
}

/// Reads 64 hexadecimal digits.
pub(super) fn unhex(text: &str) -> Option<Hash> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::{NONE, fingerprint, hex, read, seal, unhex};

    #[test]
    fn a_line_names_the_one_before_it_and_hashes_its_own_text() {
        let fields = |text: &str| Map::from_iter([("sql".to_owned(), json!(text))]);
        let (first, tip) = seal(None, "2026-11-21T00:00:00.000Z", "genesis", Map::new());
        let (second, _) =
            seal(Some(tip), "2026-11-21T00:00:01.000Z", "call", fields("SELECT ',\"hash\":\"'"));
        let [one, two] = [&first, &second].map(|line| read(line.as_bytes()).expect("a record"));
        assert_eq!((one.seq, one.prev, one.sound, one.kind.as_str()), (1, NONE, true, "genesis"));
        assert_eq!((two.seq, two.prev, two.sound), (2, one.hash, true));
        let body = second.rsplit_once(",\"hash\":\"").expect("a hash").0;
        assert!(second.ends_with(&format!("{}\"}}", fingerprint(body))));
        assert_eq!(unhex(&hex(&two.hash)), Some(two.hash));
    }

    #[test]
    fn a_line_with_another_character_is_not_sound_and_half_a_line_is_no_record() {
        let (line, _) = seal(None, "2026-11-21T00:00:00.000Z", "genesis", Map::new());
        assert!(!read(line.replace("genesis", "genesiS").as_bytes()).expect("a record").sound);
        assert!(!read(line.replace(":1,", ": 1,").as_bytes()).expect("a record").sound);
        assert!(read(&line.as_bytes()[..line.len() - 3]).is_none());
    }
}
