//! The hash of a server's certificate that binds a login to the encrypted connection: `tls-server-end-point` of RFC 5929.

use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// Object identifiers of signatures by the hash that they are made with, and that is hence taken; SHA-256 stands in for
/// weaker ones. Others have no hash of their own (Ed25519), or keep it in parameters (RSA-PSS): no binding then.
const BY_SHA256: [&[u8]; 5] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04], // MD5
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05], // SHA-1
    &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
    &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01], // SHA-1
];
const BY_SHA384: [&[u8]; 2] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c],
    &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03],
];
const BY_SHA512: [&[u8]; 2] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d],
    &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04],
];

const SEQUENCE: u8 = 0x30;
const OBJECT_IDENTIFIER: u8 = 0x06;

/// The hash of a certificate (DER), when its signature says which hash to take.
pub(super) fn of(certificate: &[u8]) -> Option<Vec<u8>> {
    let signature = signature(certificate)?;
    if BY_SHA256.contains(&signature) {
        Some(Sha256::digest(certificate).to_vec())
    } else if BY_SHA384.contains(&signature) {
        Some(Sha384::digest(certificate).to_vec())
    } else if BY_SHA512.contains(&signature) {
        Some(Sha512::digest(certificate).to_vec())
    } else {
        None
    }
}

/// `Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { algorithm OBJECT IDENTIFIER, … }, … }`
fn signature(certificate: &[u8]) -> Option<&[u8]> {
    let (inside, _) = element(certificate, SEQUENCE)?;
    let (_signed_part, behind) = element(inside, SEQUENCE)?;
    let (algorithm, _) = element(behind, SEQUENCE)?;
    element(algorithm, OBJECT_IDENTIFIER).map(|(identifier, _)| identifier)
}

/// The contents of the DER element at the start, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (head, behind) = der.split_first_chunk::<2>()?;
    if head[0] != tag {
        return None;
    }
    let (length, behind) = match head[1] {
        short @ 0..=0x7f => (usize::from(short), behind),
        long @ 0x81..=0x84 => {
            let (bytes, behind) = behind.split_at_checked(usize::from(long - 0x80))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), behind)
        }
        _ => return None,
    };
    behind.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::{element, of};

    #[test]
    fn the_hash_is_that_of_the_signature() {
        for (key, length) in [
            (&rcgen::PKCS_ECDSA_P256_SHA256, Some(32)),
            (&rcgen::PKCS_ECDSA_P384_SHA384, Some(48)),
            (&rcgen::PKCS_ED25519, None),
        ] {
            let key = rcgen::KeyPair::generate_for(key).expect("a key");
            let names = vec!["localhost".to_owned()];
            let made = rcgen::CertificateParams::new(names).expect("parameters").self_signed(&key);
            let made = made.expect("a certificate");
            assert_eq!(of(made.der()).map(|hash| hash.len()), length);
            assert_eq!(of(&made.der()[..40]), None, "cut off");
        }
    }

    #[test]
    fn lengths_are_read_in_both_forms_and_never_beyond_the_end() {
        assert_eq!(element(&[0x30, 2, 7, 8, 9], 0x30), Some((&[7, 8][..], &[9][..])));
        assert_eq!(element(&[0x30, 0x82, 0, 1, 7, 9], 0x30), Some((&[7][..], &[9][..])));
        for bad in [&[][..], &[0x30], &[0x31, 0], &[0x30, 5, 1], &[0x30, 0x80], &[0x30, 0x85, 0, 0, 0, 0, 0]]
        {
            assert_eq!(element(bad, 0x30), None, "{bad:?}");
        }
        assert_eq!(element(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 1], 0x30), None);
    }
}
