//! A Rust client of any EVMC 12 library: it loads a VM and asks it to run a contract.
//!
//! `cargo build --release && cargo run --release -p hebe-evmc --example load target/release/libhebe.so`

use std::{env, error::Error, fs, path::Path};

use hebe::loader::Spec;
use hebe_host_ei::{Address, Message, Revision, mock::MockHost};

fn main() -> Result<(), Box<dyn Error>> {
    // A path, and after it options: `libhebe.so,profile=r4,log=stderr`.
    let spec: Spec = env::args().nth(1).ok_or("usage: load PATH[,OPTION=VALUE…]")?.parse()?;
    let vm = spec.load()?;
    println!("{} {}", vm.name(), vm.version());

    let counter = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts/counter/counter.wasm");
    let account = Address([0xc0; 20]);
    let message = Message { gas: 100_000, recipient: account, code_address: account, ..Message::default() };
    // The host answers for the state; this one keeps it in maps.
    let (host, outcome) = vm.execute(Revision::Byzantium, &fs::read(counter)?, message, MockHost::default());
    let outcome = outcome?;
    println!(
        "{}, {} gas left, storage {:?}",
        outcome.status, outcome.gas_left, host.accounts[&account].storage
    );
    Ok(())
}
