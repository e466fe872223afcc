//! The seal on answers that leave this process.
//!
//! Whoever can write to the shared Redis must neither read another login's answers nor make, move or keep alive one that
//! it would believe. So an answer is encrypted and authenticated (XChaCha20-Poly1305) with a key that only the password
//! of the login gives, bound to what it answers and to when it was written; and the name under which it lies is a keyed
//! hash, which does not tell what was asked.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chacha20poly1305::aead::{Aead as _, Generate as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use data_encoding::HEXLOWER;
use pbkdf2::{Algorithm, Params, pbkdf2_hmac_with_params};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use super::Key;

const NONCE: usize = 24;
const TIME: usize = 8;

pub(super) struct Seal {
    cipher: XChaCha20Poly1305,
    names: [u8; 32],
}

impl Seal {
    /// Takes about a fifth of a second, on purpose. The login is in the salt: two logins with one password stay apart.
    pub(super) fn new(login: &str, password: &SecretString) -> Self {
        let salt = format!("zava-mcp cache 1 {login}");
        let mut secret = [0; 32];
        // 600,000 rounds: whoever reads Redis could try passwords on what lies there.
        pbkdf2_hmac_with_params(
            password.expose_secret().as_bytes(),
            salt.as_bytes(),
            Algorithm::Pbkdf2Sha256,
            Params::RECOMMENDED,
            &mut secret,
        );
        let [sealing, names]: [[u8; 32]; 2] = ["sealing", "naming"]
            .map(|purpose| Sha256::new().chain_update(secret).chain_update(purpose).finalize().into());
        Self { cipher: XChaCha20Poly1305::new(&sealing.into()), names }
    }

    /// Where the answer under `key` lies.
    pub(super) fn name(&self, key: Key) -> String {
        let hash = Sha256::new().chain_update(self.names).chain_update(key.bytes()).finalize();
        format!("zava:1:{}", HEXLOWER.encode(&hash))
    }

    /// Nonce, and sealed: milliseconds since 1970, text. `None` without randomness.
    pub(super) fn close(&self, key: Key, written: SystemTime, text: &str) -> Option<Vec<u8>> {
        let nonce = XNonce::try_generate().ok()?;
        let millis = u64::try_from(written.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()?;
        let plain = [&millis.to_be_bytes()[..], text.as_bytes()].concat();
        let sealed = self.cipher.encrypt(&nonce, Payload { msg: &plain, aad: key.bytes() }).ok()?;
        Some([&nonce[..], &sealed].concat())
    }

    /// When it was written, and the text; `None` for anything that this login did not seal for this key.
    pub(super) fn open(&self, key: Key, sealed: &[u8]) -> Option<(SystemTime, String)> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let nonce = XNonce::try_from(nonce).ok()?;
        let plain = self.cipher.decrypt(&nonce, Payload { msg: sealed, aad: key.bytes() }).ok()?;
        let (millis, text) = plain.split_at_checked(TIME)?;
        let millis = u64::from_be_bytes(millis.try_into().ok()?);
        let written = UNIX_EPOCH.checked_add(Duration::from_millis(millis))?;
        Some((written, String::from_utf8(text.to_vec()).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::{Key, Seal};

    #[test]
    fn only_the_same_login_opens_it_for_the_same_key_and_unchanged() {
        let password = "correct horse".into();
        let (mine, theirs) = (Seal::new("seattle", &password), Seal::new("redmond", &password));
        let other_password = Seal::new("seattle", &"correct hoarse".into());
        let (key, other) = (Key::of(["a"]), Key::of(["b"]));
        let sealed = mine.close(key, SystemTime::now(), "secret").expect("randomness");
        assert_eq!(mine.open(key, &sealed).expect("ours").1, "secret");
        assert!(!String::from_utf8_lossy(&sealed).contains("secret"));
        assert_ne!(sealed, mine.close(key, SystemTime::now(), "secret").expect("randomness"));
        for (seal, key) in [(&theirs, key), (&other_password, key), (&mine, other)] {
            assert!(seal.open(key, &sealed).is_none());
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(mine.open(key, &changed).is_none(), "byte {at}");
            assert!(mine.open(key, &sealed[..at]).is_none(), "{at} bytes");
        }
        assert_ne!(mine.name(key), theirs.name(key));
        assert_ne!(mine.name(key), mine.name(other));
    }
}
