//! Bytecode and precompiles with nothing but a host in maps. `tests/whole/evm` compares whole transactions with revm.

mod hostile;
mod nested;
mod precompiles;
mod sstore;
mod statuses;

use hebe_host_ei::{Fault, Gas, Message, Outcome, Revision, mock::MockHost};

/// Runs code on a new host.
fn run(revision: Revision, code: &str, gas: Gas) -> Result<Outcome, Fault> {
    run_on(&mut MockHost::default(), revision, code, gas)
}

fn run_on(host: &mut MockHost, revision: Revision, code: &str, gas: Gas) -> Result<Outcome, Fault> {
    hebe_evm::execute(revision, &bytes(code), Message { gas, ..Message::default() }, host)
}

fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex.replace(' ', "")).expect("hexadecimal digits")
}
