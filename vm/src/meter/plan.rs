//! Where a body's charges go: its segments, found in one walk. `share.rs` and `counted.rs` then move charges together.

use super::{
    Changes,
    counted::{Counted, counted, initial},
    price::Table,
    reach::Reach,
};
use crate::binary::{
    Cursor,
    opcode::{self as op, IMMEDIATES, bulk},
};

/// What a length is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// `memory.grow`
    Pages,
    /// Bulk operations on memory
    Lines,
    /// Bulk operations on tables
    Elements,
}

/// What ends a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Control goes on within the function, to the junction with this number.
    Goes(u32),
    /// The same, or it may leave the function.
    GoesOrLeaves(u32),
    /// Control leaves the function.
    Leaves,
    /// `unreachable`: nobody will look at the gas any more.
    Never,
    /// A call of an imported function.
    /// True: the gas goes there with the arguments, and comes back with the results.
    Import(bool),
    /// A call of a function of the module's own, or one through a table. If nobody looks at the gas in it, it leads to a junction;
    /// otherwise to [`NOTHING`]. True if it may leave another depth in the global.
    Own(u32, bool),
    /// An instruction whose operand's length is charged first. Nobody looks at the gas then, so it leads to a junction.
    Length(Length, u32),
}

/// A stretch of code that is charged whole when it is entered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    start: u32,
    last: u32,
    /// What is charged when it is entered, in units.
    pub(super) charge: i64,
    /// What ends it.
    pub(super) end: End,
    /// It begins a loop, inside this many blocks; 0 if it begins none.
    pub(super) header: u16,
    /// No way leads to it.
    pub(super) dead: bool,
    /// Control may go on behind its end.
    pub(super) falls: bool,
    /// The label that it branches to, or [`OUT`], [`MANY`], [`NONE`].
    pub(super) branches: u32,
    /// It begins a loop all of whose turns are charged before it: its number among those, or [`BEFORE`]; else [`NONE`].
    pub(super) counted: u32,
    /// The junction that it belongs to.
    pub(super) junction: u32,
    /// The segment before it in the same junction.
    pub(super) next: u32,
}

impl Segment {
    /// Where it begins, as an offset in the module.
    pub(super) fn start(&self) -> usize {
        self.start as usize
    }

    /// Where the instruction begins that ends it.
    pub(super) fn last(&self) -> usize {
        self.last as usize
    }
}

/// The junction of what nothing is paid ahead for: what follows a call, the function's entry and its end.
pub(super) const NOTHING: u32 = 0;
/// Bytes of instructions that a loop may execute without a check of the gas, if it is known how many these are.
const UNCHECKED_BYTES: u64 = 4_096;
/// The same for all such loops of a function.
const ALL_UNCHECKED_BYTES: u64 = 65_536;
/// Of a loop: it is charged with the segment before it.
const BEFORE: u32 = u32::MAX - 1;
/// No label, no segment, no loop.
pub(super) const NONE: u32 = u32::MAX;
/// Several labels, or into an arm of an `if`, which is not followed here.
pub(super) const MANY: u32 = u32::MAX - 1;
/// The label of the function: out of it.
const OUT: u32 = u32::MAX - 2;

/// A label that is open.
struct Open {
    /// Its number.
    label: u32,
    /// Of a loop: its first segment, how many branches lead back to it, and from where.
    header: u32,
    backs: u32,
    back: u32,
    is_loop: bool,
    is_if: bool,
    has_else: bool,
    /// Where a branch to it leads.
    junction: u32,
    /// The arms of an `if`.
    arms: u32,
    targeted: bool,
    /// Control reaches the instruction that opened it.
    live: bool,
    /// A way leads to its end.
    reached: bool,
}

/// Plans bodies, one after the other. It keeps its buffers.
#[derive(Default)]
pub(super) struct Planner<'a> {
    pub(super) segments: Vec<Segment>,
    /// Branches lead to the function's end.
    pub(super) leaves_by_branch: bool,
    /// It calls functions that may leave another depth in the global.
    pub(super) disturbed: bool,
    /// Blocks of this body and branches, each target of a table counted.
    pub(super) edges: u64,
    /// What the bodies planned so far can change of an instance.
    pub(super) changes: Changes,
    /// Loops whose turns are charged before them.
    pub(super) counted: Vec<Counted>,
    open: Vec<Open>,
    /// For each label the segment that it is before; of the function's own, none.
    labels: Vec<u32>,
    /// Loops with one way back: their first segment and the one that leads back.
    loops: Vec<(u32, u32)>,
    /// The segments of a loop's turn.
    turn: Vec<usize>,
    /// Junctions that turned out to be the same: each with one that stands for it, or itself.
    pub(super) parents: Vec<u32>,
    /// For each junction its last segment, and what is paid ahead.
    pub(super) junctions: Vec<(u32, i64)>,
    imported: u32,
    reach: &'a [Reach],
}

impl<'a> Planner<'a> {
    /// A planner for a module with so many imported functions, and these functions.
    pub(super) fn new(imported: u32, reach: &'a [Reach]) -> Self {
        // Room for what most bodies need, so that nothing is moved while it grows.
        let (segments, labels, parents) =
            (Vec::with_capacity(256), Vec::with_capacity(64), Vec::with_capacity(128));
        let (open, junctions) = (Vec::with_capacity(32), Vec::with_capacity(128));
        Self { segments, labels, parents, open, junctions, imported, reach, ..Self::default() }
    }

    /// Plans the body whose instructions begin at `start`. Gives the offset of its last `end`.
    pub(super) fn plan(&mut self, code: &[u8], start: usize, table: &Table) -> usize {
        self.segments.clear();
        self.open.clear();
        self.parents.clear();
        self.parents.push(NOTHING);
        self.counted.clear();
        self.loops.clear();
        self.labels.clear();
        (self.leaves_by_branch, self.disturbed, self.edges) = (false, false, 0);
        self.begin(start, NOTHING, false);
        let end = self.walk(Cursor { bytes: code, at: start }, table);
        self.share();
        end
    }

    /// Takes the charges out of loops whose turns are known when they are entered.
    pub(super) fn count(&mut self, code: &[u8]) {
        let mut unchecked = 0;
        for (header, back) in self.loops.drain(..) {
            let ends = (header as usize, back as usize);
            let counted = counted(code, &self.segments, &self.labels, ends, &mut self.turn);
            let Some(counted) = counted else { continue };
            let bytes: usize = self
                .turn
                .iter()
                .map(|index| self.segments[*index].last() - self.segments[*index].start())
                .sum();
            self.turn.iter().for_each(|index| self.segments[*index].charge = 0);
            let before = ends.0.checked_sub(1).and_then(|before| self.segments.get_mut(before));
            let fixed = before.and_then(|before| {
                let turns = counted.turns.number(initial(code, before, counted.turns.counter)?)?;
                let executed = turns * bytes as u64;
                let fits = executed <= UNCHECKED_BYTES && unchecked + executed <= ALL_UNCHECKED_BYTES;
                unchecked += if fits { executed } else { 0 };
                fits.then_some((before, turns as i64))
            });
            self.segments[ends.0].counted = match fixed {
                Some((before, turns)) => {
                    before.charge += turns * counted.turn + counted.last;
                    BEFORE
                }
                None => {
                    self.counted.push(counted);
                    self.counted.len() as u32 - 1
                }
            };
        }
    }

    fn walk(&mut self, mut cursor: Cursor<'_>, table: &Table) -> usize {
        let (mut cost, mut stores) = (0, false);
        loop {
            let at = cursor.at;
            let opcode = cursor.byte();
            cost += i64::from(table.plain[usize::from(opcode)]);
            let immediates = IMMEDIATES[usize::from(opcode)];
            if immediates != op::STRUCTURED {
                stores |= (op::I32_STORE..=op::I64_STORE32).contains(&opcode);
                cursor.skip(immediates);
                continue;
            }
            match opcode {
                op::BLOCK => {
                    cursor.skip(1);
                    self.open(opcode);
                }
                op::IF => {
                    self.r#if(at, &mut cursor, &mut cost);
                    cost = i64::from(table.then);
                }
                op::ELSE => {
                    self.r#else(at, cursor.at, &mut cost);
                    cost = i64::from(table.r#else);
                }
                op::LOOP => self.r#loop(at, &mut cursor, &mut cost),
                op::BR | op::BR_IF | op::BR_TABLE => self.branch(opcode, at, &mut cursor, &mut cost),
                op::END => match self.open.pop() {
                    Some(open) => self.close(&open, at, cursor.at, &mut cost),
                    None => {
                        self.changes.memory |= stores;
                        self.end(at, End::Leaves, &mut cost);
                        return at;
                    }
                },
                op::RETURN => self.stop(End::Leaves, at, cursor.at, &mut cost),
                op::UNREACHABLE => self.stop(End::Never, at, cursor.at, &mut cost),
                op::CALL | op::CALL_INDIRECT => self.call(opcode, at, &mut cursor, &mut cost),
                op::MEMORY_GROW => {
                    cursor.skip(1);
                    self.length(Length::Pages, at, cursor.at, &mut cost);
                }
                op::BULK => self.bulk(at, &mut cursor, table, &mut cost),
                _ => cursor.pass(opcode),
            }
        }
    }

    fn is_dead(&self) -> bool {
        self.segments.last().is_some_and(|segment| segment.dead)
    }

    fn begin(&mut self, start: usize, junction: u32, dead: bool) {
        self.segments.push(Segment {
            start: start as u32,
            last: start as u32,
            charge: 0,
            end: End::Never,
            header: 0,
            dead,
            falls: true,
            branches: NONE,
            counted: NONE,
            junction,
            next: NONE,
        });
    }

    fn end(&mut self, last: usize, end: End, cost: &mut i64) {
        if let Some(segment) = self.segments.last_mut() {
            (segment.last, segment.end, segment.charge) = (last as u32, end, *cost);
        }
        *cost = 0;
    }

    /// Says where control goes from the end of the last segment.
    fn leads(&mut self, falls: bool, branches: u32) {
        if let Some(segment) = self.segments.last_mut() {
            (segment.falls, segment.branches) = (falls, branches);
        }
    }

    fn junction(&mut self) -> u32 {
        let number = self.parents.len() as u32;
        self.parents.push(number);
        number
    }

    fn open(&mut self, opcode: u8) {
        self.edges += 1;
        let live = !self.is_dead();
        let junction = self.junction();
        let arms = if opcode == op::IF { self.junction() } else { NOTHING };
        let label = self.labels.len() as u32;
        self.labels.push(NONE);
        self.open.push(Open {
            label,
            header: NONE,
            backs: 0,
            back: NONE,
            is_loop: opcode == op::LOOP,
            is_if: opcode == op::IF,
            has_else: false,
            junction,
            arms,
            targeted: false,
            live,
            reached: false,
        });
    }

    fn r#loop(&mut self, at: usize, cursor: &mut Cursor<'_>, cost: &mut i64) {
        cursor.skip(1);
        let dead = self.is_dead();
        self.open(op::LOOP);
        let junction = self.open.last().map_or(NOTHING, |open| open.junction);
        self.end(at, End::Goes(junction), cost);
        self.begin(cursor.at, junction, dead);
        let (header, depth) = (self.segments.len() as u32 - 1, self.open.len() as u16);
        if let (Some(segment), Some(open)) = (self.segments.last_mut(), self.open.last_mut()) {
            segment.header = depth;
            open.header = header;
            self.labels[open.label as usize] = header;
        }
    }

    fn r#if(&mut self, at: usize, cursor: &mut Cursor<'_>, cost: &mut i64) {
        cursor.skip(1);
        let dead = self.is_dead();
        self.open(op::IF);
        let arms = self.open.last().map_or(NOTHING, |open| open.arms);
        self.end(at, End::Goes(arms), cost);
        self.leads(true, MANY);
        self.begin(cursor.at, arms, dead);
    }

    /// An end behind which nothing is reached.
    fn stop(&mut self, end: End, at: usize, after: usize, cost: &mut i64) {
        self.end(at, end, cost);
        self.leads(false, NONE);
        self.begin(after, NOTHING, true);
    }

    fn r#else(&mut self, at: usize, after: usize, cost: &mut i64) {
        let falls = !self.is_dead();
        let Some(open) = self.open.last_mut() else { return };
        open.has_else = true;
        open.reached |= falls;
        let (junction, arms, live) = (open.junction, open.arms, open.live);
        self.end(at, End::Goes(junction), cost);
        self.leads(false, MANY);
        self.begin(after, arms, !live);
    }

    fn close(&mut self, open: &Open, at: usize, after: usize, cost: &mut i64) {
        if open.is_loop && open.backs == 1 && open.live {
            self.loops.push((open.header, open.back));
        }
        if open.is_loop || !(open.is_if || open.targeted) {
            return;
        }
        self.labels[open.label as usize] = self.segments.len() as u32;
        let mut live = open.reached || !self.is_dead();
        if open.is_if && !open.has_else {
            // Without an else, the condition leads here, too.
            self.join(open.arms, open.junction);
            live |= open.live;
        }
        self.end(at, End::Goes(open.junction), cost);
        self.begin(after, open.junction, !live);
    }

    /// Notes a branch to a label: gives the junction it leads to, and the label's number unless it is the function's.
    fn target(&mut self, relative_depth: u32) -> (u32, Option<u32>) {
        let live = !self.is_dead();
        let segment = self.segments.len() as u32 - 1;
        let index = self.open.len().checked_sub(1 + relative_depth as usize);
        match index.and_then(|index| self.open.get_mut(index)) {
            Some(open) => {
                open.targeted = true;
                open.reached |= live;
                open.backs += u32::from(live);
                open.back = segment;
                (open.junction, Some(open.label))
            }
            None => {
                self.leaves_by_branch = true;
                (NOTHING, None)
            }
        }
    }

    fn branch(&mut self, opcode: u8, at: usize, cursor: &mut Cursor<'_>, cost: &mut i64) {
        let labels = if opcode == op::BR_TABLE { cursor.unsigned().saturating_add(1) } else { 1 };
        self.edges += u64::from(labels);
        let (mut joined, mut to, mut leaves) = (None, None, false);
        for _ in 0..labels {
            if cursor.is_at_end() {
                break;
            }
            let (junction, label) = self.target(cursor.unsigned());
            leaves |= label.is_none();
            to = label;
            joined = Some(joined.map_or(junction, |known| self.join(known, junction)));
        }
        let junction = joined.unwrap_or(NOTHING);
        let goes_on = opcode == op::BR_IF;
        let end = match (leaves, goes_on || labels > 1) {
            (false, _) => End::Goes(junction),
            (true, true) => End::GoesOrLeaves(junction),
            (true, false) => End::Leaves,
        };
        let dead = self.is_dead();
        self.end(at, end, cost);
        let branches = if opcode == op::BR_TABLE { MANY } else { to.unwrap_or(OUT) };
        self.leads(goes_on, branches);
        self.begin(cursor.at, junction, dead || !goes_on);
    }

    fn call(&mut self, opcode: u8, at: usize, cursor: &mut Cursor<'_>, cost: &mut i64) {
        let first = cursor.unsigned();
        // Through a table anything may be called, imports as well.
        let mut reach = Reach { observes: true, calls_own: true, takes_gas: false };
        if opcode == op::CALL_INDIRECT {
            cursor.skip(1);
        } else if let Some(known) = self.reach.get(first as usize) {
            reach = *known;
        }
        let dead = self.is_dead();
        let junction = if reach.observes { NOTHING } else { self.junction() };
        let import = opcode == op::CALL && first < self.imported;
        self.disturbed |= reach.calls_own && !dead;
        let end = if import { End::Import(reach.takes_gas) } else { End::Own(junction, reach.calls_own) };
        self.end(at, end, cost);
        self.begin(cursor.at, junction, dead);
    }

    fn length(&mut self, length: Length, at: usize, after: usize, cost: &mut i64) {
        let (dead, junction) = (self.is_dead(), self.junction());
        self.end(at, End::Length(length, junction), cost);
        self.begin(after, junction, dead);
    }

    fn bulk(&mut self, at: usize, cursor: &mut Cursor<'_>, table: &Table, cost: &mut i64) {
        let number = cursor.unsigned();
        *cost += i64::from(table.bulk(number));
        let (numbers, length) = match number {
            bulk::MEMORY_INIT | bulk::MEMORY_COPY => (2, Some(Length::Lines)),
            bulk::MEMORY_FILL => (1, Some(Length::Lines)),
            bulk::TABLE_INIT | bulk::TABLE_COPY => (2, Some(Length::Elements)),
            _ => (1, None),
        };
        cursor.skip(numbers);
        match number {
            bulk::MEMORY_INIT | bulk::MEMORY_COPY | bulk::MEMORY_FILL => self.changes.memory = true,
            _ => self.changes.others = true,
        }
        // What has no length is part of its segment: nobody looks at the gas there.
        if let Some(length) = length {
            self.length(length, at, cursor.at, cost);
        }
    }
}
