//! How long an execution takes: `cargo bench -p hebe-tests --bench execute`.
//!
//! Every figure is a median of thread CPU time in microseconds, and every ratio is of two figures of this
//! run. Contracts run with `metering=none` at Byzantium; what metering costs, the benchmark `metering` tells.

mod support;

use std::{hint::black_box, sync::Arc};

use hebe::loader::{Instance, Library};
use hebe_host_ei::{Bytes32, Message, Outcome, Revision, StatusCode, mock::MockHost};
use hebe_state::{Account, Ethereum, State};
use hebe_vm::{Config, Vm, meter::Metering};
use sha3::{Digest, Keccak256};

use support::{CODE, SENDER, contract, message, now, slot, token_host, transfer_message, wat};

fn main() {
    let library = Library::open(shared_library()).expect("cargo builds libhebe for this benchmark");
    let token = contract("token/token");
    println!("{:44} {:>9}  ratio", "median thread CPU time", "µs");

    let transfer = || (transfer_message(), token_host());
    let first = median(300, 1, || unmetered(&library), |vm| drop(black_box(run(&vm, &token, transfer()))));
    row("token transfer, C ABI, first execute", first, "");
    let vm = unmetered(&library);
    let warm = median(2_000, 10, transfer, |input| drop(black_box(run(&vm, &token, input))));
    row("token transfer, C ABI, warm", warm, &format!("first / warm {:.1}", first / warm));
    let linked = Vm::new(unmetered_config());
    let inside = median(2_000, 10, transfer, |(message, host)| {
        drop(black_box(linked.execute(Revision::Byzantium, &token, message, host)));
    });
    row("token transfer, linked in, warm", inside, &format!("C ABI / linked in {:.2}", warm / inside));

    let nothing = wat(r#"(module (memory (export "memory") 1) (func (export "main")))"#);
    let empty = || (message(Vec::new()), MockHost::default());
    let noop = median(2_000, 10, empty, |input| drop(black_box(run(&vm, &nothing, input))));
    let raw = raw_wasmi(&nothing);
    row("empty main, C ABI, warm", noop, "");
    row(
        "empty main, bare wasmi: store, instance, call",
        raw,
        &format!("C ABI / bare wasmi {:.2}", noop / raw),
    );

    local_ethereum(&token);
    hashes(&vm);
}

/// The same transfer as wasm and as EVM code in the local Ethereum: the same storage and log operations.
fn local_ethereum(token: &[u8]) {
    let chain = Ethereum::new(Arc::new(Vm::new(unmetered_config())), Revision::Byzantium);
    let time = |code: &[u8]| {
        let mut state = State::new();
        let storage = [(slot(SENDER), Bytes32([0x7f; 32]))].into();
        state.insert(CODE, Account { nonce: 1, code: code.to_vec().into(), storage, ..Account::default() });
        let outcome = chain.call(&mut state.clone(), &transfer_message()).expect("no fault");
        assert_eq!(outcome.outcome.status, StatusCode::Success, "{:?}", outcome.outcome.reason);
        assert_eq!(outcome.logs.len(), 1);
        median(
            500,
            1,
            || state.clone(),
            |mut state| drop(black_box(chain.call(&mut state, &transfer_message()))),
        )
    };
    let (wasm, evm) = (time(token), time(&evm_transfer()));
    row("token transfer in the local Ethereum, wasm", wasm, "");
    row("the same in EVM code on revm", evm, &format!("wasm / EVM {:.2}", wasm / evm));
}

fn hashes(vm: &Instance) {
    let data = vec![0x5a; 10_000];
    let native = median(
        500,
        1,
        || (),
        |()| {
            black_box(Keccak256::digest(black_box(&data)));
        },
    );
    row("Keccak-256 of 10,000 bytes, native", native, "");
    let code = contract("keccak256/keccak256");
    let input = || (message(data.clone()), MockHost::default());
    let wasm = median(100, 1, input, |input| drop(black_box(run(vm, &code, input))));
    row("Keccak-256 of 10,000 bytes, contract in C", wasm, &format!("wasm / native {:.1}", wasm / native));
}

/// The median time of `work` for one input, over samples of `batch` inputs each.
fn median<I>(samples: usize, batch: usize, input: impl Fn() -> I, work: impl Fn(I)) -> f64 {
    let sample = || {
        let inputs: Vec<I> = (0..batch).map(|_| input()).collect();
        let start = now();
        inputs.into_iter().for_each(&work);
        (now() - start) / batch as f64
    };
    let mut times: Vec<f64> = (0..samples).map(|_| sample()).collect();
    times.sort_by(f64::total_cmp);
    times[samples / 2]
}

fn row(name: &str, microseconds: f64, ratio: &str) {
    println!("{name:44} {microseconds:9.2}  {ratio}");
}

fn run(vm: &Instance, code: &[u8], (message, host): (Message, MockHost)) -> Outcome {
    let outcome = vm.execute(Revision::Byzantium, code, message, host).1.expect("no fault");
    assert_eq!(outcome.status, StatusCode::Success);
    outcome
}

fn raw_wasmi(code: &[u8]) -> f64 {
    let engine = wasmi::Engine::default();
    let module = wasmi::Module::new(&engine, code).expect("valid");
    let linker = wasmi::Linker::<()>::new(&engine);
    let call = || {
        let mut store = wasmi::Store::new(&engine, ());
        let instance = linker.instantiate_and_start(&mut store, &module).expect("no imports");
        let main = instance.get_typed_func::<(), ()>(&store, "main").expect("there");
        main.call(&mut store, ()).expect("returns");
    };
    median(2_000, 10, || (), |()| call())
}

/// A transfer in EVM code: loads both balances, compares, stores both, logs, returns 1. Slots are addresses.
fn evm_transfer() -> Vec<u8> {
    let topic = Keccak256::digest(b"Transfer(address,address,uint256)");
    [
        // amount = calldata[36], [from] = sload(caller); revert if it is less than the amount
        &[0x60, 0x24, 0x35, 0x33, 0x54, 0x81, 0x81, 0x10, 0x60, 0x50, 0x57][..],
        // sstore(caller, from − amount)
        &[0x81, 0x90, 0x03, 0x33, 0x55],
        // sstore(to, sload(to) + amount)
        &[0x60, 0x04, 0x35, 0x80, 0x54, 0x82, 0x01, 0x81, 0x55],
        // mstore(0, amount); log3(0, 32, topic, caller, to)
        &[0x90, 0x60, 0x00, 0x52, 0x33, 0x7f],
        &topic,
        &[0x60, 0x20, 0x60, 0x00, 0xa3],
        // mstore(0, 1); return(0, 32)
        &[0x60, 0x01, 0x60, 0x00, 0x52, 0x60, 0x20, 0x60, 0x00, 0xf3],
        // 0x50: jumpdest; revert(0, 0)
        &[0x00, 0x00, 0x5b, 0x60, 0x00, 0x60, 0x00, 0xfd],
    ]
    .concat()
}

fn unmetered(library: &Library) -> Instance {
    let mut vm = library.create().expect("a VM");
    vm.set_option("metering", Some("none")).expect("an option");
    vm
}

fn unmetered_config() -> Config {
    Config { metering: Metering::None, ..Config::default() }
}

fn shared_library() -> std::path::PathBuf {
    let bench = std::env::current_exe().expect("a benchmark has a path");
    let name = format!("{}hebe{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    bench.with_file_name(name)
}
