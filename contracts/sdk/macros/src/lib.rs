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

/// Lays the fields of a struct out in storage, in their order, from slot 0 on. Each is a `Value`, `Mapping`, `Array` or
/// `Text`. `Self::at_storage()` opens it.
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

/// Makes a contract of the `impl` of a `#[storage]` struct. Each `pub fn` is a function of the ABI, in lowerCamelCase,
/// with `&self`, `&mut self` or neither. Marks: `#[constructor]`, `#[payable]`, `#[receive]` (ether without data),
/// `#[fallback]` (no such function).
#[proc_macro_attribute]
pub fn contract(_: TokenStream, item: TokenStream) -> TokenStream {
    or_error(contract::contract(parse_macro_input!(item)))
}

/// Makes typed calls of another contract out of a trait: a struct of that name with `at(address)`. `&self` calls without
/// changing anything, `&mut self` calls. Each answers a `Result` whose error is what the other contract reverted with.
#[proc_macro_attribute]
pub fn interface(_: TokenStream, item: TokenStream) -> TokenStream {
    or_error(interface::interface(parse_macro_input!(item)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a mistake is answered with.
    fn refusal<T: syn::parse::Parse>(
        attribute: fn(T) -> syn::Result<proc_macro2::TokenStream>,
        code: &str,
    ) -> String {
        attribute(syn::parse_str(code).unwrap()).unwrap_err().to_string()
    }

    #[test]
    fn mistakes_are_told() {
        let contract = |code| refusal(contract::contract, code);
        assert_eq!(contract("impl A { pub fn f(self) {} }"), "take `&self` (view) or `&mut self`");
        assert_eq!(
            contract("impl A { pub fn f<T>(&self) {} }"),
            "a function of the ABI has no generics and is not async"
        );
        assert_eq!(
            contract("impl A { pub async fn f(&self) {} }"),
            "a function of the ABI has no generics and is not async"
        );
        assert_eq!(
            contract("impl A { pub fn f(&self, (a, b): (u8, u8)) {} }"),
            "a parameter of the ABI needs a name"
        );
        assert_eq!(
            contract("impl A { pub fn f(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8) {} }"),
            "at most 8 parameters"
        );
        assert_eq!(
            contract("impl A { #[constructor] fn f(&mut self) {} #[constructor] fn g(&mut self) {} }"),
            "there is one already"
        );
        assert_eq!(
            contract("impl A { #[receive] fn f(&self, a: u8) {} }"),
            "no parameters: `message::input()` has the call data"
        );
        let four = "struct A { #[indexed] a: u8, #[indexed] b: u8, #[indexed] c: u8, #[indexed] d: u8 }";
        assert_eq!(refusal(items::event, four), "at most three fields can be indexed");
        assert_eq!(refusal(items::storage, "struct A(u8);"), "give the fields names");
        let interface = |code| refusal(interface::interface, code);
        assert_eq!(interface("trait A { const B: u8; }"), "an interface has functions alone");
        assert_eq!(interface("trait A { fn f(); }"), "take `&self` (view) or `&mut self`");
    }

    /// Solidity's style guide: functions in mixedCase.
    #[test]
    fn names() {
        let names = ["transfer_from", "name", "_hidden_one", "r#type", "balance_of_2"];
        let expected = ["transferFrom", "name", "_hiddenOne", "type", "balanceOf2"];
        assert_eq!(names.map(function::camel_case), expected);
    }
}
