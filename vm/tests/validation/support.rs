//! Modules to check.

use hebe_host_ei::{Profile, Revision};
use hebe_vm::validate::{InvalidCode, validate};

/// A contract with `main`, `memory` and something more.
pub(crate) fn contract(more: &str, body: &str) -> Vec<u8> {
    let text = format!(r#"(module {more} (memory (export "memory") 1) (func $main (export "main") {body}))"#);
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

pub(crate) fn check(code: &[u8]) -> Result<(), InvalidCode> {
    validate(code, &Profile::EXTENDED, Revision::Byzantium, false).map(|_| ())
}

/// The message of a refusal.
#[track_caller]
pub(crate) fn refusal(code: &[u8]) -> String {
    check(code).expect_err("refused").to_string()
}

#[track_caller]
pub(crate) fn refusal_of(text: &str) -> String {
    refusal(&wat::parse_str(text).expect("wat"))
}

/// A module in the text format.
#[track_caller]
pub(crate) fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}
