//! 256-bit arithmetic, as the EVM computes (Yellow Paper, appendix H.2; EIP-145; EIP-7939).
//!
//! Operands and results are little-endian u256 in linear memory, and may lie on one another: operands are read before the
//! result is written. What divides is `ruint`'s, as in revm: a product by a modulus takes half of the time that `primitive-types` takes, a sum an eighth.

use ruint::aliases::U256 as Number;

use crate::{Gas, Guest, Halt, Host, U256};

/// Functions of two operands whose price is always the same.
macro_rules! binary {
    ($( $(#[doc = $doc:literal])* $name:ident: $price:ident = $compute:expr; )*) => {$(
        $(#[doc = $doc])*
        pub fn $name<H: Host>(g: &mut Guest<'_, H>, a: i32, b: i32, result: i32) -> Result<(), Halt> {
            g.charge(g.frame.schedule.$price)?;
            let compute: fn(U256, U256) -> U256 = $compute;
            let value = compute(g.u256(a)?, g.u256(b)?);
            g.write_u256(result, value)
        }
    )*};
}

binary! {
    /// `u256Add(a, b, result)`: modulo 2^256.
    u256_add: very_low = |a, b| a.overflowing_add(b).0;
    /// `u256Sub(a, b, result)`: modulo 2^256.
    u256_sub: very_low = |a, b| a.overflowing_sub(b).0;
    /// `u256Mul(a, b, result)`: modulo 2^256.
    u256_mul: low = |a, b| a.overflowing_mul(b).0;
    /// `u256Div(a, b, result)`: rounded down; 0 if b is 0.
    u256_div: low = divide;
    /// `u256SDiv(a, b, result)`: signed, rounded towards 0; 0 if b is 0. -2^255 by -1 is -2^255.
    u256_sdiv: low = |a, b| {
        let quotient = divide(magnitude(a), magnitude(b));
        signed(quotient, is_negative(a) != is_negative(b))
    };
    /// `u256Mod(a, b, result)`: 0 if b is 0.
    u256_mod: low = remainder;
    /// `u256SMod(a, b, result)`: signed, with the sign of a; 0 if b is 0.
    u256_smod: low = |a, b| signed(remainder(magnitude(a), magnitude(b)), is_negative(a));
    /// `u256SignExtend(index, a, result)`: extends the sign of the bytes 0 to index of a, counted from the lowest.
    u256_sign_extend: low = sign_extend;
    /// `u256Byte(index, a, result)`: a byte of a, counted from the highest; 0 beyond the last.
    u256_byte: very_low = |index, a| match small(index, 32) {
        Some(index) => a.byte(31 - index).into(),
        None => U256::zero(),
    };
    /// `u256Shl(shift, a, result)` (EIP-145).
    u256_shl: very_low = |shift, a| small(shift, 256).map_or(U256::zero(), |shift| a << shift);
    /// `u256Shr(shift, a, result)` (EIP-145).
    u256_shr: very_low = |shift, a| small(shift, 256).map_or(U256::zero(), |shift| a >> shift);
    /// `u256Sar(shift, a, result)`: signed (EIP-145).
    u256_sar: very_low = |shift, a| {
        // Below zero, the bits that come in are ones: as zeros come into the complement.
        let flip = if is_negative(a) { U256::MAX } else { U256::zero() };
        small(shift, 256).map_or(U256::zero(), |shift| (a ^ flip) >> shift) ^ flip
    };
}

/// `u256AddMod(a, b, modulus, result)`: of the sum with all its bits; 0 if the modulus is 0.
pub fn u256_addmod<H: Host>(
    g: &mut Guest<'_, H>,
    a: i32,
    b: i32,
    modulus: i32,
    result: i32,
) -> Result<(), Halt> {
    modular(g, a, b, modulus, result, Number::add_mod)
}

/// `u256MulMod(a, b, modulus, result)`: of the product with all its bits; 0 if the modulus is 0.
pub fn u256_mulmod<H: Host>(
    g: &mut Guest<'_, H>,
    a: i32,
    b: i32,
    modulus: i32,
    result: i32,
) -> Result<(), Halt> {
    modular(g, a, b, modulus, result, Number::mul_mod)
}

fn modular<H: Host>(
    g: &mut Guest<'_, H>,
    a: i32,
    b: i32,
    modulus: i32,
    result: i32,
    compute: fn(Number, Number, Number) -> Number,
) -> Result<(), Halt> {
    g.charge(g.frame.schedule.mid)?;
    let (a, b, modulus) = (g.u256(a)?, g.u256(b)?, g.u256(modulus)?);
    g.write_u256(result, back(compute(number(a), number(b), number(modulus))))
}

/// `u256Exp(base, exponent, result)`: modulo 2^256; costs by the bytes of the exponent, without leading zeros (EIP-160).
pub fn u256_exp<H: Host>(g: &mut Guest<'_, H>, base: i32, exponent: i32, result: i32) -> Result<(), Halt> {
    let schedule = g.frame.schedule;
    g.charge(schedule.exp)?;
    let (base, exponent) = (g.u256(base)?, g.u256(exponent)?);
    g.charge(schedule.exp_byte * exponent.bits().div_ceil(8) as Gas)?;
    g.write_u256(result, back(number(base).wrapping_pow(number(exponent))))
}

/// `u256Lt(a, b) -> i32`: 1 if a is less than b.
pub fn u256_lt<H: Host>(g: &mut Guest<'_, H>, a: i32, b: i32) -> Result<i32, Halt> {
    g.charge(g.frame.schedule.very_low)?;
    Ok((g.u256(a)? < g.u256(b)?).into())
}

/// `u256SLt(a, b) -> i32`: 1 if a is less than b, both signed.
pub fn u256_slt<H: Host>(g: &mut Guest<'_, H>, a: i32, b: i32) -> Result<i32, Halt> {
    g.charge(g.frame.schedule.very_low)?;
    let (a, b) = (g.u256(a)?, g.u256(b)?);
    Ok(((!is_negative(a), a) < (!is_negative(b), b)).into())
}

/// `u256Clz(a) -> i32`: zero bits before the highest that is set; 256 of zero (EIP-7939).
pub fn u256_clz<H: Host>(g: &mut Guest<'_, H>, a: i32) -> Result<i32, Halt> {
    g.charge(g.frame.schedule.count_zeros)?;
    Ok(g.u256(a)?.leading_zeros() as i32)
}

fn number(a: U256) -> Number {
    Number::from_limbs(a.0)
}

fn back(a: Number) -> U256 {
    U256(a.into_limbs())
}

/// Rounded down; 0 if b is 0.
fn divide(a: U256, b: U256) -> U256 {
    back(number(a).checked_div(number(b)).unwrap_or_default())
}

/// 0 if b is 0.
fn remainder(a: U256, b: U256) -> U256 {
    back(number(a).checked_rem(number(b)).unwrap_or_default())
}

/// The sign of a number in two's complement.
fn is_negative(a: U256) -> bool {
    a.bit(255)
}

/// The amount of a number in two's complement; that of -2^255 is 2^255.
fn magnitude(a: U256) -> U256 {
    signed(a, is_negative(a))
}

/// An amount, or its negative in two's complement.
fn signed(a: U256, negative: bool) -> U256 {
    if negative { U256::zero().overflowing_sub(a).0 } else { a }
}

/// A number below `bound`.
fn small(a: U256, bound: usize) -> Option<usize> {
    (a < bound.into()).then(|| a.low_u64() as usize)
}

fn sign_extend(index: U256, a: U256) -> U256 {
    // From the last byte on there is nothing to extend.
    let Some(index) = small(index, 31) else { return a };
    let above = U256::MAX << (8 * index + 8);
    if a.bit(8 * index + 7) { a | above } else { a & !above }
}
