//! Host functions against the EVM: the same operations as wasm under Hebe, whose instructions are free here, and as EVM bytecode
//! under revm leave the same gas, refund, answers, logs and state. What is cold and warm shows in the gas of what comes after.
//!
//! Not compared, since they differ by rule: `getBlockHash` (800), a call for which depth or balance do not suffice, and what memory costs.
//! revm has no Constantinople. `HEBE_CASES` and `HEBE_SEED` choose how many sequences and which.

mod evm;
mod op;
mod random;
mod wasm;
mod world;

use std::{env, sync::Arc};

use hebe_host_ei::{Address, Message, Revision, StatusCode, U256};
use hebe_state::{Block, Ethereum, Receipt, State};
use hebe_vm::{Config, Vm};

use op::{Op, SELF};
use random::Random;

/// Where answers are, a word for each operation.
const RESULTS: u32 = 2_048;

/// How a sequence ends.
#[derive(Clone, Debug)]
enum End {
    Finish,
    Revert,
    SelfDestruct(Op),
}

fn number(name: &str, default: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn host_functions_do_as_the_evm() {
    let (cases, seed) = (number("HEBE_CASES", 400), number("HEBE_SEED", 1));
    let revisions: Vec<Revision> = op::revisions().collect();
    let mut successes = 0;
    for case in seed..seed + cases {
        let mut random = Random::new(case);
        let revision = *random.one_of(&revisions);
        let ops: Vec<Op> = (0..=random.below(24)).map(|_| Op::any(&mut random, revision)).collect();
        let end = match random.below(8) {
            0 if revision >= Revision::Byzantium => End::Revert,
            1 | 2 => End::SelfDestruct(Op::self_destruct(&mut random)),
            _ => End::Finish,
        };
        let is_static = revision >= Revision::Byzantium && random.below(10) == 0;
        successes += usize::from(compare(revision, &ops, &end, is_static, case));
    }
    // In a static call much is banned, all else succeeds.
    assert!(successes as u64 >= cases * 8 / 10, "{successes} of {cases} succeeded");
}

/// Each operation alone, twice, at each revision: what a sequence may miss.
#[test]
fn each_host_function_does_as_the_evm() {
    for revision in op::revisions() {
        let mut random = Random::new(7);
        for case in 0..120 {
            let op = Op::any(&mut random, revision);
            // The same creation again would meet the first one, which takes all gas.
            let ops = if op.name == "create2" { vec![op] } else { vec![op.clone(), op] };
            compare(revision, &ops, &End::Finish, false, case);
        }
    }
}

/// Runs both, compares them, and says whether they were a success.
#[track_caller]
fn compare(revision: Revision, ops: &[Op], end: &End, is_static: bool, case: u64) -> bool {
    let code = evm::Code::new(ops, end);
    let (evm, evm_state) = run(revision, code.bytes, is_static, "wasmi");
    let (wasm, wasm_state) = run(revision, wasm::contract(ops, end), is_static, engine(case));
    let told = format!("case {case} at {revision}, static {is_static}, then {end:?}:\n{ops:#?}");
    let (status, other) = (evm.outcome.status, wasm.outcome.status);
    let kept = |status| matches!(status, StatusCode::Success | StatusCode::Revert);
    assert_eq!(kept(status).then_some(status), kept(other).then_some(other), "{status:?} {other:?} {told}");
    assert_eq!(wasm_state, evm_state, "{told}");
    assert_eq!(wasm.logs, evm.logs, "{told}");
    assert_eq!(wasm.outcome.gas_refund, evm.outcome.gas_refund, "{told}");
    if kept(status) {
        let used = |receipt: &Receipt| message(is_static).gas - receipt.outcome.gas_left;
        assert_eq!(used(&wasm), used(&evm) - code.overhead, "{told}");
        assert_eq!(wasm.outcome.output.len(), evm.outcome.output.len(), "{told}");
        let words =
            |receipt: &Receipt| receipt.outcome.output.chunks(32).map(<[u8]>::to_vec).collect::<Vec<_>>();
        for ((op, wasm), evm) in ops.iter().zip(words(&wasm)).zip(words(&evm)) {
            assert_eq!(wasm::word(op.answer, &wasm), U256::from_big_endian(&evm), "{}: {told}", op.name);
        }
    }
    status == StatusCode::Success
}

/// The engines take turns, the compilers less often: each compiles every sequence anew.
fn engine(case: u64) -> &'static str {
    match case % 8 {
        3 => "winch",
        7 => "cranelift",
        _ => "wasmi",
    }
}

fn message(is_static: bool) -> Message {
    world::message(is_static)
}

/// Runs code in the world; the state after it is without that code.
fn run(revision: Revision, code: Vec<u8>, is_static: bool, engine: &str) -> (Receipt, State) {
    let mut config = Config::default();
    for (name, value) in [("metering", "none"), ("engine", engine)] {
        config.set(name, Some(value)).expect("an option");
    }
    let mut chain = Ethereum::new(Arc::new(Vm::new(config)), revision);
    chain.chain_id = 77;
    chain.block = Block {
        number: 1_000,
        timestamp: 1_234,
        coinbase: Address::default(),
        difficulty: U256::from(0x0102_0304),
        prev_randao: U256::from(0x0506_0708).into(),
        base_fee: 9,
        excess_blob_gas: 10_000_000,
        ..Block::default()
    };
    let mut state = world::world(code, world::delegates(revision));
    let receipt = chain.call(&mut state, &message(is_static)).expect("no fault");
    if let Some(account) = state.get(&SELF).cloned() {
        state.insert(SELF, hebe_state::Account { code: Vec::new().into(), ..account });
    }
    (receipt, state)
}
