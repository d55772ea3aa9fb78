//! The EVM's 256-bit arithmetic, one host function each, at the price of the EVM's instruction of that name.
//!
//! [`U256`] uses those that cost less than wasm does (multiplication and what needs it). Signed numbers are two's
//! complements.

use crate::{U256, sys};

macro_rules! functions {
    ($($(#[$about:meta])* $name:ident($($operand:ident),*) -> $result:ty;)*) => { $(
        $(#[$about])*
        pub fn $name($($operand: &U256),*) -> $result {
            sys::$name($($operand),*)
        }
    )* };
}

functions! {
    /// a + b modulo 2^256 (`ADD`).
    add(a, b) -> U256;
    /// a − b modulo 2^256 (`SUB`).
    sub(a, b) -> U256;
    /// a · b modulo 2^256 (`MUL`).
    mul(a, b) -> U256;
    /// a ÷ b, rounded down; 0 if b is 0 (`DIV`).
    div(a, b) -> U256;
    /// a ÷ b, signed, rounded towards 0; 0 if b is 0 (`SDIV`).
    signed_div(a, b) -> U256;
    /// a modulo b; 0 if b is 0 (`MOD`).
    rem(a, b) -> U256;
    /// The remainder of a ÷ b, signed as a is; 0 if b is 0 (`SMOD`).
    signed_rem(a, b) -> U256;
    /// a + b modulo `modulus`, of the whole sum; 0 if that is 0 (`ADDMOD`).
    add_mod(a, b, modulus) -> U256;
    /// a · b modulo `modulus`, of the whole product; 0 if that is 0 (`MULMOD`).
    mul_mod(a, b, modulus) -> U256;
    /// A power modulo 2^256; 0 to the power of 0 is 1 (`EXP`).
    pow(base, exponent) -> U256;
    /// a with the sign of its bytes 0 to `index`, counted from the lowest, in all bits above (`SIGNEXTEND`).
    sign_extend(index, a) -> U256;
    /// True if a is less than b (`LT`).
    lt(a, b) -> bool;
    /// True if a is less than b, both signed (`SLT`).
    signed_lt(a, b) -> bool;
    /// A byte of a, counted from the highest; 0 beyond the last (`BYTE`).
    byte(index, a) -> U256;
    /// a · 2^bits modulo 2^256 (`SHL`). From Constantinople on (EIP-145).
    shl(bits, a) -> U256;
    /// a ÷ 2^bits, rounded down (`SHR`). From Constantinople on (EIP-145).
    shr(bits, a) -> U256;
    /// a ÷ 2^bits, signed, rounded down (`SAR`). From Constantinople on (EIP-145).
    signed_shr(bits, a) -> U256;
    /// Zero bits before the highest that is set; 256 of zero (`CLZ`). From Osaka on (EIP-7939).
    leading_zeros(a) -> u32;
}
