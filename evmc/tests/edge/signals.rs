//! Signals of faults in a client that has its own handlers, as Go's runtime has.

use std::process::Command;

use hebe_host_ei::StatusCode;

use crate::{
    c_client::{assert_ok, compile},
    common::{contract, library},
};

/// Names of statuses are EVMC 12's.
#[test]
fn a_client_keeps_its_handlers_and_its_signal_stack() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let client = folder.path().join("signals");
    compile("signals.c", &client, &["-pthread"]);
    let bodies = [
        ("", "SUCCESS"),
        ("unreachable", "WASM_UNREACHABLE_INSTRUCTION"),
        ("(drop (i32.div_u (i32.const 1) (i32.const 0)))", "WASM_TRAP"),
        ("(drop (i64.div_s (i64.const 0x8000000000000000) (i64.const -1)))", "WASM_TRAP"),
        ("(drop (i32.load (i32.const -4)))", "WASM_TRAP"),
        ("(i64.store (i32.const 65529) (i64.const 1))", "WASM_TRAP"),
        ("(loop (br 0))", "OUT_OF_GAS"),
    ];
    let mut arguments = Vec::new();
    for (number, (body, status)) in bodies.iter().enumerate() {
        let file = folder.path().join(format!("{number}.wasm"));
        std::fs::write(&file, contract("", body)).expect("a file");
        let code = StatusCode::ALL.iter().find(|code| code.name() == *status).expect("a status");
        arguments.push(file.into_os_string());
        arguments.push((*code as i32).to_string().into());
    }
    for engine in ["wasmi", "winch", "cranelift", "tiered"] {
        let output = Command::new(&client).arg(library()).arg(engine).args(&arguments).output();
        assert_ok(&output.expect("the client runs"));
    }
}
