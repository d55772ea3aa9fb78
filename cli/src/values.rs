//! Values as people write them on a command line. Errors say what would be right.

use std::path::PathBuf;

use hebe_host_ei::{Address, Bytes32, Revision, U256};

/// The revision of whoever names none.
pub(crate) const DEFAULT_REVISION: &str = "Byzantium";

/// Bytes in hex, with or without `0x`; white space does not count.
pub(crate) fn bytes(text: &str) -> Result<Vec<u8>, String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = digits.strip_prefix("0x").unwrap_or(&digits);
    if let Some(other) = digits.chars().find(|c| !c.is_ascii_hexdigit()) {
        return Err(format!("{other:?} is not a hex digit"));
    }
    hex::decode(digits).map_err(|_| format!("{} hex digits are no whole number of bytes", digits.len()))
}

/// 32 bytes: a number in decimal, or in hex after `0x` and with zeros before it.
pub(crate) fn word(text: &str) -> Result<Bytes32, String> {
    if let Some(digits) = text.strip_prefix("0x") {
        return hex_word(digits);
    }
    if text.starts_with('-') {
        return Err(format!("{text} is negative; it must not be"));
    }
    let digits = text.replace('_', "");
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(format!("{text:?} is neither a decimal number nor hex with 0x before it"));
    }
    U256::from_dec_str(&digits).map(Bytes32::from).map_err(|_| "it has more than 256 bits".to_owned())
}

fn hex_word(digits: &str) -> Result<Bytes32, String> {
    if let Some(other) = digits.chars().find(|c| !c.is_ascii_hexdigit()) {
        return Err(format!("{other:?} is not a hex digit"));
    }
    let length = digits.len();
    if length == 0 {
        return Err("there are no digits after 0x".to_owned());
    }
    let mut word = Bytes32::ZERO;
    hex::decode_to_slice(format!("{digits:0>64}"), &mut word.0)
        .map_err(|_| format!("{length} hex digits are more than the 64 of 32 bytes"))?;
    Ok(word)
}

/// An amount of wei, in decimal or in hex after `0x`.
pub(crate) fn amount(text: &str) -> Result<U256, String> {
    word(text).map(Bytes32::to_u256)
}

/// A number that EVMC can carry: up to 2^63 - 1, in decimal or in hex after `0x`.
pub(crate) fn number(text: &str) -> Result<u64, String> {
    let number = u64::try_from(amount(text)?).ok().filter(|number| i64::try_from(*number).is_ok());
    number.ok_or_else(|| format!("it is more than {}", i64::MAX))
}

/// Gas, as [`number`].
pub(crate) fn gas(text: &str) -> Result<i64, String> {
    number(text).map(u64::cast_signed)
}

/// `KEY=VALUE`, two [`word`]s.
pub(crate) fn slot(text: &str) -> Result<(Bytes32, Bytes32), String> {
    let (key, value) = text.split_once('=').ok_or("the form is KEY=VALUE, for example 0=0x2a")?;
    let key = word(key).map_err(|error| format!("key: {error}"))?;
    Ok((key, word(value).map_err(|error| format!("value: {error}"))?))
}

/// An account beside the one that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountSpec {
    pub(crate) address: Address,
    /// Its code; none for an account without.
    pub(crate) file: Option<PathBuf>,
    /// In wei.
    pub(crate) balance: U256,
}

/// `ADDRESS=FILE[,balance=WEI]`; the file may be missing.
pub(crate) fn account(text: &str) -> Result<AccountSpec, String> {
    let form = "the form is ADDRESS=FILE[,balance=WEI], or ADDRESS=,balance=WEI";
    let (address, rest) = text.split_once('=').ok_or(form)?;
    let address = address.parse::<Address>().map_err(|error| error.to_string())?;
    // A file's name may contain a comma.
    let (file, balance) = match rest.rsplit_once(",balance=") {
        Some((file, balance)) => (file, amount(balance).map_err(|error| format!("balance: {error}"))?),
        None => (rest, U256::zero()),
    };
    let file = (!file.is_empty()).then(|| file.into());
    Ok(AccountSpec { address, file, balance })
}

/// `NAME=VALUE`, or a bare `NAME`, whose value is then empty.
pub(crate) fn option(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    if name.is_empty() {
        return Err("there is no name; the form is NAME=VALUE".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}

/// True if a precompiled contract lives there, so that no other code runs (EIPs 196 to 198, 152, 4844, 2537, 7951).
pub(crate) fn is_precompile(revision: Revision, address: &Address) -> bool {
    const SINCE: [(Revision, u32); 5] = [
        (Revision::Frontier, 0x04),
        (Revision::Byzantium, 0x08),
        (Revision::Istanbul, 0x09),
        (Revision::Cancun, 0x0a),
        (Revision::Prague, 0x11),
    ];
    let highest = SINCE.iter().rev().find(|(since, _)| revision >= *since).map_or(0, |(_, highest)| *highest);
    let number = U256::from_big_endian(&address.0);
    (U256::one()..=highest.into()).contains(&number)
        || (revision >= Revision::Osaka && number == U256::from(0x100))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error<T>(result: Result<T, String>) -> String {
        result.err().expect("an error")
    }

    #[test]
    fn bytes_in_hex() {
        assert_eq!(bytes("0x00Ff"), Ok(vec![0, 255]));
        assert_eq!(bytes(" 00\n\tff "), Ok(vec![0, 255]));
        assert_eq!(bytes("0x"), Ok(vec![]));
        assert_eq!(error(bytes("0xfg")), "'g' is not a hex digit");
        assert_eq!(error(bytes("0x0x00")), "'x' is not a hex digit");
        assert_eq!(error(bytes("é0")), "'é' is not a hex digit");
        assert_eq!(error(bytes("0xabc")), "3 hex digits are no whole number of bytes");
    }

    #[test]
    fn words_are_numbers() {
        assert_eq!(word("0x2A"), Ok(42.into()));
        assert_eq!(word("42"), Ok(42.into()));
        assert_eq!(word("1_000"), Ok(1_000.into()));
        assert_eq!(word(&format!("0x{}", "f".repeat(64))), Ok(Bytes32([0xff; 32])));
        assert_eq!(word(&U256::MAX.to_string()), Ok(Bytes32([0xff; 32])));
        assert_eq!(error(word(&format!("{}0", U256::MAX))), "it has more than 256 bits");
        assert_eq!(error(word("0x")), "there are no digits after 0x");
        assert_eq!(
            error(word(&format!("0x{}", "0".repeat(65)))),
            "65 hex digits are more than the 64 of 32 bytes"
        );
        assert_eq!(error(word("0x 1")), "' ' is not a hex digit");
        assert_eq!(error(word("0xé")), "'é' is not a hex digit");
        assert_eq!(error(word("-1")), "-1 is negative; it must not be");
        for nonsense in ["", "_", "+1", "1.5", "a1", "one", "１"] {
            assert!(error(word(nonsense)).ends_with("is neither a decimal number nor hex with 0x before it"));
        }
    }

    #[test]
    fn numbers_have_63_bits() {
        assert_eq!(number("0x10"), Ok(16));
        assert_eq!(gas("9223372036854775807"), Ok(i64::MAX));
        assert_eq!(error(gas("9223372036854775808")), "it is more than 9223372036854775807");
        assert_eq!(error(number(&U256::MAX.to_string())), "it is more than 9223372036854775807");
    }

    #[test]
    fn slots() {
        assert_eq!(slot("0=0x2a"), Ok((0.into(), 42.into())));
        assert_eq!(error(slot("0")), "the form is KEY=VALUE, for example 0=0x2a");
        assert!(error(slot("=1")).starts_with("key: \"\" is neither"));
        assert!(error(slot("1=x")).starts_with("value: \"x\" is neither"));
        assert!(error(slot("1=2=3")).starts_with("value: \"2=3\" is neither"));
    }

    #[test]
    fn accounts() {
        let address = Address([0x11; 20]);
        let spec = |file: Option<&str>, balance: u64| {
            Ok(AccountSpec { address, file: file.map(PathBuf::from), balance: balance.into() })
        };
        let with = |rest: &str| account(&format!("{address}={rest}"));
        assert_eq!(with("a.wasm"), spec(Some("a.wasm"), 0));
        assert_eq!(with("a,b=c.wasm,balance=0x5"), spec(Some("a,b=c.wasm"), 5));
        assert_eq!(with(",balance=7"), spec(None, 7));
        assert_eq!(with(""), spec(None, 0));
        assert!(error(with("a,balance=much")).starts_with("balance: \"much\" is neither"));
        assert!(error(account("0x12=a")).starts_with("an address is 40 hex digits"));
        assert!(error(account("a.wasm")).starts_with("the form is ADDRESS=FILE"));
    }

    #[test]
    fn options() {
        assert_eq!(option("a=b=c"), Ok(("a".into(), "b=c".into())));
        assert_eq!(option("trace"), Ok(("trace".into(), String::new())));
        assert!(error(option("=b")).starts_with("there is no name"));
        assert!(error(option("")).starts_with("there is no name"));
    }

    #[test]
    fn precompiles_by_revision() {
        let at = |number: u64| {
            let Bytes32(word) = number.into();
            Address(word[12..].try_into().expect("20 bytes"))
        };
        let highest = [
            (Revision::Frontier, 4),
            (Revision::SpuriousDragon, 4),
            (Revision::Byzantium, 8),
            (Revision::Petersburg, 8),
            (Revision::Istanbul, 9),
            (Revision::Shanghai, 9),
            (Revision::Cancun, 10),
            (Revision::Prague, 17),
            (Revision::Osaka, 17),
        ];
        for (revision, highest) in highest {
            assert!(!is_precompile(revision, &at(0)));
            assert!(is_precompile(revision, &at(1)));
            assert!(is_precompile(revision, &at(highest)), "{revision}");
            assert!(!is_precompile(revision, &at(highest + 1)), "{revision}");
        }
        assert!(is_precompile(Revision::Osaka, &at(0x100)));
        assert!(!is_precompile(Revision::Prague, &at(0x100)));
    }
}
