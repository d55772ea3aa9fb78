//! A call of a contract that is known.

use std::rc::Rc;

use hebe_benches::support::{contract, message, token_host, transfer_message, wat};
use hebe_host_ei::{Host, Message, Revision, StatusCode};

use crate::{
    bare::{self, World},
    bench::{Bench, run, settle},
    child,
    evm::{Chain, TRANSFERS},
    light::LightHost,
    sampler::{Contender, Series},
    winch,
};

pub(crate) const GROUP: &str = "warm";
pub(crate) const NOTHING: &str = "no-op";
pub(crate) const TRANSFER: &str = "token transfer";
const IN_MAPS: &str = "token transfer, host in maps";
const IN_ETHEREUM: &str = "token transfer, local Ethereum";

/// A contract that does nothing.
pub(crate) fn nothing() -> Vec<u8> {
    wat(r#"(module (memory (export "memory") 1) (func (export "main")))"#)
}

type Call<H> = (Vec<u8>, (Message, H));

fn do_nothing() -> Call<LightHost> {
    (nothing(), (message(Vec::new()), LightHost::default()))
}

fn transfer<H>(host: H) -> Call<H> {
    (contract("token/token"), (transfer_message(), host))
}

pub(crate) fn measure(bench: &mut Bench) {
    bare::set_handlers();
    row(bench, NOTHING, &do_nothing());
    row(bench, TRANSFER, &transfer(LightHost::new(&token_host())));
    row(bench, IN_MAPS, &transfer(token_host()));
}

/// A call through C, linked in, and on the bare engines.
fn row<H: Host + Clone>(bench: &mut Bench, name: &str, (code, call): &Call<H>) {
    bench.measured.push(code.clone());
    let mut contenders = Vec::new();
    for engine in &bench.engines {
        let vm = bench.vm(engine, "inline");
        bench.settle(engine, || drop(run(&vm, code, call.clone())));
        contenders.push(Contender::new(engine, || call.clone(), move |call| run(&vm, code, call)));
        contenders.push(child::linked(bench, engine, name));
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

/// In a process of its own: who makes the calls of a row on a VM that is linked in.
pub(crate) fn linked(engine: &str, row: &str, quick: bool) -> Contender<'static> {
    match row {
        NOTHING => linked_call(engine, quick, do_nothing()),
        TRANSFER => linked_call(engine, quick, transfer(LightHost::new(&token_host()))),
        _ => linked_call(engine, quick, transfer(token_host())),
    }
}

fn linked_call<H: Host + Clone + 'static>(
    engine: &str,
    quick: bool,
    (code, call): Call<H>,
) -> Contender<'static> {
    let vm = winch::linked(engine);
    let execute = move |(message, host)| {
        let (host, outcome) = vm.execute(Revision::Byzantium, &code, message, host);
        (host, outcome.expect("no fault"))
    };
    assert_eq!(execute(call.clone()).1.status, StatusCode::Success);
    settle(engine, quick, || drop(execute(call.clone())));
    Contender::new(engine, move || call.clone(), execute)
}

/// A transfer as wasm and as EVM code on the same state. The VMs are linked in: this wants a process without the library.
pub(crate) fn in_ethereum(bench: &mut Bench) {
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
        let chain = Chain::new(winch::linked(engine), Revision::Byzantium, contract("token/token"), &host);
        add(bench, engine, chain, transfer_message().input);
    }
    // Without the selector: the pair of a receiver and a value.
    add(bench, "revm", Chain::evm(TRANSFERS, &host), transfer_message().input[4..].to_vec());
    let series = Series::measure(&contenders, bench.seconds(4.0));
    series.note(&mut bench.figures, GROUP, IN_ETHEREUM, |engine| {
        if engine == "revm" { Vec::new() } else { vec!["revm".to_owned()] }
    });
}
