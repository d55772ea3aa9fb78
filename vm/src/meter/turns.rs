//! A number of turns, computed by instructions before a loop.

use crate::binary::{leb, opcode as op};

/// A number of turns, to be computed from locals before the loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turns {
    pub(super) counter: u32,
    /// What each turn adds to the counter, modulo 2^32. Not 0.
    pub(super) step: i32,
    /// The counter is compared after that.
    pub(super) stepped: bool,
    /// The loop goes on while the counter and the bound compare so.
    pub(super) goes_on: Relation,
    pub(super) bound: Bound,
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Differs,
    Less { signed: bool },
    More { signed: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    Constant(i32),
    Local(u32),
}

impl Turns {
    /// The number of turns of a loop that is entered with this counter. `None`: it never ends.
    pub(super) fn number(&self, counter: i32) -> Option<u64> {
        let Bound::Constant(bound) = self.bound else { return None };
        let first = if self.stepped { counter.wrapping_add(self.step) } else { counter };
        let size = self.step.unsigned_abs();
        let (signed, up) = match self.goes_on {
            Relation::Differs => {
                let distance =
                    if self.step > 0 { bound.wrapping_sub(first) } else { first.wrapping_sub(bound) };
                let shift = size.trailing_zeros();
                let turns = (distance as u32 >> shift).wrapping_mul(inverse(size >> shift));
                let meets = (distance as u32).is_multiple_of(1 << shift);
                return meets.then_some(u64::from(turns & (u32::MAX >> shift)));
            }
            Relation::Less { signed } => (signed, true),
            Relation::More { signed } => (signed, false),
        };
        let number = |value: i32| if signed { i64::from(value) } else { i64::from(value as u32) };
        let distance = if up { number(bound) - number(first) } else { number(first) - number(bound) };
        Some(u64::try_from(distance).unwrap_or(0).div_ceil(size.into()))
    }

    /// Writes instructions that leave the number of turns on the stack, an `i64`. With a counter that never meets the bound they
    /// branch to `exit` instead.
    pub(super) fn write(&self, out: &mut Vec<u8>, exit: u32) {
        match self.goes_on {
            Relation::Differs => self.write_meeting(out, exit),
            Relation::Less { signed } => self.write_passing(out, signed, true),
            Relation::More { signed } => self.write_passing(out, signed, false),
        }
    }

    /// The counter as it is compared first.
    fn first(&self, out: &mut Vec<u8>) {
        index(out, op::LOCAL_GET, self.counter);
        if self.stepped {
            constant(out, self.step);
            out.push(op::I32_ADD);
        }
    }

    fn bound(&self, out: &mut Vec<u8>) {
        match self.bound {
            Bound::Constant(value) => constant(out, value),
            Bound::Local(local) => index(out, op::LOCAL_GET, local),
        }
    }

    /// How far the bound is from the counter, in the direction of its steps.
    fn distance(&self, out: &mut Vec<u8>) {
        if self.step > 0 {
            self.bound(out);
            self.first(out);
        } else {
            self.first(out);
            self.bound(out);
        }
        out.push(op::I32_SUB);
    }

    /// distance = turns × size modulo 2^32, for a size of odd × 2^k: the turns are distance ÷ 2^k × odd^−1 modulo 2^(32 − k), if
    /// 2^k divides the distance.
    fn write_meeting(&self, out: &mut Vec<u8>, exit: u32) {
        let size = self.step.unsigned_abs();
        let shift = size.trailing_zeros();
        let odd = size >> shift;
        if shift > 0 {
            self.distance(out);
            constant(out, ((1_u32 << shift) - 1) as i32);
            out.push(op::I32_AND);
            index(out, op::BR_IF, exit);
        }
        self.distance(out);
        if shift > 0 {
            constant(out, shift as i32);
            out.push(op::I32_SHR_U);
        }
        if odd > 1 {
            constant(out, inverse(odd) as i32);
            out.push(op::I32_MUL);
            if shift > 0 {
                constant(out, (u32::MAX >> shift) as i32);
                out.push(op::I32_AND);
            }
        }
        out.push(op::I64_EXTEND_I32_U);
    }

    /// (distance + size − 1) ÷ size, or 0 where the loop does not go on even once.
    fn write_passing(&self, out: &mut Vec<u8>, signed: bool, up: bool) {
        let extend = if signed { op::I64_EXTEND_I32_S } else { op::I64_EXTEND_I32_U };
        let size = i64::from(self.step).abs();
        let ends = [Self::first, Self::bound];
        let [low, high] = if up { ends } else { [ends[1], ends[0]] };
        high(self, out);
        out.push(extend);
        low(self, out);
        out.extend([extend, op::I64_SUB]);
        if size > 1 {
            long(out, size - 1);
            out.push(op::I64_ADD);
            long(out, size);
            out.push(op::I64_DIV_S);
        }
        low(self, out);
        high(self, out);
        out.push(if signed { op::I32_LT_S } else { op::I32_LT_U });
        out.extend([op::I64_EXTEND_I32_U, op::I64_MUL]);
    }
}

fn index(out: &mut Vec<u8>, opcode: u8, index: u32) {
    out.push(opcode);
    leb::unsigned(out, index);
}

fn constant(out: &mut Vec<u8>, value: i32) {
    out.push(op::I32_CONST);
    leb::signed(out, value.into());
}

fn long(out: &mut Vec<u8>, value: i64) {
    out.push(op::I64_CONST);
    leb::signed(out, value);
}

/// The number whose product with an odd one is 1 modulo 2^32. Each step of Newton's doubles the bits that are right, from 3.
fn inverse(odd: u32) -> u32 {
    let mut inverse = odd;
    for _ in 0..4 {
        inverse = inverse.wrapping_mul(2_u32.wrapping_sub(odd.wrapping_mul(inverse)));
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverses_multiply_to_one() {
        for odd in (1..2_000).step_by(2).chain([u32::MAX, u32::MAX - 2, 0x8000_0001, 0x5555_5555]) {
            assert_eq!(odd.wrapping_mul(inverse(odd)), 1, "{odd}");
        }
    }
}
