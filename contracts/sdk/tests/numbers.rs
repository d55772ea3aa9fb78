//! 256-bit numbers against ruint, with and without the feature `extensions`.

use hebe_sdk::{U256, native};
use proptest::prelude::*;
use ruint::aliases::U256 as Theirs;

fn theirs(number: U256) -> Theirs {
    Theirs::from_limbs(*number.limbs())
}

fn ours(number: Theirs) -> U256 {
    U256::from_limbs(*number.as_limbs())
}

/// Numbers of every length, and those around the edges.
fn number() -> impl Strategy<Value = U256> {
    let any = (any::<[u64; 4]>(), 0_u32..256).prop_map(|(limbs, shift)| U256::from_limbs(limbs) >> shift);
    let edge = prop_oneof![
        Just(U256::ZERO),
        Just(U256::ONE),
        Just(U256::MAX),
        Just(U256::ONE << 255),
        Just((U256::ONE << 255) - U256::ONE),
    ];
    prop_oneof![4 => any, 1 => edge]
}

/// The value, or what the call reverted with.
fn value(act: impl FnOnce() -> U256) -> Result<U256, Vec<u8>> {
    let mut value = U256::ZERO;
    native::run(|| value = act()).map(|_| value)
}

/// `Panic(uint256)` of a code (Solidity's documentation, "Panic via assert and Error via require").
fn panic(code: u8) -> Vec<u8> {
    let mut data = vec![0; 36];
    data[..4].copy_from_slice(&[0x4e, 0x48, 0x7b, 0x71]);
    data[35] = code;
    data
}

proptest! {
    #[test]
    fn arithmetic(a in number(), b in number(), modulus in number(), small in 0_u32..300) {
        let (x, y, m) = (theirs(a), theirs(b), theirs(modulus));
        prop_assert_eq!(a.checked_add(b), x.checked_add(y).map(ours));
        prop_assert_eq!(a.checked_sub(b), x.checked_sub(y).map(ours));
        prop_assert_eq!(a.checked_mul(b), x.checked_mul(y).map(ours));
        prop_assert_eq!(a.checked_div(b), x.checked_div(y).map(ours));
        prop_assert_eq!(a.checked_rem(b), x.checked_rem(y).map(ours));
        prop_assert_eq!(a.checked_pow(small), x.checked_pow(Theirs::from(small)).map(ours));
        prop_assert_eq!((a & U256::from(7_u8)).checked_pow(small), (x & Theirs::from(7)).checked_pow(Theirs::from(small)).map(ours));
        prop_assert_eq!(a.wrapping_add(b), ours(x.wrapping_add(y)));
        prop_assert_eq!(a.wrapping_sub(b), ours(x.wrapping_sub(y)));
        prop_assert_eq!(a.wrapping_mul(b), ours(x.wrapping_mul(y)));
        prop_assert_eq!(a.add_mod(b, modulus), ours(x.add_mod(y, m)));
        prop_assert_eq!(a.mul_mod(b, modulus), ours(x.mul_mod(y, m)));
        prop_assert_eq!(a << small, ours(x.wrapping_shl(small as usize)));
        prop_assert_eq!(a >> small, ours(x.wrapping_shr(small as usize)));
        prop_assert_eq!(a.cmp(&b), x.cmp(&y));
        prop_assert_eq!(a.leading_zeros() as usize, x.leading_zeros());
        prop_assert_eq!((a & b) ^ (a | !b), ours((x & y) ^ (x | !y)));
        prop_assert_eq!(a.to_be_bytes(), x.to_be_bytes::<32>());
        prop_assert_eq!(U256::from_be_bytes(a.to_be_bytes()), a);
        prop_assert_eq!(a.to_string(), x.to_string());
    }

    /// What operators do where there is no value.
    #[test]
    fn operators_revert(a in number(), b in number()) {
        let or = |value: Option<U256>, code| value.ok_or_else(|| panic(code));
        prop_assert_eq!(value(|| a + b), or(a.checked_add(b), 0x11));
        prop_assert_eq!(value(|| a - b), or(a.checked_sub(b), 0x11));
        prop_assert_eq!(value(|| a * b), or(a.checked_mul(b), 0x11));
        prop_assert_eq!(value(|| a / b), or(a.checked_div(b), 0x12));
        prop_assert_eq!(value(|| a % b), or(a.checked_rem(b), 0x12));
        prop_assert_eq!(value(|| a.pow(3)), or(a.checked_pow(3), 0x11));
    }
}

#[cfg(feature = "extensions")]
mod extensions {
    use hebe_sdk::arithmetic;

    use super::*;

    /// EVM vectors of the EIPs: 145 (SHL, SHR, SAR), 7939 (CLZ); the Yellow Paper's rules for the signed ones.
    #[test]
    fn vectors() {
        let minus = |number: u64| U256::ZERO.wrapping_sub(number.into());
        let number = |number: u64| U256::from(number);
        let lowest = U256::ONE << 255;
        assert_eq!(arithmetic::shl(&number(255), &U256::ONE), lowest);
        assert_eq!(arithmetic::shl(&number(256), &U256::ONE), U256::ZERO);
        assert_eq!(arithmetic::shr(&number(255), &lowest), U256::ONE);
        assert_eq!(arithmetic::shr(&U256::MAX, &U256::MAX), U256::ZERO);
        assert_eq!(arithmetic::signed_shr(&number(255), &lowest), U256::MAX);
        assert_eq!(arithmetic::signed_shr(&number(256), &lowest), U256::MAX);
        assert_eq!(arithmetic::signed_shr(&U256::MAX, &(lowest - U256::ONE)), U256::ZERO);
        assert_eq!(arithmetic::leading_zeros(&U256::ZERO), 256);
        assert_eq!(arithmetic::leading_zeros(&U256::ONE), 255);
        assert_eq!(arithmetic::leading_zeros(&lowest), 0);
        assert_eq!(arithmetic::signed_div(&minus(7), &number(2)), minus(3));
        assert_eq!(arithmetic::signed_div(&lowest, &U256::MAX), lowest);
        assert_eq!(arithmetic::signed_div(&minus(7), &U256::ZERO), U256::ZERO);
        assert_eq!(arithmetic::signed_rem(&minus(7), &number(2)), minus(1));
        assert_eq!(arithmetic::signed_rem(&number(7), &minus(2)), U256::ONE);
        assert!(arithmetic::signed_lt(&minus(1), &U256::ZERO));
        assert!(!arithmetic::lt(&minus(1), &U256::ZERO));
        assert_eq!(arithmetic::sign_extend(&U256::ZERO, &number(0x80)), minus(0x80));
        assert_eq!(arithmetic::sign_extend(&U256::ZERO, &number(0x17f)), number(0x7f));
        assert_eq!(arithmetic::sign_extend(&number(31), &lowest), lowest);
        assert_eq!(arithmetic::sign_extend(&U256::MAX, &number(0x80)), number(0x80));
        assert_eq!(arithmetic::byte(&number(31), &number(0x1234)), number(0x34));
        assert_eq!(arithmetic::byte(&number(32), &number(0x1234)), U256::ZERO);
        assert_eq!(arithmetic::pow(&U256::ZERO, &U256::ZERO), U256::ONE);
        assert_eq!(arithmetic::pow(&number(2), &number(256)), U256::ZERO);
    }
}
