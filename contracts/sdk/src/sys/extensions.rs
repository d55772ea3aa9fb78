//! Off the chain: what the feature `extensions` adds.

use hebe_host_ei::{self as ei, CallKind, Host};
use ruint::aliases::U256 as Limbs;

use super::maps::{create_as, number, with};
use crate::{Address, Bytes32, U256, abi::Data};

pub(crate) fn create2(value: &U256, code: &[u8], salt: &Bytes32) -> Result<Address, Data> {
    create_as(CallKind::Create2, value, code, *salt)
}

pub(crate) fn code_hash(of: &Address) -> Bytes32 {
    Bytes32(with(|world| world.host.get_code_hash(&ei::Address(of.0)).0))
}

pub(crate) fn chain_id() -> U256 {
    with(|world| number(world.host.tx_context.chain_id))
}

pub(crate) fn self_balance() -> U256 {
    with(|world| number(world.host.get_balance(&world.message.recipient)))
}

pub(crate) fn base_fee() -> U256 {
    with(|world| number(world.host.tx_context.base_fee))
}

pub(crate) fn prev_randao() -> U256 {
    with(|world| number(world.host.tx_context.prev_randao))
}

pub(crate) fn blob_hash(index: u32) -> Option<Bytes32> {
    with(|world| world.host.tx_context.blob_hashes.get(index as usize).map(|hash| Bytes32(hash.0)))
}

pub(crate) fn blob_base_fee() -> U256 {
    with(|world| number(world.host.tx_context.blob_base_fee))
}

pub(crate) fn transient_load(key: &[u8; 32]) -> [u8; 32] {
    with(|world| world.host.get_transient_storage(&world.message.recipient, &ei::Bytes32(*key)).0)
}

pub(crate) fn transient_store(key: &[u8; 32], value: &[u8; 32]) {
    with(|world| {
        assert!(!world.message.is_static, "a store in a static call");
        let (key, value) = (ei::Bytes32(*key), ei::Bytes32(*value));
        world.host.set_transient_storage(&world.message.recipient, &key, &value);
    });
}

fn limbs(number: &U256) -> Limbs {
    Limbs::from_limbs(*number.limbs())
}

fn back(limbs: Limbs) -> U256 {
    U256::from_limbs(*limbs.as_limbs())
}

fn is_negative(limbs: Limbs) -> bool {
    limbs.bit(255)
}

fn absolute(limbs: Limbs) -> Limbs {
    if is_negative(limbs) { limbs.wrapping_neg() } else { limbs }
}

fn signed(absolute: Limbs, negative: bool) -> Limbs {
    if negative { absolute.wrapping_neg() } else { absolute }
}

macro_rules! functions {
    ($($name:ident($($operand:ident),*) = $value:expr;)*) => { $(
        pub(crate) fn $name($($operand: &U256),*) -> U256 {
            $(let $operand = limbs($operand);)*
            back($value)
        }
    )* };
}

functions! {
    add(a, b) = a.wrapping_add(b);
    sub(a, b) = a.wrapping_sub(b);
    mul(a, b) = a.wrapping_mul(b);
    div(a, b) = a.checked_div(b).unwrap_or_default();
    signed_div(a, b) = {
        let quotient = absolute(a).checked_div(absolute(b)).unwrap_or_default();
        signed(quotient, is_negative(a) != is_negative(b))
    };
    rem(a, b) = a.checked_rem(b).unwrap_or_default();
    signed_rem(a, b) = signed(absolute(a).checked_rem(absolute(b)).unwrap_or_default(), is_negative(a));
    add_mod(a, b, modulus) = a.add_mod(b, modulus);
    mul_mod(a, b, modulus) = a.mul_mod(b, modulus);
    pow(base, exponent) = base.wrapping_pow(exponent);
    sign_extend(index, a) = match usize::try_from(index) {
        Ok(index) if index < 31 => {
            let above = 248 - index * 8;
            a.wrapping_shl(above).arithmetic_shr(above)
        }
        _ => a,
    };
    byte(index, a) = match usize::try_from(index) {
        Ok(index) if index < 32 => Limbs::from(a.byte(31 - index)),
        _ => Limbs::ZERO,
    };
    shl(bits, a) = a.wrapping_shl(usize::try_from(bits).unwrap_or(256));
    shr(bits, a) = a.wrapping_shr(usize::try_from(bits).unwrap_or(256));
    signed_shr(bits, a) = a.arithmetic_shr(usize::try_from(bits).unwrap_or(256).min(256));
}

pub(crate) fn lt(a: &U256, b: &U256) -> bool {
    limbs(a) < limbs(b)
}

pub(crate) fn signed_lt(a: &U256, b: &U256) -> bool {
    let (a, b) = (limbs(a), limbs(b));
    (is_negative(b), a) < (is_negative(a), b)
}

pub(crate) fn leading_zeros(a: &U256) -> u32 {
    limbs(a).leading_zeros() as u32
}
