//! Loops that count. How often each turns is found by counting along, so that none needs a guard that would give away that
//! it is not a plain counted loop; the ones that turn too often or for ever are not written.

use wasm_encoder::{BlockType, Instruction as I, ValType};

use super::code::{Code, Label, MOST_TURNS, To};
use super::value::{at, constant};

/// What the loop goes on with: how the counter is compared to its bound.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goes {
    /// While the counter is not 0.
    On,
    Ne,
    LtU,
    LtS,
    GtU,
    GtS,
    LeU,
    GeS,
}

/// What else happens to the counter or its bound, at each turn.
#[derive(Clone, Copy)]
enum Change {
    Counter(i64),
    OddCounter(i64),
    Triple,
    Bound(i64),
}

#[derive(Clone)]
struct Plan {
    ty: ValType,
    start: i64,
    bound: i64,
    step: i64,
    goes: Goes,
    /// The test is before the turn.
    is_while: bool,
    changes: Vec<Change>,
}

impl Plan {
    fn cut(&self, value: i64) -> i64 {
        if self.ty == ValType::I64 { value } else { i64::from(value as i32) }
    }

    fn goes_on(&self, counter: i64, bound: i64) -> bool {
        // Sign extension keeps the unsigned order of i32.
        let (c, b) = (counter as u64, bound as u64);
        match self.goes {
            Goes::On => counter != 0,
            Goes::Ne => counter != bound,
            Goes::LtU => c < b,
            Goes::LtS => counter < bound,
            Goes::GtU => c > b,
            Goes::GtS => counter > bound,
            Goes::LeU => c <= b,
            Goes::GeS => counter >= bound,
        }
    }

    /// How often it turns, if that is at most `most`.
    fn turns(&self, most: u32) -> Option<u32> {
        let (mut counter, mut bound) = (self.cut(self.start), self.cut(self.bound));
        for turn in 0..=most {
            if self.is_while && !self.goes_on(counter, bound) {
                return Some(turn);
            }
            for change in &self.changes {
                match change {
                    Change::Counter(by) => counter = self.cut(counter.wrapping_add(*by)),
                    Change::OddCounter(by) if counter & 1 == 1 => {
                        counter = self.cut(counter.wrapping_add(*by));
                    }
                    Change::OddCounter(_) => {}
                    Change::Triple => counter = self.cut(counter.wrapping_mul(3)),
                    Change::Bound(by) => bound = self.cut(bound.wrapping_add(*by)),
                }
            }
            counter = self.cut(counter.wrapping_add(self.step));
            if !self.is_while && !self.goes_on(counter, bound) {
                return (turn < most).then_some(turn + 1);
            }
        }
        None
    }
}

impl Code<'_, '_> {
    fn plan(&mut self, most: u32) -> (Plan, u32) {
        let choice = &mut self.draft.choice;
        let (ty, step) = (choice.ty(), choice.one(&[1_i64, -1, 2, 3, -2, 5, -7, 1 << 28, 1 << 60]));
        let wanted = 1 + i64::from(choice.of(most.clamp(1, 12)));
        let start = if choice.flip() { choice.number() } else { 0 };
        let goes = [Goes::Ne, Goes::LtU, Goes::LtS, Goes::GtU, Goes::GtS, Goes::LeU, Goes::GeS, Goes::On];
        let by = choice.one(&[1, -1, 2, 4]);
        let change = [Change::Counter(by), Change::OddCounter(by), Change::Triple, Change::Bound(by)];
        let mut plan = Plan {
            ty,
            start,
            // Near what ends it, or past it.
            bound: start.wrapping_add(step.wrapping_mul(wanted)).wrapping_add(choice.one(&[0, 0, 1, -1])),
            step,
            goes: choice.one(&goes),
            is_while: choice.flip(),
            changes: (0..[0, 0, 1, 2][choice.of(4) as usize]).map(|_| choice.one(&change)).collect(),
        };
        if let Some(turns) = plan.turns(most) {
            return (plan, turns);
        }
        plan.changes.clear();
        if let Some(turns) = plan.turns(most) {
            return (plan, turns);
        }
        // A counter that meets its bound.
        plan.bound = start.wrapping_add(step.wrapping_mul(wanted));
        plan.goes = Goes::Ne;
        if let Some(turns) = plan.turns(most) {
            return (plan, turns);
        }
        plan = Plan { start: 1, step: -1, goes: Goes::On, is_while: false, ..plan };
        (plan, 1)
    }

    pub(super) fn counted_loop(&mut self, depth: u32) {
        let most = MOST_TURNS / self.turns;
        let (plan, turns) = self.plan(most.max(1));
        let counter = self.fresh(plan.ty);
        let bound = self.bound(&plan);
        // The first time, a local is 0 without being set.
        let is_first = self.turns == 1 && self.labels.iter().all(|label| label.to == To::End);
        if plan.start != 0 || !is_first || self.draft.choice.flip() {
            self.start(plan.ty, plan.start, counter);
        }
        let before = self.turns;
        if plan.is_while {
            self.emit(I::Block(BlockType::Empty));
            self.labels.push(Label::end(&[]));
        }
        self.emit(I::Loop(BlockType::Empty));
        // Another turn without the step does no harm; one with its changes might.
        let to = if plan.changes.is_empty() { To::Header } else { To::NoBranch };
        self.labels.push(Label { types: vec![], to });
        self.turns *= turns + 1;
        if plan.is_while {
            self.compare(&plan, counter, bound);
            self.emit(I::I32Eqz);
            self.emit(I::BrIf(1));
        }
        self.turns = (before * turns).max(1);
        self.turn(&plan, counter, bound, depth);
        self.turns = before;
        self.labels.pop();
        self.emit(I::End);
        if plan.is_while {
            self.labels.pop();
            self.emit(I::End);
        }
    }

    /// A turn: its statements among what happens to the counter, and the way back.
    fn turn(&mut self, plan: &Plan, counter: u32, bound: Option<u32>, depth: u32) {
        if self.draft.choice.of(3) == 0 {
            self.way_out(plan, counter);
        }
        let count = self.draft.choice.of(4);
        for at in 0..count.max(plan.changes.len() as u32) {
            if at < count {
                self.statement(depth);
            }
            if let Some(change) = plan.changes.get(at as usize) {
                self.change(plan.ty, *change, counter, bound);
            }
        }
        // Added, or its negative taken away.
        self.emit(I::LocalGet(counter));
        let takes_away = self.draft.choice.flip();
        self.emit(constant(plan.ty, if takes_away { plan.step.wrapping_neg() } else { plan.step }));
        self.emit(match (plan.ty, takes_away) {
            (ValType::I64, false) => I::I64Add,
            (ValType::I64, true) => I::I64Sub,
            (_, false) => I::I32Add,
            (_, true) => I::I32Sub,
        });
        if plan.is_while {
            self.emit(I::LocalSet(counter));
            return self.emit(I::Br(0));
        }
        // As LLVM has it: the counter stays on the stack for the test.
        if self.draft.choice.flip() {
            self.emit(I::LocalTee(counter));
            self.compare_rest(plan, bound);
        } else {
            self.emit(I::LocalSet(counter));
            self.compare(plan, counter, bound);
        }
        self.emit(I::BrIf(0));
    }

    /// A second way out of the loop, often of the function: when the counter is some number that it may well get to.
    fn way_out(&mut self, plan: &Plan, counter: u32) {
        let labels = self.labels.len() as u32;
        let onward: Vec<u32> = (1..labels).filter(|to| self.label(*to).to == To::End).collect();
        let to = if self.draft.choice.flip() { labels - 1 } else { self.draft.choice.one(&onward) };
        let types = self.label(to).types;
        self.values(&types, 1);
        let turns = i64::from(self.draft.choice.of(6));
        self.emit(I::LocalGet(counter));
        self.emit(constant(plan.ty, plan.cut(plan.start.wrapping_add(plan.step.wrapping_mul(turns)))));
        self.emit(if plan.ty == ValType::I64 { I::I64Eq } else { I::I32Eq });
        self.emit(I::BrIf(to));
        self.take(&types);
    }

    /// The bound in a local, if it moves or by choice.
    fn bound(&mut self, plan: &Plan) -> Option<u32> {
        let moves = plan.changes.iter().any(|change| matches!(change, Change::Bound(_)));
        (moves || self.draft.choice.flip()).then(|| {
            let local = self.fresh(plan.ty);
            self.start(plan.ty, plan.bound, local);
            local
        })
    }

    /// Sets a local: plainly, or through memory, so that the number cannot be seen in the code before the loop.
    fn start(&mut self, ty: ValType, number: i64, local: u32) {
        if self.draft.choice.flip() {
            self.emit(I::I32Const(0));
            self.emit(constant(ty, number));
            self.emit(if ty == ValType::I64 { I::I64Store(at(160)) } else { I::I32Store(at(160)) });
            self.emit(I::I32Const(0));
            self.emit(if ty == ValType::I64 { I::I64Load(at(160)) } else { I::I32Load(at(160)) });
        } else {
            self.emit(constant(ty, number));
        }
        self.emit(I::LocalSet(local));
    }

    fn change(&mut self, ty: ValType, change: Change, counter: u32, bound: Option<u32>) {
        let wide = ty == ValType::I64;
        let add = || if wide { I::I64Add } else { I::I32Add };
        let (local, by, operation) = match change {
            Change::Counter(by) | Change::OddCounter(by) => (counter, by, add()),
            Change::Triple => (counter, 3, if wide { I::I64Mul } else { I::I32Mul }),
            Change::Bound(by) => (bound.expect("it moves"), by, add()),
        };
        let is_odd = matches!(change, Change::OddCounter(_));
        if is_odd {
            self.emit(I::LocalGet(counter));
            self.emit(constant(ty, 1));
            self.emit(if wide { I::I64And } else { I::I32And });
            if wide {
                self.emit(I::I32WrapI64);
            }
            self.emit(I::If(BlockType::Empty));
        }
        self.emit(I::LocalGet(local));
        self.emit(constant(ty, by));
        self.emit(operation);
        self.emit(I::LocalSet(local));
        if is_odd {
            self.emit(I::End);
        }
    }

    fn compare(&mut self, plan: &Plan, counter: u32, bound: Option<u32>) {
        self.emit(I::LocalGet(counter));
        self.compare_rest(plan, bound);
    }

    /// Leaves whether the loop goes on; the counter is on the stack.
    fn compare_rest(&mut self, plan: &Plan, bound: Option<u32>) {
        let wide = plan.ty == ValType::I64;
        if plan.goes == Goes::On {
            // An i32 is a condition itself.
            if wide {
                self.emit(I::I64Const(0));
                self.emit(I::I64Ne);
            }
            return;
        }
        self.emit(bound.map_or(constant(plan.ty, plan.bound), I::LocalGet));
        self.emit(match (plan.goes, wide) {
            (Goes::LtU, false) => I::I32LtU,
            (Goes::LtU, true) => I::I64LtU,
            (Goes::LtS, false) => I::I32LtS,
            (Goes::LtS, true) => I::I64LtS,
            (Goes::GtU, false) => I::I32GtU,
            (Goes::GtU, true) => I::I64GtU,
            (Goes::GtS, false) => I::I32GtS,
            (Goes::GtS, true) => I::I64GtS,
            (Goes::LeU, false) => I::I32LeU,
            (Goes::LeU, true) => I::I64LeU,
            (Goes::GeS, false) => I::I32GeS,
            (Goes::GeS, true) => I::I64GeS,
            (_, false) => I::I32Ne,
            (_, true) => I::I64Ne,
        });
    }

    /// A loop whose counter is its parameter.
    pub(super) fn loop_on_the_stack(&mut self, depth: u32) {
        let turns = 1 + self.draft.choice.of((MOST_TURNS / self.turns).clamp(1, 10));
        let counter = self.fresh(ValType::I32);
        let ty = self.block_type(&[ValType::I32], &[ValType::I32]);
        self.emit(I::I32Const(turns as i32));
        self.emit(I::Loop(ty));
        let before = self.turns;
        self.turns *= turns;
        self.emit(I::I32Const(-1));
        self.emit(I::I32Add);
        self.emit(I::LocalSet(counter));
        // A branch back to it would have to bring a counter.
        self.emit(I::Block(BlockType::Empty));
        self.labels.push(Label { types: vec![ValType::I32], to: To::NoBranch });
        self.inside(Label::end(&[]), |code| code.statements(depth, 3));
        self.labels.pop();
        self.emit(I::End);
        self.emit(I::LocalGet(counter));
        self.emit(I::LocalGet(counter));
        self.emit(I::BrIf(0));
        self.turns = before;
        self.emit(I::End);
        self.take(&[ValType::I32]);
    }
}
