//! Where a body's charges go: its segments, found in one walk, and how they share charges.
//!
//! The rule cuts a body into segments, each charged whole when it is entered. Between two places where somebody looks
//! at the gas (a call, an end of the function, a loop's header) only the sum matters. So what every way on has in common
//! is charged ahead: of the arms of an `if` and what follows it, often one charge remains.
//!
//! Ways that lead to the same place form a *junction*: the first segments of both arms of an `if`, or all that a
//! branch to a label may continue with; a loop's label is one, too. Each junction has an amount that is paid ahead of it, the least that any
//! of its segments has to charge. A segment then charges its own sum, plus what is paid ahead of the junction that it
//! leads to, minus what is paid ahead of its own. No charge is negative and the sum along every way is the rule's, so
//! gas runs out on a way if and only if the rule's sum is more than there is.

use super::{
    counted::{Branches, Counted, Ways, counted},
    opcode::{self as op, Cursor, IMMEDIATES, bulk},
    price::Table,
    reach::Reach,
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
    Import,
    /// A call of a function of the module's own, or one through a table. If nobody looks at the gas in it, it leads to a junction;
    /// otherwise to [`NOTHING`]. True if it may leave another depth in the global.
    Own(u32, bool),
    /// An instruction whose operand's length is charged first. Nobody looks at the gas then, so it leads to a junction.
    Length(Length, u32),
}

/// A stretch of code that is charged whole when it is entered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    /// Where it begins, as an offset in the module.
    pub(super) start: usize,
    /// Where the instruction begins that ends it.
    pub(super) last: usize,
    /// What is charged when it is entered, in units.
    pub(super) charge: i64,
    /// What ends it.
    pub(super) end: End,
    /// It begins a loop, inside this many blocks.
    pub(super) header: Option<u16>,
    /// It begins a loop all of whose turns are charged before it: its number among those.
    pub(super) counted: Option<u32>,
    /// No way leads to it.
    pub(super) dead: bool,
    /// Where control goes from its end.
    pub(super) ways: Ways,
    /// The junction that it belongs to.
    junction: u32,
    /// The segment before it in the same junction.
    next: u32,
}

/// The junction of what nothing is paid ahead for: what follows a call, the function's entry and its end.
const NOTHING: u32 = 0;
/// The end of a list of segments.
const NONE: u32 = u32::MAX;

/// A label that is open.
struct Open {
    /// Its number.
    label: u32,
    /// Of a loop: its first segment, how many branches lead back to it and from where, and whether there is a loop in it.
    header: u32,
    backs: u32,
    back: u32,
    has_loop: bool,
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
    /// Loops whose turns are charged before them.
    pub(super) counted: Vec<Counted>,
    open: Vec<Open>,
    /// For each label the segment that it is before; of the function's own, none.
    labels: Vec<u32>,
    /// Loops with one way back and no loop inside: their first segment and the one that leads back.
    loops: Vec<(u32, u32)>,
    /// Junctions that turned out to be the same: each with one that stands for it, or itself.
    parents: Vec<u32>,
    /// For each junction its last segment, and what is paid ahead.
    junctions: Vec<(u32, i64)>,
    imported: u32,
    reach: &'a [Reach],
}

impl<'a> Planner<'a> {
    /// A planner for a module with so many imported functions, and these functions.
    pub(super) fn new(imported: u32, reach: &'a [Reach]) -> Self {
        Self { imported, reach, ..Self::default() }
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
        (self.leaves_by_branch, self.disturbed) = (false, false);
        self.begin(start, NOTHING, false);
        let end = self.walk(Cursor { bytes: code, at: start }, table);
        self.share();
        end
    }

    /// Takes the charges out of loops whose turns are known when they are entered.
    pub(super) fn count(&mut self, code: &[u8]) {
        for (header, back) in std::mem::take(&mut self.loops) {
            let ends = (header as usize, back as usize);
            let Some((counted, turn)) = counted(code, &self.segments, &self.labels, ends) else { continue };
            self.segments[ends.0].counted = Some(self.counted.len() as u32);
            self.counted.push(counted);
            turn.into_iter().for_each(|index| self.segments[index].charge = 0);
        }
    }

    fn walk(&mut self, mut cursor: Cursor<'_>, table: &Table) -> usize {
        let mut cost = 0;
        loop {
            let at = cursor.at;
            let opcode = cursor.byte();
            cost += i64::from(table.plain[usize::from(opcode)]);
            match opcode {
                op::BLOCK => {
                    cursor.skip(1);
                    self.open(opcode);
                }
                op::LOOP | op::IF | op::ELSE | op::BR | op::BR_IF | op::BR_TABLE | op::RETURN => {
                    self.control(opcode, at, &mut cursor, &mut cost);
                    if opcode == op::IF {
                        cost = i64::from(table.then);
                    } else if opcode == op::ELSE {
                        cost = i64::from(table.r#else);
                    }
                }
                op::END => match self.open.pop() {
                    Some(open) => self.close(open, at, cursor.at, &mut cost),
                    None => {
                        self.end(at, End::Leaves, &mut cost);
                        return at;
                    }
                },
                op::UNREACHABLE => {
                    self.end(at, End::Never, &mut cost);
                    self.leads(false, Branches::No);
                    self.begin(cursor.at, NOTHING, true);
                }
                op::CALL | op::CALL_INDIRECT => self.call(opcode, at, &mut cursor, &mut cost),
                op::MEMORY_GROW => {
                    cursor.skip(1);
                    self.length(Length::Pages, at, cursor.at, &mut cost);
                }
                op::BULK => self.bulk(at, &mut cursor, table, &mut cost),
                op::SELECT_TYPED => cursor.pass(opcode),
                _ => cursor.skip(IMMEDIATES[usize::from(opcode)]),
            }
            if cursor.is_at_end() {
                // Not reached in a validated module.
                self.end(at, End::Never, &mut cost);
                return at;
            }
        }
    }

    fn is_dead(&self) -> bool {
        self.segments.last().is_some_and(|segment| segment.dead)
    }

    fn begin(&mut self, start: usize, junction: u32, dead: bool) {
        self.segments.push(Segment {
            start,
            last: start,
            charge: 0,
            end: End::Never,
            header: None,
            counted: None,
            dead,
            ways: Ways { falls: true, branches: Branches::No },
            junction,
            next: NONE,
        });
    }

    fn end(&mut self, last: usize, end: End, cost: &mut i64) {
        if let Some(segment) = self.segments.last_mut() {
            (segment.last, segment.end, segment.charge) = (last, end, *cost);
        }
        *cost = 0;
    }

    /// Says where control goes from the end of the last segment.
    fn leads(&mut self, falls: bool, branches: Branches) {
        if let Some(segment) = self.segments.last_mut() {
            segment.ways = Ways { falls, branches };
        }
    }

    fn junction(&mut self) -> u32 {
        let number = self.parents.len() as u32;
        self.parents.push(number);
        number
    }

    /// The junction that stands for this one.
    fn find(&mut self, mut junction: u32) -> u32 {
        loop {
            let parent = self.parents[junction as usize];
            if parent == junction {
                return junction;
            }
            let above = self.parents[parent as usize];
            self.parents[junction as usize] = above;
            junction = above;
        }
    }

    /// Makes two junctions one. Nothing is paid ahead of it if that is so for either: [`NOTHING`] is the least.
    fn join(&mut self, one: u32, other: u32) -> u32 {
        let (one, other) = (self.find(one), self.find(other));
        let (low, high) = (one.min(other), one.max(other));
        self.parents[high as usize] = low;
        low
    }

    fn open(&mut self, opcode: u8) {
        let live = !self.is_dead();
        let junction = self.junction();
        let arms = if opcode == op::IF { self.junction() } else { NOTHING };
        let label = self.labels.len() as u32;
        self.labels.push(NONE);
        if opcode == op::LOOP
            && let Some(outer) = self.open.iter_mut().rev().find(|open| open.is_loop)
        {
            outer.has_loop = true;
        }
        self.open.push(Open {
            label,
            header: NONE,
            backs: 0,
            back: NONE,
            has_loop: false,
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

    fn control(&mut self, opcode: u8, at: usize, cursor: &mut Cursor<'_>, cost: &mut i64) {
        match opcode {
            op::LOOP => {
                cursor.skip(1);
                let dead = self.is_dead();
                self.open(opcode);
                let junction = self.open.last().map_or(NOTHING, |open| open.junction);
                self.end(at, End::Goes(junction), cost);
                self.begin(cursor.at, junction, dead);
                let (header, depth) = (self.segments.len() as u32 - 1, self.open.len() as u16);
                if let (Some(segment), Some(open)) = (self.segments.last_mut(), self.open.last_mut()) {
                    segment.header = Some(depth);
                    open.header = header;
                    self.labels[open.label as usize] = header;
                }
            }
            op::IF => {
                cursor.skip(1);
                let dead = self.is_dead();
                self.open(opcode);
                let arms = self.open.last().map_or(NOTHING, |open| open.arms);
                self.end(at, End::Goes(arms), cost);
                self.leads(true, Branches::Many);
                self.begin(cursor.at, arms, dead);
            }
            op::ELSE => self.r#else(at, cursor.at, cost),
            op::RETURN => {
                self.end(at, End::Leaves, cost);
                self.leads(false, Branches::No);
                self.begin(cursor.at, NOTHING, true);
            }
            _ => self.branch(opcode, at, cursor, cost),
        }
    }

    fn r#else(&mut self, at: usize, after: usize, cost: &mut i64) {
        let falls = !self.is_dead();
        let Some(open) = self.open.last_mut() else { return };
        open.has_else = true;
        open.reached |= falls;
        let (junction, arms, live) = (open.junction, open.arms, open.live);
        self.end(at, End::Goes(junction), cost);
        self.leads(false, Branches::Many);
        self.begin(after, arms, !live);
    }

    fn close(&mut self, open: Open, at: usize, after: usize, cost: &mut i64) {
        if open.is_loop && open.backs == 1 && !open.has_loop && open.live {
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
        let branches = if opcode == op::BR_TABLE { Branches::Many } else { Branches::To(to.unwrap_or(NONE)) };
        self.leads(goes_on, branches);
        self.begin(cursor.at, junction, dead || !goes_on);
    }

    fn call(&mut self, opcode: u8, at: usize, cursor: &mut Cursor<'_>, cost: &mut i64) {
        let first = cursor.unsigned();
        // Through a table anything may be called, imports as well.
        let mut reach = Reach { observes: true, calls_own: true };
        if opcode == op::CALL_INDIRECT {
            cursor.skip(1);
        } else if let Some(known) = self.reach.get(first as usize) {
            reach = *known;
        }
        let dead = self.is_dead();
        let junction = if reach.observes { NOTHING } else { self.junction() };
        let import = opcode == op::CALL && first < self.imported;
        self.disturbed |= reach.calls_own && !dead;
        self.end(at, if import { End::Import } else { End::Own(junction, reach.calls_own) }, cost);
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
        // What has no length is part of its segment: nobody looks at the gas there.
        if let Some(length) = length {
            self.length(length, at, cursor.at, cost);
        }
    }

    /// Moves what all ways on have in common ahead of them.
    fn share(&mut self) {
        self.junctions.clear();
        self.junctions.resize(self.parents.len(), (NONE, 0));
        for index in 0..self.segments.len() {
            let junction = self.find(self.segments[index].junction);
            let list = &mut self.junctions[junction as usize].0;
            let segment = &mut self.segments[index];
            (segment.junction, segment.next) = (junction, *list);
            if !segment.dead {
                *list = index as u32;
            }
        }
        // A junction often leads to earlier ones (loops) or to ones whose amount is known later: the second turn has them all.
        for _ in 0..2 {
            for index in (0..self.segments.len()).rev() {
                let Segment { junction, dead, .. } = self.segments[index];
                // Its last segment comes first here: it follows all the others.
                if junction != NOTHING && !dead && self.junctions[junction as usize].0 == index as u32 {
                    self.junctions[junction as usize].1 = self.least(junction);
                }
            }
        }
        for index in 0..self.segments.len() {
            let segment = self.segments[index];
            let after = self.ahead(segment.end).map(|(_, amount)| amount);
            let before = self.junctions[segment.junction as usize].1;
            let charge = after.map_or(0, |after| segment.charge + after - before);
            self.segments[index].charge = if segment.dead { 0 } else { charge };
        }
    }

    /// The junction that an end leads to and what is paid ahead of it. `None` if nobody looks at the gas after it.
    fn ahead(&mut self, end: End) -> Option<(u32, i64)> {
        match end {
            End::Never => None,
            End::Goes(junction)
            | End::GoesOrLeaves(junction)
            | End::Own(junction, _)
            | End::Length(_, junction) => {
                let junction = self.find(junction);
                Some((junction, self.junctions[junction as usize].1))
            }
            End::Leaves | End::Import => Some((NOTHING, 0)),
        }
    }

    /// The least that a segment of a junction has to charge.
    ///
    /// A junction without an amount yet counts as nothing: less is shared then, but never too much, and more only makes
    /// room for more.
    fn least(&mut self, junction: u32) -> i64 {
        let (mut index, mut least) = (self.junctions[junction as usize].0, None);
        while let Some(segment) = self.segments.get(index as usize).copied() {
            index = segment.next;
            match self.ahead(segment.end) {
                // It leads to its own junction, so it pays nothing for others there.
                Some((next, _)) if next == junction => {}
                Some((_, amount)) => {
                    let charge = segment.charge + amount;
                    least = Some(least.map_or(charge, |known: i64| known.min(charge)));
                }
                None => {}
            }
        }
        least.unwrap_or(0)
    }
}
