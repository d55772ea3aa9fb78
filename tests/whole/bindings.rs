//! Declarations of the host functions for contracts, from the one list.
//!
//! `HEBE_WRITE_DOCS=1 cargo test -p hebe-tests bindings` writes them.

use hebe_host_ei::{IMPORTS, Import, Meaning, ValType};

use crate::documents::check_file;

/// Each language's file.
#[test]
fn of_each_language() {
    check_file("contracts/bindings/ethereum.h", &text(C_HEAD, c, "\n#endif\n"));
    check_file("contracts/bindings/ethereum.rs", &text(RUST_HEAD, rust, ""));
    check_file("contracts/bindings/ethereum.ts", &text(ASSEMBLYSCRIPT_HEAD, assembly_script, ""));
}

fn text(head: &str, declaration: fn(&Import) -> String, tail: &str) -> String {
    let declarations: String = IMPORTS.iter().map(declaration).collect();
    format!("{head}{declarations}{tail}")
}

/// What a function does and from when on there is it.
fn about(import: &Import) -> String {
    let since = import.since.filter(|since| since.revision != hebe_host_ei::Revision::Frontier);
    let since = since.map(|since| format!(" From {} on ({}).", since.revision, since.source));
    let debug = if import.is_debug() { " Only while debugging." } else { "" };
    let mut about = import.about.to_owned();
    about.replace_range(..1, &about[..1].to_uppercase());
    format!("{about}.{}{debug}", since.unwrap_or_default())
}

/// Parameters, each written by `write` from its name, its type and its meaning, with commas between.
fn params(import: &Import, write: impl Fn(&str, ValType, Meaning) -> String) -> String {
    let params = import.params.iter().zip(import.meanings);
    let params: Vec<String> = params.map(|((name, ty), meaning)| write(name, *ty, *meaning)).collect();
    params.join(", ")
}

const C_HEAD: &str = r#"/* The Ethereum Environment Interface, for contracts in C. A test writes this file from host-ei/src/table.rs.
 *
 * Every function is called as in the interface's own documents, with `eth_` in front (`debug_` for those of the module
 * `debug`). Gas counts are signed 64-bit and must not be negative. Lengths and offsets are bytes. Reading past the end of
 * a source (call data, code, return data) or outside the memory ends the contract as a failure; nothing is ever padded
 * with zeros. Pointers need no alignment.
 */
#ifndef ETHEREUM_H
#define ETHEREUM_H

#include <stdint.h>

/* An account's address, in the order it is written. */
typedef struct { uint8_t bytes[20]; } address;

/* A storage key or value, a log topic, a salt or a hash, in the order it is written: the ABI's big-endian numbers go in
 * and out as they are. */
typedef struct { uint8_t bytes[32]; } bytes32;

/* An amount of wei: 128 bits, little-endian, as is wasm: words[0] is the low half. */
typedef struct { uint64_t words[2]; } u128;

/* 256 bits, little-endian. */
typedef struct { uint64_t words[4]; } u256;

#define EEI_IMPORT(module, name) __attribute__((import_module(#module), import_name(#name))) extern
"#;

fn c(import: &Import) -> String {
    let number = |ty| if ty == ValType::I64 { "int64_t" } else { "uint32_t" };
    let params = params(import, |name, ty, meaning| match meaning {
        Meaning::Number => format!("{} {name}", number(ty)),
        Meaning::AddressIn => format!("const address *{name}"),
        Meaning::AddressOut => format!("address *{name}"),
        Meaning::Bytes32In => format!("const bytes32 *{name}"),
        Meaning::Bytes32Out => format!("bytes32 *{name}"),
        Meaning::U128In => format!("const u128 *{name}"),
        Meaning::U128Out => format!("u128 *{name}"),
        Meaning::U256In => format!("const u256 *{name}"),
        Meaning::U256Out => format!("u256 *{name}"),
        Meaning::BytesIn => format!("const void *{name}"),
        Meaning::BytesOut => format!("void *{name}"),
    });
    let params = if params.is_empty() { "void" } else { &params };
    let result = match import.result {
        Some(ty) => number(ty),
        None if import.is_end() => "_Noreturn void",
        None => "void",
    };
    let prefix = if import.is_debug() { "debug" } else { "eth" };
    let Import { module, name, .. } = import;
    format!("\n/* {} */\nEEI_IMPORT({module}, {name}) {result} {prefix}_{name}({params});\n", about(import))
}

const RUST_HEAD: &str = r#"//! The Ethereum Environment Interface, for contracts in Rust. A test writes this file from host-ei/src/table.rs.
//!
//! Take it into a crate with `#[path = "…/ethereum.rs"] mod ethereum;`. Gas is not negative. Lengths and offsets are
//! bytes. Reading past the end of a source (call data, code, return data) or outside the memory ends the contract as a
//! failure; nothing is ever padded with zeros. Pointers need no alignment.
#![allow(dead_code)]

/// An account's address, in the order it is written.
#[repr(C)]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Address(pub [u8; 20]);

/// A storage key or value, a log topic, a salt or a hash, in the order it is written.
#[repr(C)]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Bytes32(pub [u8; 32]);

/// 128 bits, little-endian: the low half is first.
#[repr(C)]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct U128(pub [u64; 2]);

/// 256 bits, little-endian: the lowest quarter is first.
#[repr(C)]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct U256(pub [u64; 4]);
"#;

fn rust(import: &Import) -> String {
    let number = |ty| if ty == ValType::I64 { "i64" } else { "u32" };
    let params = params(import, |name, ty, meaning| {
        let ty = match meaning {
            Meaning::Number => number(ty),
            Meaning::AddressIn => "*const Address",
            Meaning::AddressOut => "*mut Address",
            Meaning::Bytes32In => "*const Bytes32",
            Meaning::Bytes32Out => "*mut Bytes32",
            Meaning::U128In => "*const U128",
            Meaning::U128Out => "*mut U128",
            Meaning::U256In => "*const U256",
            Meaning::U256Out => "*mut U256",
            Meaning::BytesIn => "*const u8",
            Meaning::BytesOut => "*mut u8",
        };
        format!("{name}: {ty}")
    });
    let result = match import.result {
        Some(ty) => format!(" -> {}", number(ty)),
        None if import.is_end() => " -> !".to_owned(),
        None => String::new(),
    };
    let Import { module, name, .. } = import;
    format!(
        "\n#[link(wasm_import_module = \"{module}\")]\nunsafe extern \"C\" {{\n    /// {}\n    #[link_name = \"{name}\"]\n    \
         pub fn {}({params}){result};\n}}\n",
        about(import),
        snake_case(name)
    )
}

/// `getCallData` as `get_call_data`, `u256SDiv` as `u256_sdiv`.
fn snake_case(name: &str) -> String {
    let mut after_capital = true;
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !after_capital {
            snake.push('_');
        }
        after_capital = letter.is_ascii_uppercase();
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

const ASSEMBLYSCRIPT_HEAD: &str = r#"// The Ethereum Environment Interface, for contracts in AssemblyScript. A test writes this file from host-ei/src/table.rs.
//
// A pointer is a usize: that of an address to 20 bytes, of a bytes32 or a u256 to 32, of a u128 to 16. Addresses and bytes32
// are in the order they are written, numbers little-endian. Gas is not negative. Reading past the end of a source (call data,
// code, return data) or outside the memory ends the contract as a failure; nothing is ever padded with zeros.
"#;

fn assembly_script(import: &Import) -> String {
    let number = |ty| if ty == ValType::I64 { "i64" } else { "u32" };
    let params = params(import, |name, ty, meaning| match meaning {
        Meaning::Number => format!("{name}: {}", number(ty)),
        _ => format!("{name}: usize"),
    });
    let what = params_in_words(import);
    let Import { module, name, .. } = import;
    format!(
        "\n/** {}{what} */\n// @ts-ignore: decorator\n@external(\"{module}\", \"{name}\")\nexport declare function {name}({params}): {};\n",
        about(import),
        import.result.map_or("void", number)
    )
}

/// What pointers point to, where their type does not tell.
fn params_in_words(import: &Import) -> String {
    let words = import.params.iter().zip(import.meanings).filter_map(|((name, _), meaning)| {
        let what = match meaning {
            Meaning::Number => return None,
            Meaning::AddressIn => "an address",
            Meaning::AddressOut => "an address, written",
            Meaning::Bytes32In => "a bytes32",
            Meaning::Bytes32Out => "a bytes32, written",
            Meaning::U128In => "a u128",
            Meaning::U128Out => "a u128, written",
            Meaning::U256In => "a u256",
            Meaning::U256Out => "a u256, written",
            Meaning::BytesIn => "bytes",
            Meaning::BytesOut => "bytes, written",
        };
        Some(format!(" @param {name} {what}"))
    });
    words.collect()
}
