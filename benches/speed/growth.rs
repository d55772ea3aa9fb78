//! How time grows with what one may make large. Each point has its ratio to the one before.

use std::sync::Arc;

use hebe_benches::support::{message, wat};
use hebe_host_ei::mock::MockHost;

use crate::{
    bench::{Bench, run},
    cold::new_code,
    nest,
    sampler::{Contender, Series},
    sizes::{distinct, sized},
    warm::nothing,
};

pub(crate) const GROUP: &str = "growth";
pub(crate) const BEFORE: &str = "before";

/// A contract that calls itself with one byte of call data less, until there is none.
const DEEPER: &str = r#"(module
    (import "ethereum" "getCallDataSize" (func $size (result i32)))
    (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "main")
        (if (call $size) (then
            (drop (call $call
                (i64.const 0x7fffffffffffffff) (i32.const 4096) (i32.const 4128) (i32.const 0)
                (i32.sub (call $size) (i32.const 1))))))))"#;

pub(crate) fn measure(bench: &mut Bench) {
    bench.measured.extend([nothing(), wat(DEEPER)]);
    for engine in bench.engines.clone() {
        let sizes: Vec<(String, Vec<u8>)> =
            (1..=8).map(|n| (format!("{} KB of code", 1 << n), sized(1000 << n))).collect();
        let cold: Vec<Contender<'_>> = sizes
            .iter()
            .map(|(name, code)| new_code(bench, &format!("{name}, new"), &engine, code))
            .collect();
        note(bench, &engine, &cold);
        let warm: Vec<Contender<'_>> =
            sizes.iter().map(|(name, code)| known(bench, &engine, name, code, 0)).collect();
        note(bench, &engine, &warm);
        drop((cold, warm));
        bench.measured.extend(sizes.into_iter().map(|(_, code)| code));

        let nothing = nothing();
        let sizes = [
            ("no call data", 0),
            ("1 KB of call data", 1_000),
            ("32 KB of call data", 32_000),
            ("1 MB of call data", 1_000_000),
        ];
        let data: Vec<Contender<'_>> =
            sizes.iter().map(|(name, bytes)| known(bench, &engine, name, &nothing, *bytes)).collect();
        note(bench, &engine, &data);
        note(bench, &engine, &depths(bench, &engine));
        note(bench, &engine, &cached(bench, &engine, &nothing));
    }
}

/// A warm call with so many bytes of call data.
fn known<'a>(bench: &Bench, engine: &str, name: &str, code: &'a [u8], bytes: usize) -> Contender<'a> {
    let vm = bench.vm(engine, "inline");
    let input = move || (message(vec![1; bytes]), MockHost::default());
    bench.settle(engine, || drop(run(&vm, code, input())));
    let name =
        if bytes == 0 && name.ends_with("of code") { format!("{name}, warm") } else { name.to_owned() };
    Contender::new(name, input, move |call| run(&vm, code, call))
}

/// Calls that nest so deep.
fn depths(bench: &Bench, engine: &str) -> Vec<Contender<'static>> {
    let code: Arc<[u8]> = wat(DEEPER).into();
    let vm = Arc::new(bench.vm(engine, "inline"));
    let contender = |depth: usize| {
        let (vm, code) = (Arc::clone(&vm), Arc::clone(&code));
        let (of_input, code_of_input) = (Arc::clone(&vm), Arc::clone(&code));
        let input = move || {
            nest::answer_with(&of_input, &code_of_input);
            (message(vec![0; depth]), nest::host())
        };
        bench.settle(engine, || drop(run(&vm, &code, input())));
        Contender::new(format!("{depth} calls deep"), input, move |call| run(&vm, &code, call))
    };
    [1, 8, 64, 512, 1024].into_iter().map(contender).collect()
}

/// A call of each in turn of so many contracts.
fn cached(bench: &Bench, engine: &str, code: &[u8]) -> Vec<Contender<'static>> {
    let contender = |count: usize| {
        let vm = bench.vm(engine, "inline");
        let codes: Vec<Vec<u8>> = (0..count).map(|_| distinct(code)).collect();
        let call = || (message(Vec::new()), MockHost::default());
        for code in codes.iter().chain(&codes) {
            drop(run(&vm, code, call()));
        }
        let next = std::cell::Cell::new(0);
        let turn = move |call| {
            next.set((next.get() + 1) % count);
            run(&vm, &codes[next.get()], call)
        };
        Contender::new(format!("{count} in the cache"), call, turn)
    };
    [1, 10, 100, 1000].into_iter().map(contender).collect()
}

fn note(bench: &mut Bench, engine: &str, points: &[Contender<'_>]) {
    let series = Series::measure(points, bench.seconds(1.5));
    let mut before: Option<&str> = None;
    for Contender { name, .. } in points {
        bench.figures.add(GROUP, name, engine, "µs", series.median(name).unwrap_or(f64::NAN));
        if let Some(ratio) = before.and_then(|before| series.ratio(name, before)) {
            bench.figures.add_ratio(GROUP, name, engine, BEFORE, ratio);
        }
        before = Some(name);
    }
}
