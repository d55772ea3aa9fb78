//! What one more call costs: of the host, of a contract, a creation.
//!
//! A contract makes its calls as often as its call data say, four bytes, little-endian. What many calls take less
//! what few take, divided by how many more there are, is what one takes.

use std::sync::Arc;

use hebe_benches::support::{message, wat};
use hebe_host_ei::{Message, mock::MockHost};

use crate::{
    bare::{self, World},
    bench::{Bench, run},
    nest,
    sampler::{Contender, Series},
    warm::nothing,
};

pub(crate) const GROUP: &str = "calls";

/// Host calls in a turn of the loop, so that the loop itself does not count.
const UNROLLED: usize = 64;

/// Name, import, and the call.
const HOST_CALLS: [(&str, &str, &str); 3] = [
    ("getCallDataSize", "(func $f (result i32))", "(drop (call $f))"),
    ("getGasLeft", "(func $f (result i64))", "(drop (call $f))"),
    ("storageLoad", "(func $f (param i32 i32))", "(call $f (i32.const 64) (i32.const 96))"),
];

/// What a nested call and a creation are, with the data they need.
const NESTED: &str =
    r#"(drop (call $call (i64.const 1000000000) (i32.const 64) (i32.const 96) (i32.const 0) (i32.const 0)))"#;
const CREATE: &str = "(drop (call $create (i32.const 96) (i32.const 128) (i32.const LENGTH) (i32.const 64)))";

/// A contract that makes calls, and how to count what one takes.
struct Calls {
    name: &'static str,
    code: Vec<u8>,
    unit: &'static str,
    /// Turns of the loop: few and many.
    turns: (u32, u32),
    /// The difference in microseconds, times this, is what one call takes.
    each: f64,
    host: fn() -> MockHost,
    on_bare: bool,
}

pub(crate) fn measure(bench: &mut Bench) {
    bare::set_handlers();
    for (name, import, call) in HOST_CALLS {
        let import = format!("(import \"ethereum\" \"{name}\" {import})");
        let code = wat(&text(&import, &call.repeat(UNROLLED), ""));
        let each = 1e3 / (100.0 * UNROLLED as f64);
        let host = MockHost::default;
        row(bench, &Calls { name, code, unit: "ns", turns: (2, 102), each, host, on_bare: true });
    }
    let nesting = |name, code| Calls {
        name,
        code,
        unit: "µs",
        turns: (1, 101),
        each: 1.0 / 100.0,
        host: nest::host,
        on_bare: false,
    };
    let import = r#"(import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))"#;
    row(bench, &nesting("nested call", wat(&text(import, NESTED, ""))));

    let init = nothing();
    let data: String = init.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let data = format!("(data (i32.const 128) \"{data}\")");
    let import = r#"(import "ethereum" "create" (func $create (param i32 i32 i32 i32) (result i32)))"#;
    let create = CREATE.replace("LENGTH", &init.len().to_string());
    row(bench, &nesting("creation", wat(&text(import, &create, &data))));
}

/// A contract that does `body` in a loop, as often as its call data say; without call data, nothing.
fn text(import: &str, body: &str, data: &str) -> String {
    format!(
        r#"(module
            {import}
            (import "ethereum" "getCallDataSize" (func $size (result i32)))
            (import "ethereum" "callDataCopy" (func $copy (param i32 i32 i32)))
            (memory (export "memory") 1)
            {data}
            (func (export "main") (local $turns i32)
                (if (i32.eqz (call $size)) (then (return)))
                (call $copy (i32.const 0) (i32.const 0) (i32.const 4))
                (local.set $turns (i32.load (i32.const 0)))
                (loop $turn
                    {body}
                    (br_if $turn (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))))"#
    )
}

fn row(bench: &mut Bench, calls: &Calls) {
    bench.measured.push(calls.code.clone());
    let mut times = Vec::new();
    for engine in &bench.engines {
        let vm = Arc::new(bench.vm(engine, "inline"));
        nest::answer_with(&vm, &calls.code);
        bench.settle(engine, || drop(run(&vm, &calls.code, calls.input(calls.turns.1))));
        let contender = |turns| {
            let (vm, of_input) = (Arc::clone(&vm), Arc::clone(&vm));
            let input = move || {
                nest::answer_with(&of_input, &calls.code);
                calls.input(turns)
            };
            Contender::new(turns.to_string(), input, move |call| run(&vm, &calls.code, call))
        };
        times.push((engine.clone(), calls.one(bench, contender)));
    }
    // They have no host functions for the others.
    let on_bare = if calls.on_bare { bare::engines::<MockHost>(&calls.code) } else { Vec::new() };
    for (engine, program) in on_bare {
        let program = &program;
        let contender = |turns| {
            let world = move || {
                let (message, host) = calls.input(turns);
                World::new(message.input, host)
            };
            Contender::new(turns.to_string(), world, move |world| program.run(world))
        };
        times.push((engine.to_owned(), calls.one(bench, contender)));
    }
    for (engine, time) in &times {
        bench.figures.add(GROUP, calls.name, engine, calls.unit, *time);
        let bare = format!("bare {engine}");
        if let Some((_, of_bare)) = times.iter().find(|(name, _)| *name == bare) {
            bench.figures.add_ratio(GROUP, calls.name, engine, &bare, time / of_bare);
        }
    }
}

impl Calls {
    fn input(&self, turns: u32) -> (Message, MockHost) {
        (message(turns.to_le_bytes().to_vec()), (self.host)())
    }

    /// What one call takes.
    fn one<'a>(&self, bench: &Bench, contender: impl Fn(u32) -> Contender<'a>) -> f64 {
        let (few, many) = self.turns;
        let series = Series::measure(&[contender(few), contender(many)], bench.seconds(2.0));
        let difference = series.difference(&many.to_string(), &few.to_string());
        difference.map_or(f64::NAN, |difference| difference * self.each)
    }
}
