//! Loops whose number of turns is known when they are entered.
//!
//! Such a loop has one way around and one way out, and leaves by comparing a local that grows by the same amount in each turn
//! with a bound that no turn changes. All its turns are then charged at once before it, and none checks the gas. The sum is
//! the same: the turns are counted exactly, wrapping as the loop's own arithmetic does. A loop that would never end runs out of
//! gas where it would be entered.

use super::{
    opcode::{self as op, Cursor},
    plan::{End, Segment},
};

/// The most that a turn may cost, in units: with up to 2^32 turns the product fits.
const MOST: i64 = 1 << 30;

/// A loop's turns and what they cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    /// How often the way around is gone once more.
    pub(super) turns: Turns,
    /// What each of these costs.
    pub(super) turn: i64,
    /// What the last turn costs up to where it leaves.
    pub(super) last: i64,
}

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

/// Where control goes from the end of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ways {
    /// To the next segment.
    pub(super) falls: bool,
    /// By a branch.
    pub(super) branches: Branches,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Branches {
    No,
    /// To the label with this number.
    To(u32),
    /// To several labels, or into an arm of an `if`, which is not followed here.
    Many,
}

/// The turns of the loop that begins with segment `header` and has its one way back at the end of segment `back`, if they
/// are known when it is entered. `labels` says at which segment each label is. If so, the second list has the segments of a turn.
pub(super) fn counted(
    code: &[u8],
    segments: &[Segment],
    labels: &[u32],
    (header, back): (usize, usize),
) -> Option<(Counted, Vec<usize>)> {
    let turn = the_one_way(segments, labels, header, back)?;
    let leaving = the_one_exit(segments, labels, &turn, back)?;
    let turns = turns(code, segments, &turn, leaving)?;
    let cost = |part: &[usize]| part.iter().map(|index| segments[*index].charge).sum::<i64>();
    let until = turn.iter().position(|index| *index == leaving.index)?;
    let counted = Counted { turns, turn: cost(&turn), last: cost(&turn[..=until]) };
    let fits = 0 < counted.turn && counted.turn < MOST;
    fits.then_some((counted, turn))
}

/// Where a segment at a label leads.
fn landing(segment: &Segment, labels: &[u32]) -> Option<usize> {
    match segment.ways.branches {
        Branches::To(label) => labels.get(label as usize).map(|index| *index as usize),
        Branches::No | Branches::Many => None,
    }
}

/// The segments from the header to the way back, if there is one way only and nobody looks at the gas on it.
fn the_one_way(segments: &[Segment], labels: &[u32], header: usize, back: usize) -> Option<Vec<usize>> {
    let mut way = vec![back];
    let mut leads_back = vec![false; back + 1 - header];
    leads_back[back - header] = true;
    for index in (header..back).rev() {
        let segment = &segments[index];
        if segment.dead {
            continue;
        }
        if segment.ways.branches == Branches::Many {
            return None;
        }
        let leads = |next: usize| (index + 1..=back).contains(&next) && leads_back[next - header];
        let falls = segment.ways.falls && leads(index + 1);
        let branches = landing(segment, labels).filter(|next| leads(*next));
        match (falls, branches) {
            (true, Some(next)) if next != index + 1 => return None,
            (false, None) => continue,
            _ => {}
        }
        leads_back[index - header] = true;
        way.push(index);
    }
    let is_quiet =
        |segment: &Segment| matches!(segment.end, End::Goes(_) | End::GoesOrLeaves(_)) && !segment.dead;
    way.reverse();
    let leads_back = leads_back[0] && segments[back].ways.branches != Branches::Many;
    (leads_back && way.iter().all(|index| is_quiet(&segments[*index]))).then_some(way)
}

/// A segment that ends with a way out of the loop.
#[derive(Clone, Copy)]
struct Leaving {
    index: usize,
    /// The branch goes on with the loop, so that its condition is one for going on.
    on_branch: bool,
}

fn the_one_exit(segments: &[Segment], labels: &[u32], turn: &[usize], back: usize) -> Option<Leaving> {
    let mut found = None;
    for (position, index) in turn.iter().enumerate() {
        let segment = &segments[*index];
        if !segment.ways.falls || segment.ways.branches == Branches::No {
            continue;
        }
        let next = turn.get(position + 1).copied();
        let on_branch = *index == back || landing(segment, labels) == next;
        if on_branch && next == Some(*index + 1) {
            // Both ways lead to the same segment.
            continue;
        }
        if found.replace(Leaving { index: *index, on_branch }).is_some() {
            return None;
        }
    }
    found
}

/// An instruction, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Op {
    Get(u32),
    Set(u32),
    Tee(u32),
    Constant(i32),
    /// Another one without immediates.
    Plain(u8),
    Other,
}

const I32_EQZ: u8 = 0x45;
const I32_EQ: u8 = 0x46;
const I32_NE: u8 = 0x47;
const I32_LT_S: u8 = 0x48;
const I32_GE_U: u8 = 0x4f;
const I32_ADD: u8 = 0x6a;
const I32_SUB: u8 = 0x6b;

/// Calls `with` for each instruction in a segment, with its offset.
fn each(code: &[u8], segment: &Segment, mut with: impl FnMut(usize, Op)) {
    let mut cursor = Cursor { bytes: code, at: segment.start };
    while cursor.at < segment.last {
        let at = cursor.at;
        let opcode = cursor.byte();
        let op = match opcode {
            op::LOCAL_GET => Op::Get(cursor.unsigned()),
            op::LOCAL_SET => Op::Set(cursor.unsigned()),
            op::LOCAL_TEE => Op::Tee(cursor.unsigned()),
            op::I32_CONST => Op::Constant(cursor.signed() as i32),
            I32_EQZ..=I32_GE_U | I32_ADD | I32_SUB => Op::Plain(opcode),
            _ => {
                cursor.pass(opcode);
                Op::Other
            }
        };
        with(at, op);
    }
}

/// The last instructions, the newest last.
type Window = [(usize, Op); 7];

const EMPTY: Window = [(0, Op::Other); 7];

fn push(window: &mut Window, at: usize, op: Op) {
    window.rotate_left(1);
    window[6] = (at, op);
}

fn turns(code: &[u8], segments: &[Segment], turn: &[usize], leaving: Leaving) -> Option<Turns> {
    let mut window = EMPTY;
    each(code, &segments[leaving.index], |at, op| push(&mut window, at, op));
    for condition in conditions(&window).into_iter().flatten() {
        let Some((step, stepped_at)) = step(code, segments, turn, condition.counter, condition.bound) else {
            continue;
        };
        let stepped = condition.at >= stepped_at;
        let goes_on = if leaving.on_branch { Some(condition.test) } else { condition.test.opposite() };
        let (goes_on, bound) = goes_on.and_then(|test| test.normal(condition.bound, step))?;
        return Some(Turns { counter: condition.counter, step, stepped, goes_on, bound });
    }
    None
}

/// A comparison of a local with a bound, and where the local is read.
#[derive(Clone, Copy)]
struct Condition {
    counter: u32,
    at: usize,
    test: Test,
    bound: Bound,
}

/// The comparisons that the last instructions may be, each local taken for the counter.
fn conditions(window: &Window) -> [Option<Condition>; 2] {
    let zero = |test, (at, op)| match op {
        Op::Get(counter) | Op::Tee(counter) => {
            Some(Condition { counter, at, test, bound: Bound::Constant(0) })
        }
        _ => None,
    };
    match window[6].1 {
        Op::Get(_) | Op::Tee(_) => [zero(Test::Ne, window[6]), None],
        Op::Plain(I32_EQZ) => [zero(Test::Eq, window[5]), None],
        Op::Plain(opcode) => {
            let Some(test) = Test::of(opcode) else { return [None; 2] };
            let right = window[5];
            // The right operand may be the counter as it is stepped: four instructions.
            let left = if is_step(&window[2..6]).is_some() { window[1] } else { window[4] };
            let condition = |(at, counter), (_, bound), test| {
                let counter = match counter {
                    Op::Get(local) | Op::Tee(local) => local,
                    _ => return None,
                };
                let bound = match bound {
                    Op::Constant(value) => Bound::Constant(value),
                    Op::Get(local) => Bound::Local(local),
                    _ => return None,
                };
                Some(Condition { counter, at, test, bound })
            };
            [condition(left, right, test), condition(right, left, test.swapped())]
        }
        _ => [None; 2],
    }
}

/// The local and by how much it grows, if these four instructions step one.
fn is_step(ops: &[(usize, Op)]) -> Option<(u32, i32)> {
    let [(_, first), (_, second), (_, operation), (_, Op::Set(local) | Op::Tee(local))] = ops else {
        return None;
    };
    match (first, second, operation) {
        (Op::Get(read), Op::Constant(step), Op::Plain(I32_ADD))
        | (Op::Constant(step), Op::Get(read), Op::Plain(I32_ADD))
            if read == local =>
        {
            Some((*local, *step))
        }
        (Op::Get(read), Op::Constant(step), Op::Plain(I32_SUB)) if read == local => {
            Some((*local, step.wrapping_neg()))
        }
        _ => None,
    }
}

/// By how much the counter grows in each turn, and where, if that is all that happens to it and nothing happens to the bound.
fn step(
    code: &[u8],
    segments: &[Segment],
    turn: &[usize],
    counter: u32,
    bound: Bound,
) -> Option<(i32, usize)> {
    if bound == Bound::Local(counter) {
        return None;
    }
    let (mut found, mut others) = (None, 0);
    for index in turn {
        let mut window = EMPTY;
        each(code, &segments[*index], |at, op| {
            push(&mut window, at, op);
            let (Op::Set(local) | Op::Tee(local)) = op else { return };
            if Bound::Local(local) == bound {
                others += 1;
            } else if local == counter {
                match is_step(&window[3..]) {
                    Some((_, step)) if step != 0 && found.is_none() => found = Some((step, at)),
                    _ => others += 1,
                }
            }
        });
    }
    found.filter(|_| others == 0)
}

/// A comparison of wasm.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Test {
    Eq,
    Ne,
    Less { signed: bool },
    More { signed: bool },
    AtMost { signed: bool },
    AtLeast { signed: bool },
}

impl Test {
    fn of(opcode: u8) -> Option<Self> {
        Some(match opcode {
            I32_EQ => Self::Eq,
            I32_NE => Self::Ne,
            I32_LT_S..=I32_GE_U => {
                // lt, gt, le, ge, each signed and unsigned.
                let kind = opcode - I32_LT_S;
                let signed = kind & 1 == 0;
                match kind >> 1 {
                    0 => Self::Less { signed },
                    1 => Self::More { signed },
                    2 => Self::AtMost { signed },
                    _ => Self::AtLeast { signed },
                }
            }
            _ => return None,
        })
    }

    /// The same with its operands exchanged.
    fn swapped(self) -> Self {
        match self {
            Self::Eq | Self::Ne => self,
            Self::Less { signed } => Self::More { signed },
            Self::More { signed } => Self::Less { signed },
            Self::AtMost { signed } => Self::AtLeast { signed },
            Self::AtLeast { signed } => Self::AtMost { signed },
        }
    }

    fn opposite(self) -> Option<Self> {
        Some(match self {
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
            Self::Less { signed } => Self::AtLeast { signed },
            Self::More { signed } => Self::AtMost { signed },
            Self::AtMost { signed } => Self::More { signed },
            Self::AtLeast { signed } => Self::Less { signed },
        })
    }

    /// As a relation that is computed here: only where the counter reaches the bound before it wraps.
    fn normal(self, bound: Bound, step: i32) -> Option<(Relation, Bound)> {
        if self == Self::Ne {
            return Some((Relation::Differs, bound));
        }
        let Bound::Constant(value) = bound else { return None };
        let number = |signed: bool| if signed { i64::from(value) } else { i64::from(value as u32) };
        let limits =
            |signed: bool| if signed { (i32::MIN.into(), i32::MAX.into()) } else { (0, u32::MAX.into()) };
        // `<= n` is `< n + 1`, `>= n` is `> n − 1`.
        let (signed, value, up) = match self {
            Self::Less { signed } => (signed, number(signed), true),
            Self::AtMost { signed } => (signed, number(signed) + 1, true),
            Self::More { signed } => (signed, number(signed), false),
            Self::AtLeast { signed } => (signed, number(signed) - 1, false),
            Self::Eq | Self::Ne => return None,
        };
        let (least, most): (i64, i64) = limits(signed);
        let size = i64::from(step).abs();
        // The first number that ends the loop is at most this far beyond the bound.
        let end = if up { value + size - 1 } else { value - size + 1 };
        let fits = (least..=most).contains(&value) && (least..=most).contains(&end) && up == (step > 0);
        let relation = if up { Relation::Less { signed } } else { Relation::More { signed } };
        fits.then_some((relation, Bound::Constant(value as i32)))
    }
}

impl Turns {
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
            out.push(I32_ADD);
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
        out.push(I32_SUB);
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
            out.push(I32_AND);
            index(out, op::BR_IF, exit);
        }
        self.distance(out);
        if shift > 0 {
            constant(out, shift as i32);
            out.push(I32_SHR_U);
        }
        if odd > 1 {
            constant(out, inverse(odd) as i32);
            out.push(I32_MUL);
            if shift > 0 {
                constant(out, (u32::MAX >> shift) as i32);
                out.push(I32_AND);
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
            out.push(I64_DIV_S);
        }
        low(self, out);
        high(self, out);
        out.push(if signed { I32_LT_S } else { I32_LT_U });
        out.extend([op::I64_EXTEND_I32_U, op::I64_MUL]);
    }
}

const I32_LT_U: u8 = 0x49;
const I32_MUL: u8 = 0x6c;
const I32_AND: u8 = 0x71;
const I32_SHR_U: u8 = 0x76;
const I64_DIV_S: u8 = 0x7f;

fn index(out: &mut Vec<u8>, opcode: u8, index: u32) {
    out.push(opcode);
    super::leb::unsigned(out, index);
}

fn constant(out: &mut Vec<u8>, value: i32) {
    out.push(op::I32_CONST);
    super::leb::signed(out, value.into());
}

fn long(out: &mut Vec<u8>, value: i64) {
    out.push(op::I64_CONST);
    super::leb::signed(out, value);
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
