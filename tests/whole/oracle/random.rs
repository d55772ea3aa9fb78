//! Numbers that a seed decides.

use hebe_host_ei::U256;

/// SplitMix64.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, bound: u32) -> u32 {
        (self.next() % u64::from(bound)) as u32
    }

    pub(super) fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u32) as usize]
    }

    /// 256 bits, often of a kind that arithmetic takes for special.
    pub(super) fn number(&mut self) -> U256 {
        let any = U256([self.next(), self.next(), self.next(), self.next()]);
        let bits = self.below(257) as usize;
        match self.below(6) {
            0 => any,
            1 => any.checked_shr(bits),
            2 => U256::one().checked_shl(bits),
            3 => U256::zero().overflowing_sub(any.checked_shr(bits)).0,
            4 => U256::zero().overflowing_sub(U256::one().checked_shl(bits)).0,
            _ => self.below(300).into(),
        }
    }
}

/// Shifts by any number of bits.
trait Shift {
    fn checked_shl(self, bits: usize) -> Self;
    fn checked_shr(self, bits: usize) -> Self;
}

impl Shift for U256 {
    fn checked_shl(self, bits: usize) -> Self {
        if bits < 256 { self << bits } else { Self::zero() }
    }

    fn checked_shr(self, bits: usize) -> Self {
        if bits < 256 { self >> bits } else { Self::zero() }
    }
}
