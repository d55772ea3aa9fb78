//! A call of a contract that is known.

use std::rc::Rc;

use hebe_benches::support::{contract, message, token_host, transfer_message, wat};
use hebe_host_ei::{Host, Message, Revision, StatusCode};
use hebe_vm::{Config, Vm};

use crate::{
    bare::{self, World},
    bench::{Bench, run},
    evm::{Chain, TRANSFERS},
    light::LightHost,
    sampler::{Contender, Series},
};

pub(crate) const GROUP: &str = "warm";
pub(crate) const NOTHING: &str = "no-op";
pub(crate) const TRANSFER: &str = "token transfer";
const IN_ETHEREUM: &str = "token transfer, local Ethereum";

/// A contract that does nothing.
pub(crate) fn nothing() -> Vec<u8> {
    wat(r#"(module (memory (export "memory") 1) (func (export "main")))"#)
}

pub(crate) fn measure(bench: &mut Bench) {
    let token = contract("token/token");
    row(bench, NOTHING, &nothing(), &(message(Vec::new()), LightHost::default()));
    row(bench, TRANSFER, &token, &(transfer_message(), LightHost::new(&token_host())));
    row(bench, "token transfer, host in maps", &token, &(transfer_message(), token_host()));
    in_ethereum(bench);
}

/// A call through C, linked in, and on the bare engines.
fn row<H: Host + Clone>(bench: &mut Bench, name: &str, code: &[u8], call: &(Message, H)) {
    let mut contenders = Vec::new();
    for engine in &bench.engines {
        let vm = bench.vm(engine, "inline");
        bench.settle(engine, || drop(run(&vm, code, call.clone())));
        contenders.push(Contender::new(engine, || call.clone(), move |call| run(&vm, code, call)));

        let vm = linked(engine);
        let execute = move |(message, host)| {
            let (host, outcome) = vm.execute(Revision::Byzantium, code, message, host);
            (host, outcome.expect("no fault"))
        };
        assert_eq!(execute(call.clone()).1.status, StatusCode::Success);
        bench.settle(engine, || drop(execute(call.clone())));
        contenders.push(Contender::new(format!("{engine} linked"), || call.clone(), execute));
    }
    for (engine, program) in bare::engines(code) {
        let world = || World::new(call.0.input.clone(), call.1.clone());
        contenders.push(Contender::new(engine, world, move |world| program.run(world)));
    }
    let series = Series::measure(&contenders, bench.seconds(6.0));
    series.note(&mut bench.figures, GROUP, name, |engine| {
        if engine.contains(' ') {
            Vec::new()
        } else {
            vec![format!("{engine} linked"), format!("bare {engine}")]
        }
    });
}

pub(crate) fn linked<H: Host>(engine: &str) -> Vm<H> {
    let mut config = Config::default();
    config.set("engine", Some(engine)).expect("one of its values");
    Vm::new(config)
}

/// A transfer as wasm and as EVM code on the same state.
fn in_ethereum(bench: &mut Bench) {
    let host = token_host();
    let mut contenders = Vec::new();
    let mut add = |bench: &Bench, name: &str, chain: Chain, input: Vec<u8>| {
        let chain = Rc::new(chain);
        let of_input = Rc::clone(&chain);
        bench.settle(name, || drop(chain.run(chain.input(input.clone()))));
        let input = move || of_input.input(input.clone());
        contenders.push(Contender::new(name, input, move |input| chain.run(input)));
    };
    for engine in &bench.engines {
        let chain = Chain::new(linked(engine), Revision::Byzantium, contract("token/token"), &host);
        add(bench, engine, chain, transfer_message().input);
    }
    // Without the selector: the pair of a receiver and a value.
    add(bench, "revm", Chain::evm(TRANSFERS, &host), transfer_message().input[4..].to_vec());
    let series = Series::measure(&contenders, bench.seconds(4.0));
    series.note(&mut bench.figures, GROUP, IN_ETHEREUM, |engine| {
        if engine == "revm" { Vec::new() } else { vec!["revm".to_owned()] }
    });
}
