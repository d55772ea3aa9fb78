//! Whether it is the compilers' code that runs: results do not tell, time does.

use std::time::{Duration, Instant};

use hebe_host_ei::{Message, Revision, StatusCode, mock::MockHost};
use hebe_vm::{Config, Vm, engine::EngineChoice, meter::Metering};

/// Turns of the loop.
const TURNS: u32 = 1_000_000;

/// How long each engine takes for a long loop: wasmi, Winch, Cranelift.
pub fn speeds() -> [Duration; 3] {
    let code = wat::parse_str(format!(
        r#"(module (memory (export "memory") 1) (func (export "main") (local $n i32) (local $x i64)
            (loop $next
                (local.set $x (i64.add (i64.mul (local.get $x) (i64.const 6364136223846793005)) (i64.const 1)))
                (br_if $next (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const {TURNS}))))
            (i64.store (i32.const 0) (local.get $x))))"#
    ));
    let code = code.expect("the text is ours");
    [EngineChoice::Wasmi, EngineChoice::Winch, EngineChoice::Cranelift].map(|engine| {
        let vm = Vm::new(Config { engine, metering: Metering::None, ..Config::default() });
        let run = || {
            let begun = Instant::now();
            let outcome = vm.execute(Revision::Byzantium, &code, Message::default(), MockHost::default()).1;
            assert_eq!(outcome.map(|outcome| outcome.status), Ok(StatusCode::Success));
            begun.elapsed()
        };
        // The first run compiles.
        run();
        (0..3).map(|_| run()).min().unwrap_or_default()
    })
}
