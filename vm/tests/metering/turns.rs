//! Loops that count: gas where the meter may know the number of turns before the first.
//!
//! The turns are counted here by going around: the expected gas is their number times the instructions of a turn, counted by hand at
//! each form, at 1 gas under `unit`.

use hebe_host_ei::{Outcome, PARTICLES, Prices, Profile, Revision, StatusCode, mock::MockHost};
use hebe_vm::{
    Vm,
    meter::{Meter, Metering},
    validate::validate,
};

use crate::support::{config, message, wat};

/// How far a loop is followed. With gas for so many turns, one that goes further runs out of gas.
const TURNS: i64 = 600;

/// A comparison of wasm with what it says of two numbers.
type Test = (&'static str, fn(i32, i32) -> bool);
const TESTS: [Test; 10] = [
    ("ne", |a, b| a != b),
    ("eq", |a, b| a == b),
    ("lt_u", |a, b| (a as u32) < b as u32),
    ("le_u", |a, b| a as u32 <= b as u32),
    ("gt_u", |a, b| a as u32 > b as u32),
    ("ge_u", |a, b| a as u32 >= b as u32),
    ("lt_s", |a, b| a < b),
    ("le_s", |a, b| a <= b),
    ("gt_s", |a, b| a > b),
    ("ge_s", |a, b| a >= b),
];

const STARTS: [i32; 12] = [0, 1, 5, 7, 24, 100, 200, i32::MAX, i32::MIN, -1, -8, -40];
const STEPS: [i32; 22] = [
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    12,
    24,
    40,
    136,
    -1,
    -2,
    -4,
    -5,
    -8,
    -40,
    i32::MIN,
    1 << 30,
    i32::MAX,
    -(1 << 28),
];
const BOUNDS: [i32; 16] = [0, 1, 2, 5, 10, 24, 25, 64, 100, 200, 999, i32::MAX, i32::MIN, -1, -2, -40];

/// A loop over `$i` with a bound `$n`.
#[derive(Clone, Copy, Debug)]
struct Loop {
    form: usize,
    start: i32,
    step: i32,
    bound: i32,
    test: usize,
    /// The bound is in a local.
    in_local: bool,
    /// The bound is the first operand of the comparison.
    swapped: bool,
    /// The first value is a constant that is there to see, not the result of two instructions more.
    plain: bool,
}

/// The text, with the condition and the step left open; whether the counter is stepped before it is compared; instructions before
/// the loop, of a whole turn, and of the last turn (all but the condition and the step, which have 3 and 4, or 3 with the step in the
/// condition). A turn goes on where the condition holds, or ends the loop there.
struct Form {
    text: &'static str,
    stepped: bool,
    before: i64,
    turn: i64,
    last: i64,
    holds_to_go_on: bool,
}

const FORMS: [Form; 10] = [
    // loop; the step, the condition, br_if
    Form {
        text: "(loop $l STEP (br_if $l COND))",
        stepped: true,
        before: 1,
        turn: 8,
        last: 8,
        holds_to_go_on: true,
    },
    // the condition on the old value, which waits on the stack
    Form {
        text: "(loop $l COND STEP (br_if $l))",
        stepped: false,
        before: 1,
        turn: 8,
        last: 8,
        holds_to_go_on: true,
    },
    // block, loop; the condition, br_if; the step, br
    Form {
        text: "(block $b (loop $l (br_if $b COND) STEP (br $l)))",
        stepped: false,
        before: 2,
        turn: 9,
        last: 4,
        holds_to_go_on: false,
    },
    Form {
        text: "(block $b (loop $l STEP (br_if $b COND) (nop) (br $l)))",
        stepped: true,
        before: 2,
        turn: 10,
        last: 8,
        holds_to_go_on: false,
    },
    // loop; block, the condition, br_if; the last turn returns, the others step and go back
    Form {
        text: "(loop $l (block $b (br_if $b COND) (return)) STEP (br $l))",
        stepped: false,
        before: 1,
        turn: 10,
        last: 6,
        holds_to_go_on: true,
    },
    // loop; the condition, br_if out of the function; the step, br
    Form {
        text: "(loop $l (br_if 1 COND) STEP (br $l))",
        stepped: false,
        before: 1,
        turn: 9,
        last: 4,
        holds_to_go_on: false,
    },
    // A second way out, of the function, never taken: 2 instructions more in a turn; no number of turns is known.
    Form {
        text: "(loop $l (br_if 1 (local.get $never)) STEP (br_if $l COND))",
        stepped: true,
        before: 1,
        turn: 10,
        last: 10,
        holds_to_go_on: true,
    },
    // The way out of the function that is taken, and another that would be taken later: 8 of the first, 4 of the second.
    Form {
        text: "(loop $l STEP (br_if 1 COND) (br_if $l (i32.ne (local.get $never) (i32.const 1))))",
        stepped: true,
        before: 1,
        turn: 12,
        last: 8,
        holds_to_go_on: false,
    },
    // Two ways out, the second never taken: 2 instructions more in a turn; no number of turns is known.
    Form {
        text: "(block $b (loop $l STEP (br_if $b (local.get $never)) (br_if $l COND)))",
        stepped: true,
        before: 2,
        turn: 10,
        last: 10,
        holds_to_go_on: true,
    },
    // Two ways around, of which the loop takes one: `if` and its condition, and in the arm a nop.
    Form {
        text: "(loop $l STEP (if (local.get $never) (then (nop)) (else (nop))) (br_if $l COND))",
        stepped: true,
        before: 1,
        turn: 11,
        last: 11,
        holds_to_go_on: true,
    },
];

impl Loop {
    fn code(&self) -> Vec<u8> {
        let bound =
            if self.in_local { "(local.get $n)".to_owned() } else { format!("(i32.const {})", self.bound) };
        let counter = "(local.get $i)".to_owned();
        let [left, right] = if self.swapped { [bound, counter] } else { [counter, bound] };
        let condition = format!("(i32.{} {left} {right})", TESTS[self.test].0);
        let step = format!("(local.set $i (i32.add (local.get $i) (i32.const {})))", self.step);
        let body = FORMS[self.form].text.replace("STEP", &step).replace("COND", &condition);
        let start = match self.plain {
            true => format!("(i32.const {})", self.start),
            false => format!("(i32.xor (local.get $never) (i32.const {}))", self.start),
        };
        wat(&format!(
            r#"(module (memory (export "memory") 1) (func (export "main") (local $i i32) (local $n i32) (local $never i32)
            (local.set $i {start}) (local.set $n (i32.const {})) {body}))"#,
            self.bound
        ))
    }

    /// How many turns it makes, the last included, if they are not too many.
    fn turns(&self) -> Option<i64> {
        let form = &FORMS[self.form];
        let mut counter = self.start;
        (1..=TURNS).find(|_| {
            let old = counter;
            counter = counter.wrapping_add(self.step);
            let value = if form.stepped { counter } else { old };
            let [left, right] = if self.swapped { [self.bound, value] } else { [value, self.bound] };
            TESTS[self.test].1(left, right) != form.holds_to_go_on
        })
    }

    /// What runs to its end; four or six instructions set the locals.
    fn instructions(&self, turns: i64) -> i64 {
        let form = &FORMS[self.form];
        4 + 2 * i64::from(!self.plain) + form.before + (turns - 1) * form.turn + form.last
    }
}

fn check(vm: &Vm<MockHost>, case: Loop) -> bool {
    let code = case.code();
    let module = validate(&code, &Profile::EXTENDED, Revision::Byzantium, false).expect("valid");
    let start = module.facts().start_cost(code.len(), &Prices::UNIT);
    let gas = |turns| (start + case.instructions(turns) * PARTICLES + PARTICLES - 1) / PARTICLES;
    let run = |gas| {
        vm.execute(Revision::Byzantium, &code, message(gas, b""), MockHost::default()).1.expect("no fault")
    };
    let short = Outcome { status: StatusCode::OutOfGas, ..Outcome::success(0) };
    match case.turns() {
        Some(turns) => {
            let rich = gas(TURNS) + 1_000;
            assert_eq!(run(rich), Outcome::success(rich - gas(turns)), "{case:?} turns {turns} times");
            assert_eq!(run(gas(turns)), Outcome::success(0), "{case:?}");
            assert_eq!(run(gas(turns) - 1), short, "{case:?}");
        }
        None => assert_eq!(run(gas(TURNS)), short, "{case:?}"),
    }
    // Only a number of turns is multiplied with anything. Where that is known from the start there is no check in the loop, which has
    // no other `br_if` of the module's own.
    let metered = Meter::new(Metering::Inline, &Prices::UNIT).load(&module);
    let text = wasmprinter::print_bytes(metered.bytes()).expect("valid");
    text.contains("i64.mul") || text.matches("i64.lt_s").count() == 1
}

/// Each form with each step and each comparison, the other choices in turn, so that many pairs of them meet.
#[test]
fn turns_are_counted_exactly() {
    let vm = Vm::new(config(&Prices::UNIT));
    let (mut number, mut known) = (0_usize, [0; FORMS.len()]);
    for (form, known) in known.iter_mut().enumerate() {
        for step in STEPS {
            for test in 0..TESTS.len() {
                for _ in 0..4 {
                    // Primes to the lengths of the lists, so that all pairs come up.
                    number += 1;
                    let (start, bound) =
                        (STARTS[number * 5 % STARTS.len()], BOUNDS[number * 7 / 12 % BOUNDS.len()]);
                    let (in_local, swapped) = (number.is_multiple_of(3), number % 5 < 2);
                    let plain = number % 11 < 5;
                    let case = Loop { form, start, step, bound, test, in_local, swapped, plain };
                    *known += usize::from(check(&vm, case));
                }
            }
        }
    }
    // Comparisons that say which way, against a local or in the wrong direction, are counted turn by turn, and so are the second
    // form, whose comparison is not the last thing in a turn, and the last four, whose turns are not known.
    let is_counted = known.map(|known| known > 200);
    let expected = [true, false, true, true, true, true, false, false, false, false];
    assert_eq!(is_counted, expected, "{known:?} of {number}");
    assert_eq!([1, 6, 7, 8, 9].map(|form| known[form]), [0; 5]);
}

/// What tempts: counters that are changed elsewhere, bounds that move, the same local twice. Each has 3 turns or never ends; by hand,
/// instructions before the loop (its own included) and of a turn.
#[test]
fn loops_that_only_look_counted() {
    let vm = Vm::new(config(&Prices::UNIT));
    let step = "(local.set $i (i32.add (local.get $i) (i32.const 1)))";
    for (body, before, turns) in [
        // 6 of the loop, and twice the step: i = 2, 4, 6
        (format!("(loop $l {step} {step} (br_if $l (i32.ne (local.get $i) (i32.const 6))))"), 1, 3 * 12),
        // the bound goes up by one with the counter until it is 5: n = 5, i = 1, 2, 3; then n − i is 2
        (
            format!("(local.set $n (i32.const 4)) (loop $l {step} (local.set $n (i32.const 3)) (br_if $l (i32.ne (local.get $i) (local.get $n))))"),
            3,
            3 * 10,
        ),
        // the counter is its own bound: one turn
        (format!("(loop $l {step} (br_if $l (i32.ne (local.get $i) (local.get $i))))"), 1, 8),
        // the step is a local
        (
            "(local.set $n (i32.const 2)) (loop $l (local.set $i (i32.add (local.get $i) (local.get $n))) (br_if $l (i32.ne (local.get $i) (i32.const 6))))"
                .to_owned(),
            3,
            3 * 8,
        ),
        // stepped in one arm only: i = 1, 2, 3 in 3 turns, each with if, condition, the arm's 4
        (
            format!("(loop $l (if (i32.const 1) (then {step})) (br_if $l (i32.ne (local.get $i) (i32.const 3))))"),
            1,
            3 * 10,
        ),
        // another local is stepped to the same bound, the counter by 2 to 6
        (
            format!("(loop $l {step} (local.set $n (i32.add (local.get $n) (i32.const 2))) (br_if $l (i32.ne (local.get $n) (i32.const 6))))"),
            1,
            3 * 12,
        ),
        // out of the function when i is 3, long before the bound: 4, and 8 more in a turn that goes on
        (
            format!("(loop $l (br_if 1 (i32.eq (local.get $i) (i32.const 3))) {step} (br_if $l (i32.lt_u (local.get $i) (i32.const 1000000))))"),
            1,
            3 * 12 + 4,
        ),
        // the same where the other way back never ends: 1, 3, 5, 7
        (
            "(local.set $i (i32.const 1)) (loop $l (br_if 1 (i32.eq (local.get $i) (i32.const 7))) (local.set $i (i32.add (local.get $i) (i32.const 2))) (br_if $l (local.get $i)))".to_owned(),
            3,
            3 * 10 + 4,
        ),
        // multiplied: 1, 2, 4, 8
        (
            "(local.set $i (i32.const 1)) (loop $l (local.set $i (i32.mul (local.get $i) (i32.const 2))) (br_if $l (i32.ne (local.get $i) (i32.const 8))))"
                .to_owned(),
            3,
            3 * 8,
        ),
        // subtracted from: 3 − i is 3, 0: a step of i from 3 − i
        (
            "(loop $l (local.set $i (i32.sub (i32.const 3) (local.get $i))) (br_if $l (i32.ne (local.get $i) (i32.const 3))))".to_owned(),
            1,
            8,
        ),
    ] {
        let code = wat(&format!(
            r#"(module (memory (export "memory") 1) (func (export "main") (local $i i32) (local $n i32) {body}))"#
        ));
        let module = validate(&code, &Profile::EXTENDED, Revision::Byzantium, false).expect("valid");
        let particles = module.facts().start_cost(code.len(), &Prices::UNIT) + (before + turns) * PARTICLES;
        let used = (particles + PARTICLES - 1) / PARTICLES;
        let run = |gas| {
            vm.execute(Revision::Byzantium, &code, message(gas, b""), MockHost::default()).1.expect("no fault")
        };
        assert_eq!(run(10_000), Outcome::success(10_000 - used), "{body}");
        assert_eq!(run(used - 1).status, StatusCode::OutOfGas, "{body}");
    }
}
