//! Loops whose number of turns is known when they are entered.
//!
//! Such a loop has one way around and one way out, and leaves by comparing a local that grows by the same amount in each turn
//! with a bound that no turn changes. All its turns are then charged at once before it, and none checks the gas. The sum is
//! the same: the turns are counted exactly, wrapping as the loop's own arithmetic does. A loop that would never end runs out of
//! gas where it would be entered.

use super::{
    plan::{End, MANY, NONE, Segment},
    turns::{Bound, Relation, Turns},
};
use crate::binary::{Cursor, opcode as op};

/// The most segments of a loop that are looked at: it keeps the time linear where loops are nested.
const MOST_SEGMENTS: usize = 64;

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

/// The turns of the loop that begins with segment `header` and has its one way back at the end of segment `back`, if they
/// are known when it is entered. `labels` says at which segment each label is. If so, `turn` has the segments of a turn.
pub(super) fn counted(
    code: &[u8],
    segments: &[Segment],
    labels: &[u32],
    (header, back): (usize, usize),
    turn: &mut Vec<usize>,
) -> Option<Counted> {
    the_one_way(segments, labels, header, back, turn)?;
    let leaving = the_one_exit(segments, labels, turn, back)?;
    let turns = turns(code, segments, turn, leaving)?;
    let cost = |part: &[usize]| part.iter().map(|index| segments[*index].charge).sum::<i64>();
    let until = turn.iter().position(|index| *index == leaving.index)?;
    let counted = Counted { turns, turn: cost(turn), last: cost(&turn[..=until]) };
    let fits = 0 < counted.turn && counted.turn < MOST;
    fits.then_some(counted)
}

/// What a counter is set to before a loop, if the segment before it sets it to a constant.
pub(super) fn initial(code: &[u8], before: &Segment, counter: u32) -> Option<i32> {
    let (mut last, mut found) = (Op::Other, None);
    each(code, before, |_, op| {
        if let Op::Set(local) | Op::Tee(local) = op
            && local == counter
        {
            found = match last {
                Op::Constant(value) => Some(value),
                _ => None,
            };
        }
        last = op;
    });
    found
}

/// Where a segment at a label leads.
fn landing(segment: &Segment, labels: &[u32]) -> Option<usize> {
    labels.get(segment.branches as usize).map(|index| *index as usize)
}

/// Fills `way` with the segments from the header to the way back, if there is one way only and nobody looks at the gas on it.
fn the_one_way(
    segments: &[Segment],
    labels: &[u32],
    header: usize,
    back: usize,
    way: &mut Vec<usize>,
) -> Option<()> {
    let is_quiet =
        |segment: &Segment| matches!(segment.end, End::Goes(_) | End::GoesOrLeaves(_)) && !segment.dead;
    if back - header > MOST_SEGMENTS {
        return None;
    }
    way.clear();
    way.push(back);
    for index in (header..back).rev() {
        let segment = &segments[index];
        if segment.dead {
            continue;
        }
        // The way so far is in order, from behind: what leads to any of it leads back.
        let leads = |next: &usize| way.binary_search_by(|known| next.cmp(known)).is_ok();
        let falls = segment.falls && leads(&(index + 1));
        let branches = landing(segment, labels).filter(|next| *next > index && leads(next));
        match (segment.branches, falls, branches) {
            (MANY, ..) => return None,
            (_, true, Some(next)) if next != index + 1 => return None,
            (_, false, None) => continue,
            // A loop on the way has turns of its own.
            _ if !is_quiet(segment) || way.last().is_some_and(|next| segments[*next].header != 0) => {
                return None;
            }
            _ => way.push(index),
        }
    }
    way.reverse();
    let whole = way.first() == Some(&header) && is_quiet(&segments[back]) && segments[back].branches != MANY;
    whole.then_some(())
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
        if !segment.falls || segment.branches == NONE {
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

/// Calls `with` for each instruction in a segment, with its offset.
fn each(code: &[u8], segment: &Segment, mut with: impl FnMut(usize, Op)) {
    let mut cursor = Cursor { bytes: code, at: segment.start() };
    while cursor.at < segment.last() {
        let at = cursor.at;
        let opcode = cursor.byte();
        let op = match opcode {
            op::LOCAL_GET => Op::Get(cursor.unsigned()),
            op::LOCAL_SET => Op::Set(cursor.unsigned()),
            op::LOCAL_TEE => Op::Tee(cursor.unsigned()),
            op::I32_CONST => Op::Constant(cursor.signed() as i32),
            op::I32_EQZ..=op::I32_GE_U | op::I32_ADD | op::I32_SUB => Op::Plain(opcode),
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

/// The last instructions of a segment.
fn window(code: &[u8], segment: &Segment) -> Window {
    let (mut ring, mut next) = ([(0, Op::Other); 8], 0);
    each(code, segment, |at, op| {
        ring[next % 8] = (at, op);
        next += 1;
    });
    std::array::from_fn(|index| ring[(next + 1 + index) % 8])
}

fn turns(code: &[u8], segments: &[Segment], turn: &[usize], leaving: Leaving) -> Option<Turns> {
    for condition in conditions(&window(code, &segments[leaving.index])).into_iter().flatten() {
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
        Op::Plain(op::I32_EQZ) => [zero(Test::Eq, window[5]), None],
        Op::Plain(opcode) => {
            let Some(test) = Test::of(opcode) else { return [None; 2] };
            let right = window[5];
            // The right operand may be the counter as it is stepped: four instructions.
            let stepped = is_step([window[2].1, window[3].1, window[4].1, window[5].1]).is_some();
            let left = if stepped { window[1] } else { window[4] };
            let condition = |(at, counter), (_, bound), test| {
                let (Op::Get(counter) | Op::Tee(counter)) = counter else { return None };
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

/// By how much a local grows, if these four instructions step one.
fn is_step([first, second, operation, set]: [Op; 4]) -> Option<i32> {
    let (Op::Set(local) | Op::Tee(local)) = set else { return None };
    let (read, step) = match (first, second, operation) {
        (Op::Get(read), Op::Constant(step), Op::Plain(op::I32_ADD)) => (read, step),
        (Op::Constant(step), Op::Get(read), Op::Plain(op::I32_ADD)) => (read, step),
        (Op::Get(read), Op::Constant(step), Op::Plain(op::I32_SUB)) => (read, step.wrapping_neg()),
        _ => return None,
    };
    (read == local).then_some(step)
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
        let mut before = [Op::Other; 3];
        each(code, &segments[*index], |at, op| {
            let [first, second, third] = before;
            before = [second, third, op];
            let (Op::Set(local) | Op::Tee(local)) = op else { return };
            if Bound::Local(local) == bound {
                others += 1;
            } else if local == counter {
                match is_step([first, second, third, op]) {
                    Some(step) if step != 0 && found.is_none() => found = Some((step, at)),
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
            op::I32_EQ => Self::Eq,
            op::I32_NE => Self::Ne,
            op::I32_LT_S..=op::I32_GE_U => {
                // lt, gt, le, ge, each signed and unsigned.
                let kind = opcode - op::I32_LT_S;
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
