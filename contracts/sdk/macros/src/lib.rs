//! The attributes of `hebe-sdk`, which documents them.

#![forbid(unsafe_code)]

mod contract;
mod function;
mod interface;
mod items;

use proc_macro::TokenStream;
use syn::parse_macro_input;

fn or_error(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result.unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Lays the fields of a struct out in storage, in their order, from slot 0 on. Each is a `Value`, `Mapping`, `Array` or `Text`.
/// `Self::at_storage()` opens it.
#[proc_macro_attribute]
pub fn storage(_: TokenStream, item: TokenStream) -> TokenStream {
    or_error(items::storage(parse_macro_input!(item)))
}

/// Makes an event of a struct. Up to three fields can be `#[indexed]`. `emit(&event)` emits it.
#[proc_macro_attribute]
pub fn event(_: TokenStream, item: TokenStream) -> TokenStream {
    or_error(items::event(parse_macro_input!(item)))
}

/// Makes an error (Solidity's `error`) of each variant of an enum, to be the `E` of a function's `Result`.
#[proc_macro_attribute]
pub fn errors(_: TokenStream, item: TokenStream) -> TokenStream {
    or_error(items::errors(parse_macro_input!(item)))
}

/// Makes a contract of the `impl` of a `#[storage]` struct. Each `pub fn` is a function of the ABI, in lowerCamelCase, with `&self`,
/// `&mut self` or neither. Marks: `#[constructor]`, `#[payable]`, `#[receive]` (ether without data), `#[fallback]` (no such
/// function).
#[proc_macro_attribute]
pub fn contract(_: TokenStream, item: TokenStream) -> TokenStream {
    or_error(contract::contract(parse_macro_input!(item)))
}

/// Makes typed calls of another contract out of a trait: a struct of that name with `at(address)`. `&self` calls without changing
/// anything, `&mut self` calls. Each answers a `Result` whose error is what the other contract reverted with.
#[proc_macro_attribute]
pub fn interface(_: TokenStream, item: TokenStream) -> TokenStream {
    or_error(interface::interface(parse_macro_input!(item)))
}
