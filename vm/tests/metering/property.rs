//! Over generated contracts: a metered contract does what it does unmetered, and costs what the count says.
//!
//! `HEBE_CASES` says how many to try (default 300 of our own and 150 of wasm-smith's), `HEBE_SEED` which. A failure tells
//! the contract's bytes in hex; `HEBE_REPLAY` with these tries it alone.

use hebe_host_ei::{PARTICLES, Prices, Profile, Revision, StatusCode};
use hebe_vm::{
    meter::{GAS_EXPORT, Metering, meter},
    validate::validate,
};
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};

use crate::{
    generator,
    interface::Event,
    model::{Expected, Model, free},
    observed::{Observed, Ways, observe},
    price::drawn,
    sentinel::deploy,
    smith,
    support::{hex, unhex},
};

/// Enough for what generated contracts do, beside growth by all pages there are.
const GAS: i64 = 1_000_000_000;

/// Bytes from which a contract is made, with those from which prices and amounts of gas are.
#[derive(Clone)]
struct Case {
    bytes: Vec<u8>,
    draws: Vec<u16>,
}

impl std::fmt::Debug for Case {
    /// A failure says all there is to say itself.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.bytes.len())
    }
}

#[test]
fn contracts_of_our_own_cost_what_their_instructions_cost() {
    let ended = explore(300, generator::contract);
    // What such contracts are for; a generator that stops making them proves nothing.
    assert!(ended.kept_gas * 3 > ended.cases, "{ended:?}");
    assert!(ended.host_calls > 5 * ended.cases && ended.failed * 40 > ended.cases, "{ended:?}");
}

#[test]
fn contracts_of_wasm_smith_cost_what_their_instructions_cost() {
    let ended = explore(150, smith::contract);
    assert!(ended.kept_gas * 4 > ended.cases, "{ended:?}");
}

/// Most of wasm-smith's contracts are more than the empty one that stands in for what is none: else they prove nothing.
#[test]
fn contracts_of_wasm_smith_are_seldom_empty() {
    let mut rng = rng(1);
    let empty = smith::contract(&[]);
    let others = (0..100).filter(|_| {
        let mut bytes = vec![0; 1_500];
        rng.fill_bytes(&mut bytes);
        smith::contract(&bytes) != empty
    });
    let others = others.count();
    assert!(others >= 50, "{others} of 100");
}

/// Every price is paid by one of a hundred contracts: what is in none of them is not proven.
#[test]
fn contracts_of_our_own_pay_every_price() {
    let mut rng = rng(1);
    let contracts: Vec<Vec<u8>> = (0..100)
        .map(|_| {
            let mut bytes = vec![0; 1_500];
            rng.fill_bytes(&mut bytes);
            generator::contract(&bytes)
        })
        .collect();
    let spent = |code: &[u8], doubled: usize| {
        let mut number = 0..;
        let prices = drawn(|| 1 + u16::from(number.next() == Some(doubled)));
        Model::new(code, &prices).run(GAS, &input()).spent
    };
    let plain: Vec<i128> = contracts.iter().map(|code| spent(code, usize::MAX)).collect();
    for (index, (name, _)) in Prices::UNIT.entries().enumerate() {
        let paying =
            contracts.iter().zip(&plain).filter(|(code, plain)| spent(code, index) > **plain).count();
        assert!(paying > 0, "none pays {name}");
    }
}

fn rng(seed: u32) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

/// How the contracts ended that were tried.
#[derive(Clone, Copy, Debug, Default)]
struct Ended {
    cases: u32,
    kept_gas: u32,
    failed: u32,
    host_calls: u32,
}

fn explore(cases: u32, contract: fn(&[u8]) -> Vec<u8>) -> Ended {
    let variable = |name| std::env::var(name).ok();
    let ended = std::cell::Cell::new(Ended::default());
    if let Some(bytes) = variable("HEBE_REPLAY") {
        let case = Case { bytes: unhex(&bytes), draws: (1..60).map(|n| n * 1_009).collect() };
        check(&case, contract, &ended).unwrap_or_else(|error| panic!("{error}"));
        return Ended { cases: 0, ..ended.get() };
    }
    let number = |name, default| variable(name).map_or(default, |text| text.parse().expect("a number"));
    let cases = number("HEBE_CASES", cases);
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 3_000,
        ..ProptestConfig::default()
    };
    let rng = rng(number("HEBE_SEED", 3));
    let lists =
        (proptest::collection::vec(any::<u8>(), 20..2_500), proptest::collection::vec(any::<u16>(), 60));
    let cases = lists.prop_map(|(bytes, draws)| Case { bytes, draws });
    let result = TestRunner::new_with_rng(config, rng).run(&cases, |case| check(&case, contract, &ended));
    result.unwrap_or_else(|error| panic!("{error}"));
    ended.get()
}

fn check(
    case: &Case,
    contract: fn(&[u8]) -> Vec<u8>,
    ended: &std::cell::Cell<Ended>,
) -> Result<(), TestCaseError> {
    let code = contract(&case.bytes);
    let trouble = |text: String| {
        let wat = wasmprinter::print_bytes(&code).unwrap_or_else(|error| error.to_string());
        TestCaseError::fail(format!("{text}\nHEBE_REPLAY={}\n{wat}", hex(&case.bytes)))
    };
    let valid = validate(&code, &Profile::EXTENDED, Revision::Byzantium, false);
    valid.map_err(|error| trouble(format!("not a contract: {error}")))?;
    let mut draws = case.draws.iter().copied().cycle();
    let drawn = drawn(|| draws.next().unwrap_or(0));
    let mut sums = ended.get();
    for prices in [&Prices::UNIT, &Prices::HASWELL, &drawn] {
        let rich =
            priced(&code, prices, &case.draws).map_err(|text| trouble(format!("{}: {text}", prices.name)))?;
        if prices.name == "unit" {
            sums.cases += 1;
            sums.kept_gas += u32::from(rich.keeps_gas());
            sums.failed += u32::from(!rich.keeps_gas());
            sums.host_calls += rich.events.len() as u32;
        }
    }
    ways(&code).map_err(trouble)?;
    sentinel(&code, &case.draws).map_err(trouble)?;
    unmetered(&code).map_err(trouble)?;
    ended.set(sums);
    Ok(())
}

/// Call data.
fn input() -> Vec<u8> {
    (0..generator::INPUT as u8).map(|n| n * 5).collect()
}

/// With more gas than needed, as much, less, and at every observation.
fn priced(code: &[u8], prices: &Prices, draws: &[u16]) -> Result<Expected, String> {
    let model = Model::new(code, prices);
    let input = input();
    let run = |gas| {
        let expected = model.run(gas, &input);
        observe(Metering::Inline, prices, code, gas, &input, Ways::ColdAndWarm).agrees(&expected, gas)?;
        Ok::<_, String>(expected)
    };
    let rich = run(GAS)?;
    let used = rich.used();
    if rich.keeps_gas() {
        let all = run(used)?;
        if all.status != rich.status || all.gas_left != 0 {
            return Err(format!("the model: {:?} with {used}, {:?} with {GAS}", all.status, rich.status));
        }
        let short = run(used - 1)?;
        if short.status != StatusCode::OutOfGas || short.or_out_of_gas {
            return Err(format!("the model: {:?} with 1 less than {used}", short.status));
        }
        run(i64::MAX)?;
    }
    // What a failure takes is not known; what was spent until then is near it.
    for draw in &draws[..4] {
        let gas = (used.min(GAS) - 1) * i64::from(*draw) / i64::from(u16::MAX);
        let poor = run(gas.max(0))?;
        if poor.keeps_gas() {
            return Err(format!("the model: {:?} with {gas} of {used}", poor.status));
        }
    }
    // Around the start, which is charged before anything runs.
    let start = model.start() / PARTICLES;
    (start - 1..=start + 2).try_for_each(|gas| run(gas.max(0)).map(drop))?;
    memory(code, prices, &rich)?;
    Ok(rich)
}

/// Cached or not, traced, debugged, in many threads: always the same.
fn ways(code: &[u8]) -> Result<(), String> {
    let model = Model::new(code, &Prices::UNIT);
    let input = input();
    let used = model.run(GAS, &input).used().min(GAS);
    for gas in [GAS, used, used * 2 / 3] {
        let expected = model.run(gas, &input);
        for ways in [Ways::Traced, Ways::Debugged, Ways::Uncached, Ways::Threads] {
            let observed = observe(Metering::Inline, &Prices::UNIT, code, gas, &input, ways);
            observed.agrees(&expected, gas).map_err(|text| format!("{ways:?}: {text}"))?;
        }
    }
    Ok(())
}

/// Metered before it is deployed it costs the same, and sees the same gas wherever it looks; only why it fails may differ.
fn sentinel(code: &[u8], draws: &[u16]) -> Result<(), String> {
    // What is deployed may be beyond a limit that the contract itself keeps.
    let Some(deployed) = deploy(code) else { return Ok(()) };
    let model = Model::new(code, &Prices::UNIT);
    let input = input();
    let used = model.run(GAS, &input).used().min(GAS);
    for gas in [GAS, used, used - 1, used * i64::from(draws[0]) / i64::from(u16::MAX)] {
        let (expected, prices) = (model.run(gas, &input), &Prices::UNIT);
        let mut observed = observe(Metering::Sentinel, prices, &deployed, gas, &input, Ways::Traced);
        let own = |event: &Event| event.call != "useGas";
        observed.events = observed.events.map(|events| events.into_iter().filter(own).collect());
        if expected.keeps_gas() {
            let events = expected.events.iter().filter(|event| own(event)).cloned().collect();
            let expected = Expected { events, ..expected };
            observed.agrees(&expected, gas).map_err(|text| format!("sentinel: {text}"))?;
        } else if matches!(observed.outcome.status, StatusCode::Success | StatusCode::Revert) {
            return Err(format!("sentinel: with {gas} gas\nfound    {observed:?}\nexpected {expected:?}"));
        }
    }
    Ok(())
}

/// Without meter it does the same, beside what is made of the gas left.
fn unmetered(code: &[u8]) -> Result<(), String> {
    let input = input();
    let run = |metering| observe(metering, &Prices::UNIT, code, GAS, &input, Ways::Traced);
    let (metered, unmetered) = (run(Metering::Inline), run(Metering::None));
    let expected = Model::new(code, &free()).run(GAS, &input);
    if expected.status == StatusCode::StackOverflow {
        return Ok(());
    }
    unmetered.agrees(&expected, GAS).map_err(|text| format!("unmetered: {text}"))?;
    let plain = |observed: &Observed| {
        let output = observed.outcome.output.get(generator::OF_GAS..).map(<[u8]>::to_vec);
        let calls = observed.events.iter().flatten().map(|event| (event.call, event.args.clone()));
        let seen = crate::interface::Seen { calls: vec![], ..observed.seen.clone() };
        (observed.outcome.status, observed.outcome.gas_refund, output, calls.collect::<Vec<_>>(), seen)
    };
    // More than all gas can also go into pages, which are free without the meter.
    if metered.outcome.status != StatusCode::OutOfGas && plain(&metered) != plain(&unmetered) {
        return Err(format!("metered {metered:?}\nunmetered {unmetered:?}"));
    }
    Ok(())
}

/// Linear memory after `main` of the metered module itself, where it imports nothing.
fn memory(code: &[u8], prices: &Prices, expected: &Expected) -> Result<(), String> {
    let module = validate(code, &Profile::EXTENDED, Revision::Byzantium, false).expect("valid");
    if module.facts().imported_functions > 0 || expected.status != StatusCode::Success {
        return Ok(());
    }
    let metered = meter(&module, Metering::Inline, prices);
    let engine = wasmi::Engine::default();
    let module = wasmi::Module::new(&engine, metered.bytes()).expect("the metered module is valid");
    let mut store = wasmi::Store::new(&engine, ());
    let instance =
        wasmi::Linker::new(&engine).instantiate_and_start(&mut store, &module).expect("no imports");
    let gas = instance.get_global(&store, GAS_EXPORT).expect("exported");
    gas.set(&mut store, wasmi::Val::I64(i64::MAX / metered.unit())).expect("mutable");
    instance.get_typed_func::<(), ()>(&store, "main").expect("there").call(&mut store, ()).expect("returns");
    let memory = instance.get_memory(&store, "memory").expect("there");
    if memory.data(&store) == expected.memory { Ok(()) } else { Err("another memory".to_owned()) }
}
