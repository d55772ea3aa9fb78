//! The host's 256-bit and Keccak functions: contracts that use them beside the same ones that do not, in gas and in time.

use hebe_benches::support::{CODE, GAS, SENDER, contract, message, noise, transfer_message};
use hebe_host_ei::{
    Bytes32, Message,
    mock::{MockAccount, MockHost},
};
use revm_precompile::{Precompile, PrecompileSpecId, Precompiles, u64_to_address};
use sha3::{Digest, Keccak256};

use crate::{
    bare,
    bench::{Bench, run},
    light::LightHost,
    sampler::{Contender, Series},
};

/// Times, of an engine and of it with the functions.
pub(crate) const GROUP: &str = "extensions";
/// Gas, which is the same on every engine.
pub(crate) const GAS_GROUP: &str = "extensions gas";
const WITHOUT: &str = "without";
const WITH: &str = "with";
const REVM: &str = "revm";

/// EIP-197's generators, and the first negated: the product of both pairings is one.
const PAIRS: &str = "
    0000000000000000000000000000000000000000000000000000000000000001
    0000000000000000000000000000000000000000000000000000000000000002
    198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2
    1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed
    090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b
    12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa
    0000000000000000000000000000000000000000000000000000000000000001
    30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45
    198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2
    1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed
    090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b
    12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa";

struct Job {
    name: &'static str,
    contract: &'static str,
    call: (Message, LightHost),
    /// The precompiled contract that does the same, and what it is called with.
    precompile: Option<(u64, Vec<u8>)>,
}

fn jobs() -> [Job; 3] {
    let pairs = bytes(PAIRS);
    let mut numbers = noise(96);
    numbers[95] |= 1;
    let lengths = [[0; 31].as_slice(), &[32]].concat().repeat(3);
    let nothing = LightHost::default;
    [
        Job {
            name: "pairing check, 2 pairs",
            contract: "pairing",
            call: (message(pairs.clone()), nothing()),
            precompile: Some((8, pairs)),
        },
        Job {
            name: "modexp, 256 bits",
            contract: "modexp",
            call: (message(numbers.clone()), nothing()),
            precompile: Some((5, [lengths, numbers].concat())),
        },
        Job {
            name: "ERC-20 transfer",
            contract: "erc20",
            call: (transfer_message(), erc20_host()),
            precompile: None,
        },
    ]
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().filter_map(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// The sender has tokens, where Solidity has them.
fn erc20_host() -> LightHost {
    let slot = [&[0; 12][..], &SENDER.0, &[0; 32]].concat();
    let storage = [(Bytes32(Keccak256::digest(slot).into()), Bytes32([0x7f; 32]))].into();
    let accounts = [(CODE, MockAccount { storage, ..MockAccount::default() })].into();
    LightHost::new(&MockHost { accounts, ..MockHost::default() })
}

/// The name of an engine that runs the build with the functions.
fn with(engine: &str) -> String {
    format!("{engine} {WITH}")
}

/// Whose time that of an engine is divided by.
pub(crate) fn without(engine: &str) -> String {
    engine.strip_suffix(WITH).unwrap_or_default().trim_end().to_owned()
}

pub(crate) fn measure(bench: &mut Bench) {
    bare::set_handlers();
    for job in jobs() {
        eprintln!("  {}", job.name);
        one(bench, &job);
    }
}

fn one(bench: &mut Bench, job: &Job) {
    let codes = ["fast", "ext"].map(|build| contract(&format!("{0}/{0}-{build}", job.contract)));
    bench.measured.extend(codes.clone());
    let mut contenders = Vec::new();
    let mut used = [None; 2];
    let mut answer = None;
    for engine in &bench.engines {
        for ((code, used), name) in codes.iter().zip(&mut used).zip([engine.clone(), with(engine)]) {
            let vm = bench.vm(engine, "inline");
            let (_, outcome) = run(&vm, code, job.call.clone());
            let gas = GAS - outcome.gas_left;
            assert_eq!(*used.get_or_insert(gas), gas, "{}: gas on {name}", job.name);
            let answer: &Vec<u8> = answer.get_or_insert_with(|| outcome.output.clone());
            assert_eq!(outcome.output, *answer, "{}: {name} answers something else", job.name);
            bench.settle(engine, || drop(run(&vm, code, job.call.clone())));
            contenders.push(Contender::new(name, || job.call.clone(), move |call| run(&vm, code, call)));
        }
    }
    for (name, gas) in [WITHOUT, WITH].into_iter().zip(used.into_iter().flatten()) {
        bench.figures.add(GAS_GROUP, job.name, name, "gas", gas as f64);
    }
    if let [Some(without), Some(with)] = used {
        bench.figures.add_ratio(GAS_GROUP, job.name, WITH, WITHOUT, with as f64 / without as f64);
    }
    if let Some((address, input)) = &job.precompile {
        let standard = precompile(*address);
        let execute = move || standard.execute(input, GAS as u64, 0).expect("no fault");
        let output = execute();
        assert_eq!(Some(output.bytes.to_vec()), answer, "{}: revm answers something else", job.name);
        bench.figures.add(GAS_GROUP, job.name, REVM, "gas", output.gas_used as f64);
        contenders.push(Contender::new(REVM, || (), move |()| execute()));
    }
    let series = Series::measure(&contenders, bench.seconds(10.0));
    series.note(&mut bench.figures, GROUP, job.name, |name| {
        let mut beside = vec![without(name), REVM.to_owned()];
        beside.retain(|beside| beside != name);
        beside
    });
}

/// At Osaka.
fn precompile(address: u64) -> &'static Precompile {
    let all = Precompiles::new(PrecompileSpecId::OSAKA);
    all.get(&u64_to_address(address)).expect("there is one")
}
