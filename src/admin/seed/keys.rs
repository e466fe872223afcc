//! Keys of rows: by content for the catalogue, by time for everything that happens.

use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use super::calendar::Moment;

/// A key that depends on its text only: the first 16 bytes of SHA-256, as `UUIDv8`. Independent of the seed, so that
/// products keep their ids.
pub(super) fn by_name(kind: &str, name: &str) -> Uuid {
    let hash = Sha256::digest(format!("zava {kind} {name}"));
    let mut bytes = [0; 16];
    for (byte, hashed) in bytes.iter_mut().zip(hash) {
        *byte = hashed;
    }
    Builder::from_custom_bytes(bytes).into_uuid()
}

/// A `UUIDv7`: the moment first, then `step` (12 bits, orders keys within one second), then randomness.
///
/// Keys grow with time, so that indexes are filled at one end.
pub(super) fn by_time(at: Moment, step: u16, random: u64) -> Uuid {
    let mut tail = [0; 10];
    for (byte, given) in tail.iter_mut().zip(step.to_be_bytes().into_iter().chain(random.to_be_bytes())) {
        *byte = given;
    }
    Builder::from_unix_timestamp_millis(at.unix_millis(), &tail).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::{by_name, by_time};
    use crate::admin::seed::calendar::Moment;

    #[test]
    fn a_name_has_one_key_for_ever() {
        assert_eq!(by_name("product", "HT-HAM-016").to_string(), "a3d889b7-7ce9-8c26-9028-0d2df7103514");
        assert_ne!(by_name("category", "HT-HAM-016"), by_name("product", "HT-HAM-016"));
    }

    #[test]
    fn keys_grow_with_time_then_with_the_step() {
        let keys = [
            by_time(Moment(10), 0, u64::MAX),
            by_time(Moment(10), 1, 5),
            by_time(Moment(10), 8, 0),
            by_time(Moment(11), 0, 0),
        ];
        assert!(keys.is_sorted(), "{keys:?}");
        assert_eq!(keys.map(|key| key.get_version_num()), [7; 4]);
    }
}
