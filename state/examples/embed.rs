//! A Rust program with Hebe inside: it deploys a token in a local Ethereum and moves some of it.
//!
//! `cargo run --release -p hebe-state --example embed`

use std::{error::Error, fs, path::Path, sync::Arc};

use hebe_host_ei::{Address, Bytes32, Message, Revision, U256};
use hebe_state::{Account, Ethereum, State, Transaction};
use hebe_vm::{Config, Vm};

fn main() -> Result<(), Box<dyn Error>> {
    // A VM with the default options, a chain at Byzantium that uses it, and a state with one rich account.
    let vm = Vm::new(Config::default());
    let chain = Ethereum::new(Arc::new(vm), Revision::Byzantium);
    let (alice, bob) = (Address([0xa1; 20]), Address([0xb0; 20]));
    let mut state = State::new();
    state.insert(alice, Account { balance: U256::exp10(18), ..Account::default() });

    // A transaction without a recipient creates a contract from its input.
    let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts");
    let input = fs::read(contracts.join("token/token-init.wasm"))?;
    let creation =
        Transaction { sender: alice, input, gas_limit: 5_000_000, gas_price: 1, ..Transaction::default() };
    let receipt = chain.transact(&mut state, &creation)?;
    let token = receipt.created.ok_or("the creation failed")?;
    println!("created the token at {token} for {} gas", receipt.gas_used);

    // transfer(bob, 1000), as Solidity's ABI encodes it.
    let amount = Bytes32::from(1_000_u64);
    let input = [&[0xa9, 0x05, 0x9c, 0xbb][..], &[0; 12], &bob.0, &amount.0].concat();
    let message = Message {
        gas: 100_000,
        sender: alice,
        recipient: token,
        code_address: token,
        input,
        ..Message::default()
    };
    let before = state.clone();
    let receipt = chain.call(&mut state, &message)?;
    println!("transfer: {}, {} gas, {} log", receipt.outcome.status, receipt.gas_used, receipt.logs.len());
    for (account, change) in before.diff(&state) {
        println!("  {account}: {change}");
    }
    println!("state root {}", state.root());
    Ok(())
}
