//! The names of our files. What is named otherwise is not ours, and left alone.

use std::ffi::OsStr;

/// The file with the folder's key.
pub(crate) const KEY: &str = "hebe-cache.key";
const ENTRY_END: &str = ".code";
const TEMPORARY_END: &str = ".hebe-tmp";

/// What a name says that a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// The folder's key.
    Key,
    /// The entry of a key.
    Entry([u8; 32]),
    /// A file that is being written, or was when its process was killed.
    Temporary,
    /// Somebody else's.
    Other,
}

impl Name {
    pub(crate) fn of(name: &OsStr) -> Self {
        let Some(name) = name.to_str() else { return Self::Other };
        if name == KEY {
            return Self::Key;
        }
        if let Some(key) = name.strip_suffix(ENTRY_END).and_then(digits::<32>) {
            return Self::Entry(key);
        }
        match name.strip_suffix(TEMPORARY_END).and_then(digits::<16>) {
            Some(_) => Self::Temporary,
            None => Self::Other,
        }
    }
}

/// The name of an entry.
pub(crate) fn entry(key: &[u8; 32]) -> String {
    hex::encode(key) + ENTRY_END
}

/// A name that nobody else takes: 128 random bits.
pub(crate) fn temporary() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes) + TEMPORARY_END)
}

/// Exactly the digits that we write: lower case.
fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    (hex::encode(bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let of = |name: &str| Name::of(OsStr::new(name));
        assert_eq!(of(&entry(&[0xab; 32])), Name::Entry([0xab; 32]));
        assert_eq!(entry(&[0xab; 32]), "ab".repeat(32) + ".code");
        assert_eq!(of(&temporary().expect("random")), Name::Temporary);
        assert_ne!(temporary().expect("random"), temporary().expect("random"));
        assert_eq!(of("hebe-cache.key"), Name::Key);
        let others = [
            String::new(),
            "notes.txt".into(),
            "AB".repeat(32) + ".code",
            "ab".repeat(31) + ".code",
            "ab".repeat(33) + ".code",
            "é".repeat(32) + ".code",
            "ab".repeat(32),
            ".code".into(),
            ".hebe-tmp".into(),
            "ab".repeat(15) + ".hebe-tmp",
        ];
        for other in others {
            assert_eq!(of(&other), Name::Other, "{other}");
        }
    }
}
