//! A function's segments, found in one walk over its body.

use hebe_host_ei::Prices;
use wasmparser::{Operator, OperatorsReader};

use super::price::price;

/// What is written into a body before the instruction at an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// A segment begins, and no check belongs to it.
    Charge,
    /// A segment begins at a loop's header, inside this many blocks.
    Header { depth: u32 },
    /// A call: the callee counts in the global.
    Call,
    /// After a call.
    Called,
    /// A `return` from inside this many blocks; it takes the way out that every end takes.
    Return { depth: u32 },
    /// The length on the stack is charged before the instruction acts.
    Length(Length),
}

/// What a length is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    Pages,
    Bytes,
    Elements,
}

impl Length {
    pub(super) const ALL: [Self; 3] = [Self::Pages, Self::Bytes, Self::Elements];

    pub(super) fn price(self, prices: &Prices) -> u32 {
        match self {
            Self::Pages => prices.page,
            Self::Bytes => prices.bulk_byte,
            Self::Elements => prices.bulk_element,
        }
    }

    fn of(operator: &Operator<'_>) -> Option<Self> {
        match operator {
            Operator::MemoryGrow { .. } => Some(Self::Pages),
            Operator::MemoryCopy { .. } | Operator::MemoryFill { .. } | Operator::MemoryInit { .. } => {
                Some(Self::Bytes)
            }
            Operator::TableCopy { .. } | Operator::TableInit { .. } => Some(Self::Elements),
            _ => None,
        }
    }
}

/// A body's segments: each point with where it is and, where a segment begins, what that costs.
pub(super) struct Segments {
    pub(super) points: Vec<(usize, Point, i64)>,
    /// What the first segment costs, which begins with the body.
    pub(super) first: i64,
    /// Where the body's own `end` is.
    pub(super) end: usize,
    /// True if it calls.
    pub(super) calls: bool,
    /// True if a length is charged in it.
    pub(super) lengths: bool,
}

/// A block that is open.
struct Open {
    is_if: bool,
    is_loop: bool,
    is_target: bool,
}

/// Finds the segments in one walk.
struct Walk<'p> {
    prices: &'p Prices,
    open: Vec<Open>,
    segments: Segments,
    /// Which point's cost is being added up; `None`: the first segment's.
    current: Option<usize>,
}

impl Walk<'_> {
    fn add(&mut self, cost: u32) {
        match self.current {
            Some(point) => self.segments.points[point].2 += i64::from(cost),
            None => self.segments.first += i64::from(cost),
        }
    }

    fn point(&mut self, offset: usize, point: Point) {
        self.segments.points.push((offset, point, 0));
    }

    /// Begins a segment.
    fn begin(&mut self, offset: usize, point: Point) {
        self.point(offset, point);
        self.current = Some(self.segments.points.len() - 1);
    }

    /// Marks the block that a branch leads to. The body itself needs no mark: nothing comes after it.
    fn target(&mut self, relative_depth: u32) {
        let index = self.open.len().checked_sub(1 + relative_depth as usize);
        if let Some(open) = index.and_then(|index| self.open.get_mut(index)) {
            open.is_target = true;
        }
    }

    fn depth(&self) -> u32 {
        self.open.len() as u32
    }

    fn step(&mut self, operator: &Operator<'_>, offset: usize, after: usize) {
        self.add(price(operator, self.prices));
        match operator {
            Operator::Block { .. } => self.open.push(Open { is_if: false, is_loop: false, is_target: false }),
            Operator::Loop { .. } => {
                self.open.push(Open { is_if: false, is_loop: true, is_target: false });
                self.begin(after, Point::Header { depth: self.depth() });
            }
            Operator::If { .. } => {
                self.open.push(Open { is_if: true, is_loop: false, is_target: false });
                self.begin(after, Point::Charge);
                self.add(self.prices.then);
            }
            Operator::Else => {
                self.begin(after, Point::Charge);
                self.add(self.prices.r#else);
            }
            Operator::End => match self.open.pop() {
                // The end of an `if` is where its arms meet, so it is a target.
                Some(open) if open.is_if || (open.is_target && !open.is_loop) => {
                    self.begin(after, Point::Charge);
                }
                Some(_) => {}
                None => self.segments.end = offset,
            },
            Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                self.target(*relative_depth);
                self.begin(after, Point::Charge);
            }
            Operator::BrTable { targets } => {
                let listed = targets.targets().map_while(Result::ok);
                listed.chain([targets.default()]).for_each(|depth| self.target(depth));
                self.begin(after, Point::Charge);
            }
            Operator::Return => {
                self.point(offset, Point::Return { depth: self.depth() });
                self.begin(after, Point::Charge);
            }
            Operator::Unreachable => self.begin(after, Point::Charge),
            Operator::Call { .. } | Operator::CallIndirect { .. } => {
                self.segments.calls = true;
                self.point(offset, Point::Call);
                self.point(after, Point::Called);
                self.begin(after, Point::Charge);
            }
            Operator::DataDrop { .. } | Operator::ElemDrop { .. } => self.begin(after, Point::Charge),
            _ => {
                if let Some(length) = Length::of(operator) {
                    self.segments.lengths = true;
                    self.point(offset, Point::Length(length));
                    self.begin(after, Point::Charge);
                }
            }
        }
    }
}

/// Cuts a body into its segments.
pub(super) fn segments(mut reader: OperatorsReader<'_>, prices: &Prices) -> Segments {
    let segments = Segments { points: Vec::new(), first: 0, end: 0, calls: false, lengths: false };
    let mut walk = Walk { prices, open: Vec::new(), segments, current: None };
    // The body was validated: reading it again cannot fail.
    while let Ok((operator, offset)) = reader.read_with_offset() {
        walk.step(&operator, offset as usize, reader.original_position() as usize);
        if reader.eof() {
            break;
        }
    }
    walk.segments
}
