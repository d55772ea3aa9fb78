//! The Ethereum revisions of EVMC 12.

use std::{fmt, str::FromStr};

macro_rules! revisions {
    ($($name:ident = $number:literal $words:literal),* $(,)?) => {
        /// A hard fork of Ethereum, with EVMC's number.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(i32)]
        pub enum Revision { $(#[doc = $words] $name = $number,)* }

        impl Revision {
            /// Every revision, oldest first.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The revision with this EVMC number, or `None` for a number that EVMC 12 does not know.
            pub const fn from_i32(number: i32) -> Option<Self> {
                match number {
                    $($number => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// The fork's name in words.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }
        }
    };
}

revisions! {
    Frontier = 0 "Frontier",
    Homestead = 1 "Homestead",
    TangerineWhistle = 2 "Tangerine Whistle",
    SpuriousDragon = 3 "Spurious Dragon",
    Byzantium = 4 "Byzantium",
    Constantinople = 5 "Constantinople",
    Petersburg = 6 "Petersburg",
    Istanbul = 7 "Istanbul",
    Berlin = 8 "Berlin",
    London = 9 "London",
    Paris = 10 "Paris",
    Shanghai = 11 "Shanghai",
    Cancun = 12 "Cancun",
    Prague = 13 "Prague",
    Osaka = 14 "Osaka",
    Experimental = 15 "Experimental",
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no revision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no Ethereum revision; known are {list}", list = known_names())]
pub struct UnknownRevision(String);

fn known_names() -> String {
    let names: Vec<&str> = Revision::ALL.iter().map(|r| r.name()).collect();
    names.join(", ")
}

impl FromStr for Revision {
    type Err = UnknownRevision;

    /// Reads a name in any case, with or without spaces, dashes and underscores, or EVMC's number.
    fn from_str(text: &str) -> Result<Self, UnknownRevision> {
        let plain = |s: &str| -> String {
            s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let by_number = text.parse().ok().and_then(Self::from_i32);
        let by_name = || Self::ALL.iter().copied().find(|r| plain(r.name()) == plain(text));
        by_number.or_else(by_name).ok_or_else(|| UnknownRevision(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: EVMC 12 `enum evmc_revision`.
    #[test]
    fn numbers_and_names_are_evmcs() {
        assert_eq!(Revision::ALL.len(), 16);
        for (number, revision) in (0..).zip(Revision::ALL) {
            assert_eq!(*revision as i32, number);
            assert_eq!(Revision::from_i32(number), Some(*revision));
            assert_eq!(revision.name().parse(), Ok(*revision));
            assert_eq!(number.to_string().parse(), Ok(*revision));
        }
        assert_eq!("tangerine-whistle".parse(), Ok(Revision::TangerineWhistle));
        assert_eq!(Revision::from_i32(16), None);
        assert_eq!(Revision::from_i32(-1), None);
        assert!("Serenity".parse::<Revision>().is_err());
    }
}
