//! What earns compilation gets it, behind the client's back, and nothing changes by it but the time.

use std::time::Instant;

use hebe_host_ei::{StatusCode, mock::MockHost};
use hebe_vm::{Config, Vm, engine::EngineChoice, meter::Metering};

use crate::support::{GAS, run, wat};

/// A contract whose number of rounds is in its call data; `salt` makes it another.
fn rounds(salt: u32) -> Vec<u8> {
    wat(&format!(
        r#"(module (import "ethereum" "callDataCopy" (func $copy (param i32 i32 i32)))
        (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
        (func (export "main") (local $n i32) (local $x i64)
            (call $copy (i32.const 0) (i32.const 0) (i32.const 4))
            (local.set $n (i32.load (i32.const 0)))
            (local.set $x (i64.const {salt}))
            (block $done (loop $next
                (br_if $done (i32.eqz (local.get $n)))
                (local.set $x (i64.xor (i64.mul (local.get $x) (i64.const 6364136223846793005)) (i64.const 1442695040888963407)))
                (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                (br $next)))
            (i64.store (i32.const 0) (local.get $x))
            (call $finish (i32.const 0) (i32.const 8))))"#
    ))
}

/// What it returns, in Rust.
fn expected(salt: u32, rounds: u32) -> Vec<u8> {
    let step = |x: u64, _| x.wrapping_mul(6_364_136_223_846_793_005) ^ 1_442_695_040_888_963_407;
    (0..rounds).fold(u64::from(salt), step).to_le_bytes().to_vec()
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed().as_secs() < 120, "{what}");
    }
}

#[test]
fn what_runs_long_is_compiled() {
    for metering in [Metering::Inline, Metering::None] {
        let vm = Vm::<MockHost>::new(Config { metering, ..Config::default() });
        let code = rounds(1);
        let first = run(&vm, &code, GAS, &10_000_u32.to_le_bytes());
        assert_eq!((first.status, &first.output), (StatusCode::Success, &expected(1, 10_000)));
        wait_until("Cranelift has it", || {
            assert_eq!(run(&vm, &code, GAS, &10_000_u32.to_le_bytes()), first);
            vm.machine_code().cranelift == 1
        });
        for _ in 0..10 {
            assert_eq!(run(&vm, &code, GAS, &10_000_u32.to_le_bytes()), first);
        }
        assert!(vm.machine_code().winch <= 1 && vm.machine_code().cranelift == 1);
    }
}

/// One run of no rounds is nowhere near what compiling costs: by the meter it is about 30 instructions for about 200 bytes.
#[test]
fn what_runs_once_is_not() {
    let vm = Vm::<MockHost>::new(Config::default());
    for salt in 0..50 {
        assert_eq!(run(&vm, &rounds(salt), GAS, &[0; 4]).output, expected(salt, 0));
    }
    assert_eq!((vm.machine_code().winch, vm.machine_code().cranelift), (0, 0));
}

/// Many contracts, four threads, contracts that come and go: the same results, and a drop at any time joins the thread.
#[test]
fn results_do_not_depend_on_what_is_compiled_when() {
    for round in 0..3 {
        let vm = Vm::<MockHost>::new(Config { cache_bytes: 1 << (20 + round), ..Config::default() });
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let vm = &vm;
                scope.spawn(move || {
                    for number in 0..60_u32 {
                        let (salt, rounds_now) = ((number * 7 + thread) % 23, (number * 131) % 4_000);
                        let outcome = run(vm, &rounds(salt), GAS, &rounds_now.to_le_bytes());
                        assert_eq!(outcome.output, expected(salt, rounds_now));
                    }
                });
            }
        });
        wait_until("something was compiled", || {
            run(&vm, &rounds(1), GAS, &4_000_u32.to_le_bytes());
            vm.machine_code().winch + vm.machine_code().cranelift > 0
        });
    }
}

/// A contract that never returns is as hot as one that does.
#[test]
fn what_ends_without_gas_or_traps_is_hot_too() {
    for end in [
        "(br 0)",
        "(br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 100000))) unreachable",
    ] {
        let code = wat(&format!(
            r#"(module (memory (export "memory") 1) (func (export "main") (local i32) (loop {end})))"#
        ));
        let vm = Vm::<MockHost>::new(Config::default());
        wait_until("Cranelift has it", || {
            assert_ne!(run(&vm, &code, 2_000_000, &[]).status, StatusCode::Success);
            vm.machine_code().cranelift == 1
        });
    }
}

/// A VM that is asked for one engine uses that alone.
#[test]
fn an_engine_that_is_asked_for_is_the_one_that_runs() {
    for (name, engine) in EngineChoice::ALL {
        let mut config = Config::default();
        config.set("engine", Some(name)).expect("an engine");
        assert_eq!(config.engine, *engine);
        let vm = Vm::<MockHost>::new(config);
        let code = rounds(3);
        for _ in 0..3 {
            assert_eq!(run(&vm, &code, GAS, &[0; 4]).output, expected(3, 0));
        }
        let made = vm.machine_code();
        let compiled = (made.winch, made.cranelift);
        let wanted = match engine {
            EngineChoice::Wasmi | EngineChoice::Tiered => (0, 0),
            EngineChoice::Winch => (1, 0),
            EngineChoice::Cranelift => (0, 1),
        };
        assert_eq!(compiled, wanted, "{name}");
    }
}
