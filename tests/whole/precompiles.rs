//! Precompiled contracts as a client asks for them (EVMC's capability PRECOMPILES): exact output and gas at each revision.
//!
//! `tests/vectors/precompiles.jsonl` has them; Ethereum's executable specification wrote what is expected (`tests/vectors/fill.py`).

use std::{collections::BTreeMap, fs};

use hebe::{abi::CAPABILITY_PRECOMPILES, loader::Library};
use hebe_host_ei::{Address, CallKind, Fault, Gas, Message, Outcome, Revision, StatusCode, mock::MockHost};
use hebe_state::statetest::revision_of;
use hebe_vm::{Config, Vm};
use serde::Deserialize;

use crate::support::{library, project};

/// An input, and what comes of it from a fork on until the next that is named. `None` is a failure.
#[derive(Deserialize)]
struct Vector {
    address: String,
    input: String,
    results: BTreeMap<String, Option<Answer>>,
}

#[derive(Clone, Deserialize)]
struct Answer {
    price: Gas,
    output: String,
}

/// More than any vector costs.
const PLENTY: Gas = 1 << 28;

fn at(address: &str) -> Address {
    let number = u16::from_str_radix(address.trim_start_matches("0x"), 16).expect("an address");
    let mut at = [0; 20];
    at[18..].copy_from_slice(&number.to_be_bytes());
    Address(at)
}

impl Vector {
    /// What is expected at each revision from the precompile's first on.
    fn expected(&self) -> Vec<(Revision, Option<Answer>)> {
        let changes: BTreeMap<Revision, _> = self
            .results
            .iter()
            .map(|(fork, answer)| (revision_of(fork).expect("a fork"), answer.clone()))
            .collect();
        let since =
            |revision: &Revision| changes.range(..=*revision).next_back().map(|(_, answer)| answer.clone());
        let known = Revision::ALL.iter().filter(|revision| **revision <= Revision::Osaka);
        known.filter_map(|revision| Some((*revision, since(revision)?))).collect()
    }
}

type Run<'a> = Box<dyn Fn(Revision, Message) -> Result<Outcome, Fault> + 'a>;

#[test]
fn precompiles_answer_as_the_specification() {
    let file = project().join("tests/vectors/precompiles.jsonl");
    let text = fs::read_to_string(file).expect("the vectors");
    let mut loaded =
        Library::open(library()).expect("the library was built with this test").create().expect("a VM");
    loaded.set_option("precompiles", Some("on")).expect("an option");
    assert_ne!(loaded.capabilities() & CAPABILITY_PRECOMPILES, 0);
    let mut config = Config::default();
    config.set("precompiles", Some("on")).expect("an option");
    let linked = Vm::new(config);
    let vms: [(&str, Run<'_>); 2] = [
        (
            "linked in",
            Box::new(|revision, message| linked.execute(revision, &[], message, MockHost::default()).1),
        ),
        (
            "libhebe.so",
            Box::new(|revision, message| loaded.execute(revision, &[], message, MockHost::default()).1),
        ),
    ];
    let mut counts = BTreeMap::<Address, (usize, usize, usize)>::new();
    for line in text.lines() {
        let vector: Vector = serde_json::from_str(line).expect("a vector");
        let address = at(&vector.address);
        let input = hex::decode(&vector.input).expect("hex");
        let message = |gas| Message {
            kind: CallKind::Call,
            gas,
            recipient: address,
            code_address: address,
            input: input.clone(),
            ..Message::default()
        };
        for (revision, expected) in vector.expected() {
            for (name, vm) in &vms {
                let run = |gas| vm(revision, message(gas)).expect("this node does not fail");
                let says = format!("{name}, {} at {revision}, {}", vector.address, vector.input);
                let Some(Answer { price, output }) = &expected else {
                    let outcome = run(PLENTY);
                    assert!(
                        matches!(outcome.status, StatusCode::PrecompileFailure | StatusCode::OutOfGas),
                        "{says}"
                    );
                    assert_eq!((outcome.gas_left, outcome.output.len()), (0, 0), "{says}");
                    continue;
                };
                for gas in [PLENTY, *price] {
                    let outcome = run(gas);
                    assert_eq!(outcome.status, StatusCode::Success, "{says}");
                    assert_eq!(
                        (outcome.gas_left, hex::encode(&outcome.output)),
                        (gas - price, output.clone()),
                        "{says}"
                    );
                }
                if *price > 0 {
                    let outcome = run(price - 1);
                    assert_eq!((outcome.status, outcome.gas_left), (StatusCode::OutOfGas, 0), "{says}");
                }
            }
            let count = counts.entry(address).or_default();
            *count = (
                count.0 + 1,
                count.1 + usize::from(expected.is_some()),
                count.2 + usize::from(expected.is_none()),
            );
        }
    }
    for (address, (cases, successes, failures)) in &counts {
        println!("{address}: {cases} cases, {successes} successes, {failures} failures");
    }
    let all =
        counts.values().fold((0, 0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1, sum.2 + count.2));
    println!("precompiles: {} vectors, {all:?}", text.lines().count());
    assert_eq!(
        (counts.len(), all.0),
        (18, 4_195),
        "0x01 to 0x11 and 0x100, an input at a revision is a case"
    );
    assert!(counts.values().all(|(_, successes, _)| *successes > 0));
}
