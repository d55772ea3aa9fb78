//! Addresses, words and 256-bit numbers.

use core::{
    fmt,
    mem::MaybeUninit,
    ops::{Add, AddAssign, BitAnd, BitOr, BitXor, Div, Mul, Not, Rem, Shl, Shr, Sub, SubAssign},
    ptr,
};

use ruint::aliases::U256 as Limbs;

use crate::revert::{self, Panic};

/// An account's address, in the order it is written.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(pub [u8; 20]);

/// 32 bytes in the order they are written: a hash, a topic, a salt, a storage key (Solidity's `bytes32`).
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes32(pub [u8; 32]);

impl Address {
    /// `0x00…00`.
    pub const ZERO: Self = Self([0; 20]);
}

impl Bytes32 {
    /// `0x00…00`.
    pub const ZERO: Self = Self([0; 32]);
}

fn hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    f.write_str("0x")?;
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(f, &self.0)
    }
}

impl fmt::Display for Bytes32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(f, &self.0)
    }
}

/// An unsigned number of 256 bits. `+ - * / %` and shifts are checked: an overflow reverts with `Panic(0x11)`, a division
/// by zero with `Panic(0x12)`, as in Solidity. `checked_…` and `wrapping_…` never revert.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct U256(Limbs);

impl U256 {
    /// 0.
    pub const ZERO: Self = Self(Limbs::ZERO);
    /// 1.
    pub const ONE: Self = Self(Limbs::ONE);
    /// 2^256 − 1.
    pub const MAX: Self = Self(Limbs::MAX);

    /// A number from its quarters, the lowest first.
    pub const fn from_limbs(limbs: [u64; 4]) -> Self {
        Self(Limbs::from_limbs(limbs))
    }

    /// The quarters, the lowest first.
    pub const fn limbs(&self) -> &[u64; 4] {
        self.0.as_limbs()
    }

    /// A number as the EVM writes it.
    pub fn from_be_bytes(bytes: [u8; 32]) -> Self {
        Self::read_be(&bytes)
    }

    /// The number as the EVM writes it.
    pub fn to_be_bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.write_be(&mut bytes);
        bytes
    }

    #[inline(always)]
    pub(crate) fn read_be(bytes: &[u8; 32]) -> Self {
        let mut reversed = MaybeUninit::<[u8; 32]>::uninit();
        reverse(bytes, &mut reversed);
        // SAFETY: all of it is written.
        Self(Limbs::from_le_bytes(unsafe { reversed.assume_init() }))
    }

    #[inline(always)]
    pub(crate) fn write_be(&self, to: &mut [u8; 32]) {
        if let Some(bytes) = self.0.as_le_slice().first_chunk() {
            // SAFETY: bytes are a place for bytes; only bytes are written.
            reverse(bytes, unsafe { &mut *ptr::from_mut(to).cast() });
        }
    }

    /// 10^`exponent`, which must be below 78: the unit of a token with so many decimals.
    pub const fn exp10(exponent: u32) -> Self {
        let mut power = Self::ONE;
        let mut count = 0;
        while count < exponent {
            let (product, overflow) = power.0.overflowing_mul(Limbs::from_limbs([10, 0, 0, 0]));
            assert!(!overflow, "10 to this power has more than 256 bits");
            power = Self(product);
            count += 1;
        }
        power
    }

    /// True for 0.
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    /// The low 64 bits.
    pub const fn low_u64(&self) -> u64 {
        self.limbs()[0]
    }

    /// The low 128 bits.
    pub const fn low_u128(&self) -> u128 {
        let limbs = self.limbs();
        limbs[0] as u128 | (limbs[1] as u128) << 64
    }

    /// The sum, unless it has more than 256 bits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (sum, fits) = self.add_or_sub(&other, false);
        fits.then_some(sum)
    }

    /// The difference, unless it is negative.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let (difference, fits) = self.add_or_sub(&other, true);
        fits.then_some(difference)
    }

    /// The product, unless it has more than 256 bits.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        #[cfg(feature = "extensions")]
        {
            let product = self.wrapping_mul(other);
            let fits = self.is_zero() || crate::sys::div(&product, &self) == other;
            fits.then_some(product)
        }
        #[cfg(not(feature = "extensions"))]
        self.0.checked_mul(other.0).map(Self)
    }

    /// The quotient, rounded down, unless `other` is 0.
    pub fn checked_div(self, other: Self) -> Option<Self> {
        #[cfg(feature = "extensions")]
        return (!other.is_zero()).then(|| crate::sys::div(&self, &other));
        #[cfg(not(feature = "extensions"))]
        self.0.checked_div(other.0).map(Self)
    }

    /// The remainder, unless `other` is 0.
    pub fn checked_rem(self, other: Self) -> Option<Self> {
        #[cfg(feature = "extensions")]
        return (!other.is_zero()).then(|| crate::sys::rem(&self, &other));
        #[cfg(not(feature = "extensions"))]
        self.0.checked_rem(other.0).map(Self)
    }

    /// The sum modulo 2^256.
    pub fn wrapping_add(self, other: Self) -> Self {
        self.add_or_sub(&other, false).0
    }

    /// The difference modulo 2^256.
    pub fn wrapping_sub(self, other: Self) -> Self {
        self.add_or_sub(&other, true).0
    }

    /// The product modulo 2^256.
    pub fn wrapping_mul(self, other: Self) -> Self {
        #[cfg(feature = "extensions")]
        return crate::sys::mul(&self, &other);
        #[cfg(not(feature = "extensions"))]
        Self(self.0.wrapping_mul(other.0))
    }

    /// The power, unless it has more than 256 bits. 0 to the power of 0 is 1.
    pub fn checked_pow(self, mut exponent: u32) -> Option<Self> {
        let (mut power, mut square) = (Self::ONE, self);
        loop {
            if exponent & 1 == 1 {
                power = power.checked_mul(square)?;
            }
            exponent >>= 1;
            if exponent == 0 {
                return Some(power);
            }
            square = square.checked_mul(square)?;
        }
    }

    /// The power. With more than 256 bits the call reverts with `Panic(0x11)`. 0 to the power of 0 is 1.
    #[must_use]
    pub fn pow(self, exponent: u32) -> Self {
        or_panic(self.checked_pow(exponent), Panic::Overflow)
    }

    /// Zero bits before the highest that is set; 256 of zero.
    pub const fn leading_zeros(&self) -> u32 {
        self.0.leading_zeros() as u32
    }

    /// The sum modulo `modulus`, of the whole sum; 0 if that is 0.
    pub fn add_mod(self, other: Self, modulus: Self) -> Self {
        #[cfg(feature = "extensions")]
        return crate::sys::add_mod(&self, &other, &modulus);
        #[cfg(not(feature = "extensions"))]
        Self(self.0.add_mod(other.0, modulus.0))
    }

    /// The product modulo `modulus`, of the whole product; 0 if that is 0.
    pub fn mul_mod(self, other: Self, modulus: Self) -> Self {
        #[cfg(feature = "extensions")]
        return crate::sys::mul_mod(&self, &other, &modulus);
        #[cfg(not(feature = "extensions"))]
        Self(self.0.mul_mod(other.0, modulus.0))
    }
}

/// Writes 32 bytes in the other order.
#[inline(never)]
fn reverse(from: &[u8; 32], to: &mut MaybeUninit<[u8; 32]>) {
    // SAFETY: both are as long as four words, and words need no alignment here.
    unsafe {
        let (from, to) = (from.as_ptr().cast::<u64>(), to.as_mut_ptr().cast::<u64>());
        for index in 0..4 {
            to.add(3 - index).write_unaligned(from.add(index).read_unaligned().swap_bytes());
        }
    }
}

/// Writes a + b, and tells the carry. With `flip` b is inverted and one is added: a − b = a + !b + 1.
#[inline(never)]
fn add_carrying(a: &U256, b: &U256, flip: bool, sum: &mut MaybeUninit<U256>) -> bool {
    let mask = if flip { u64::MAX } else { 0 };
    let mut carry = flip;
    let sum = sum.as_mut_ptr().cast::<u64>();
    for (index, (a, b)) in a.limbs().iter().zip(b.limbs()).enumerate() {
        let place;
        (place, carry) = a.carrying_add(b ^ mask, carry);
        // SAFETY: one of the four words that a number is.
        unsafe { sum.add(index).write(place) };
    }
    carry
}

impl U256 {
    #[inline(always)]
    fn add_or_sub(&self, other: &Self, sub: bool) -> (Self, bool) {
        let mut sum = MaybeUninit::uninit();
        let carry = add_carrying(self, other, sub, &mut sum);
        // SAFETY: all of it is written.
        (unsafe { sum.assume_init() }, carry == sub)
    }
}

/// The value, or the end of the call.
fn or_panic(value: Option<U256>, panic: Panic) -> U256 {
    value.unwrap_or_else(|| revert::panic(panic))
}

impl Add for U256 {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (value, fits) = self.add_or_sub(&other, false);
        if !fits {
            revert::panic(Panic::Overflow);
        }
        value
    }
}

impl Sub for U256 {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        let (value, fits) = self.add_or_sub(&other, true);
        if !fits {
            revert::panic(Panic::Overflow);
        }
        value
    }
}

impl Mul for U256 {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        or_panic(self.checked_mul(other), Panic::Overflow)
    }
}

impl Div for U256 {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        or_panic(self.checked_div(other), Panic::DivisionByZero)
    }
}

impl Rem for U256 {
    type Output = Self;
    fn rem(self, other: Self) -> Self {
        or_panic(self.checked_rem(other), Panic::DivisionByZero)
    }
}

impl AddAssign for U256 {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for U256 {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl BitAnd for U256 {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for U256 {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitXor for U256 {
    type Output = Self;
    fn bitxor(self, other: Self) -> Self {
        Self(self.0 ^ other.0)
    }
}

impl Not for U256 {
    type Output = Self;
    fn not(self) -> Self {
        Self(!self.0)
    }
}

impl Shl<u32> for U256 {
    type Output = Self;
    /// Bits shifted out are lost, as in Solidity.
    fn shl(self, bits: u32) -> Self {
        Self(self.0.wrapping_shl(bits as usize))
    }
}

impl Shr<u32> for U256 {
    type Output = Self;
    fn shr(self, bits: u32) -> Self {
        Self(self.0.wrapping_shr(bits as usize))
    }
}

macro_rules! from_unsigned {
    ($($number:ty)*) => { $(
        impl From<$number> for U256 {
            fn from(number: $number) -> Self {
                let number = u128::from(number);
                Self::from_limbs([number as u64, (number >> 64) as u64, 0, 0])
            }
        }
    )* };
}

from_unsigned!(bool u8 u16 u32 u64 u128);

impl fmt::Display for U256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<Bytes32> for U256 {
    fn from(bytes: Bytes32) -> Self {
        Self::from_be_bytes(bytes.0)
    }
}

impl From<U256> for Bytes32 {
    fn from(number: U256) -> Self {
        Self(number.to_be_bytes())
    }
}
