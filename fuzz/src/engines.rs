//! The oracle for engines: the same messages over a world that carries over, on each engine and with every kind of switch from one
//! to the next, against the interpreter that starts anew for each message.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
};

use arbitrary::{Arbitrary, Unstructured};
use hebe_host_ei::{CallKind, Fault, Message, Outcome, Profile, Sink, StatusCode, U256};
use hebe_vm::{
    Config, Refusal, Vm,
    engine::{EngineChoice, MachineCode, Tiering, suits_cranelift},
    meter::{Metering, meter},
    validate::validate,
};

use crate::{
    generate::{Kind, lengths},
    lasting::lasting,
    revision,
    world::{Event, SELF, State, World},
};

/// More than any contract of ours uses.
const RICH: i64 = 1_000_000_000;
/// Messages to each contract on each engine.
pub const MESSAGES: usize = 5;
const NEVER: u64 = u64::MAX;

/// What to do with a contract.
#[derive(Clone, Debug)]
pub struct Script {
    /// What made it.
    pub kind: Kind,
    /// How long each call data is, what is in it, and how much gas there is.
    draws: [(u8, u64, u16); MESSAGES],
    create: bool,
    is_static: bool,
    /// It runs on VMs that live on as well, which takes long.
    lasts: bool,
    /// The first of the [`WAYS`] to switch that is tried.
    pub switch: usize,
    /// How many of them are.
    pub switches: usize,
}

impl Script {
    /// A script out of bytes.
    pub fn new(kind: Kind, bytes: &[u8], switch: usize, switches: usize) -> Self {
        let mut u = Unstructured::new(bytes);
        let draws = <[(u8, u64, u16); MESSAGES]>::arbitrary(&mut u).unwrap_or_default();
        let create = u.ratio(1, 16).unwrap_or(false);
        let is_static = u.ratio(1, 16).unwrap_or(false);
        let lasts = u.ratio(1, 16).unwrap_or(false);
        Self { kind, draws, create, is_static, lasts, switch, switches }
    }

    fn message(&self, number: usize, gas: i64) -> Message {
        let (length, seed, _) = self.draws[number];
        let lengths: Vec<usize> = lengths(self.kind).collect();
        let length = lengths[usize::from(length) % lengths.len()];
        let mut state = seed | 1;
        let input = (0..length).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        });
        Message {
            kind: if self.create && number == 2 { CallKind::Create } else { CallKind::Call },
            is_static: self.is_static && number == 3,
            gas,
            recipient: SELF,
            code_address: SELF,
            input: input.collect(),
            value: U256::from(number as u64),
            ..Message::default()
        }
    }
}

/// How a message ended, as the client sees it, and what the host was asked meanwhile.
#[derive(Clone, PartialEq)]
struct Step {
    outcome: Result<Outcome, Fault>,
    events: Vec<Event>,
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Ok(Outcome { status, gas_left, gas_refund, output, reason }) => {
                write!(
                    f,
                    "{status:?}, {gas_left} left, refund {gas_refund}, {} bytes, {reason:?}",
                    output.len()
                )?;
            }
            Err(fault) => write!(f, "{fault}")?,
        }
        write!(f, ", {} questions", self.events.len())
    }
}

/// What came of all messages.
#[derive(Clone, PartialEq)]
pub(crate) struct Tape {
    steps: Vec<Step>,
    state: State,
}

/// What a comparison did.
#[derive(Debug, Default)]
pub struct Report {
    /// Executions.
    pub runs: u64,
    /// How the messages ended, on the reference.
    pub statuses: BTreeMap<&'static str, u64>,
    /// Questions that the host was asked, on the reference.
    pub questions: u64,
    /// Bytes of output, on the reference.
    pub output: u64,
    /// Modules that each compiler compiled.
    pub winch: u64,
    /// See above.
    pub cranelift: u64,
    /// Modules compiled in the background.
    pub earned: u64,
    /// Modules whose machine code came from a file.
    pub restored: u64,
    /// Why a compiler that was asked did not compile.
    pub fell_back: Vec<String>,
    /// Among these, how many because Cranelift is not asked for modules that large.
    pub too_large: u64,
}

/// Why a contract is not compared, or what differs.
#[derive(Debug)]
pub enum Verdict {
    /// It is no contract: beyond a limit.
    Refused(String),
    /// Engines differ, or one failed.
    Differs(String),
}

#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl Sink for Lines {
    fn line(&self, text: &str) {
        if text.contains("cannot compile") {
            self.0.lock().expect("no panic").push(text.to_owned());
        }
    }
}

/// Ways to switch: each place with both kinds of metering.
pub const WAYS: usize = 2 * SWITCHES.len();

/// Where the switches are: before which call Winch compiles, and Cranelift.
const SWITCHES: [(u64, u64); 18] = [
    (0, 1),
    (1, 2),
    (2, 3),
    (3, 4),
    (4, 5),
    (0, 2),
    (1, 3),
    (2, 4),
    (0, 3),
    (NEVER, 0),
    (NEVER, 1),
    (NEVER, 2),
    (NEVER, 3),
    (NEVER, 4),
    (1, NEVER),
    (2, NEVER),
    (3, NEVER),
    (0, 4),
];

/// Holds a contract's engines against one another.
pub fn engines(code: &[u8], script: &Script) -> Result<Report, Verdict> {
    let profile = if script.kind.is_r4() { Profile::R4 } else { Profile::EXTENDED };
    let valid = validate(code, &profile, revision(&profile), false)
        .map_err(|invalid| Verdict::Refused(invalid.to_string()))?;
    let mut report = Report::default();
    for metering in [Metering::Inline, Metering::None] {
        let config =
            Config { metering, profile: profile.clone(), engine: EngineChoice::Wasmi, ..Config::default() };
        let metered = meter(&valid, metering, &config.prices);
        let is_shapely = suits_cranelift(&metered);
        let code: Arc<[u8]> = code.into();
        let (messages, expected) = reference(&config, &code, script);
        note(&mut report, &expected);
        if let Some(Err(fault)) =
            expected.steps.iter().map(|step| &step.outcome).find(|outcome| outcome.is_err())
        {
            return Err(Verdict::Differs(format!("{metering:?}: the interpreter: {fault}")));
        }
        for config in configs(&config, script) {
            let name = format!("{metering:?}, {:?} {:?}", config.engine, config.tiering);
            let lines = Arc::new(Lines::default());
            let vm = Arc::new(Vm::new(Config { log: Some(lines.clone()), ..config.clone() }));
            let tape = play(&vm, &code, &messages);
            report.runs += messages.len() as u64;
            differs(&tape, &expected).map_err(|text| Verdict::Differs(format!("{name}: {text}")))?;
            let lines = std::mem::take(&mut *lines.0.lock().expect("no panic"));
            compiled(&config, &vm.machine_code(), &expected, is_shapely, lines, &mut report)
                .map_err(|text| Verdict::Differs(format!("{name}: {text}")))?;
        }
        if script.lasts {
            let done = lasting(&config, &code, &messages, &expected)
                .map_err(|text| Verdict::Differs(format!("{metering:?}, lasting: {text}")))?;
            report.runs += done.runs;
            report.earned += done.earned;
            report.restored += done.restored;
        }
    }
    Ok(report)
}

/// Each engine alone, and those of the script's switches that belong to this metering: they take turns.
fn configs(config: &Config, script: &Script) -> Vec<Config> {
    let alone = [EngineChoice::Wasmi, EngineChoice::Winch, EngineChoice::Cranelift];
    let alone = alone.map(|engine| Config { engine, ..config.clone() });
    let parity = usize::from(config.metering == Metering::None);
    let ways = (script.switch..script.switch + script.switches).filter(|way| way % 2 == parity);
    let switches = ways.map(|way| {
        let (winch, cranelift) = SWITCHES[way / 2 % SWITCHES.len()];
        Config {
            engine: EngineChoice::Tiered,
            tiering: Tiering::AtCall { winch, cranelift },
            ..config.clone()
        }
    });
    alone.into_iter().chain(switches).collect()
}

fn execute(vm: &Arc<Vm<World>>, code: &[u8], message: &Message, world: World) -> (World, Step) {
    let revision = revision(&vm.config().profile);
    let (mut world, outcome) = vm.execute(revision, code, message.clone(), world.begin(vm));
    world.vm = None;
    let events = std::mem::take(&mut world.events);
    (world, Step { outcome, events })
}

/// The messages, and what comes of them on interpreters of which each runs one.
fn reference(config: &Config, code: &Arc<[u8]>, script: &Script) -> (Vec<Message>, Tape) {
    let (mut messages, mut steps, mut world) = (Vec::new(), Vec::new(), World::new(Arc::clone(code)));
    for number in 0..MESSAGES {
        // As much gas as there can be, as much as is used, one less, a part, and all again.
        let rich = script.message(number, RICH);
        let gas = if matches!(number, 1..=3) {
            let (_, step) = execute(&Arc::new(Vm::new(config.clone())), code, &rich, world.copy());
            let left = step.outcome.as_ref().map_or(0, |outcome| outcome.gas_left);
            let used = if left > 0 { RICH - left } else { 100_000 };
            match number {
                1 => used,
                2 => (used - 1).max(0),
                _ => used * i64::from(script.draws[number].2) / i64::from(u16::MAX),
            }
        } else {
            RICH
        };
        let message = Message { gas, ..rich };
        let (after, step) = execute(&Arc::new(Vm::new(config.clone())), code, &message, world);
        world = after;
        messages.push(message);
        steps.push(step);
    }
    (messages, Tape { steps, state: world.state() })
}

/// All messages on one VM.
pub(crate) fn play(vm: &Arc<Vm<World>>, code: &Arc<[u8]>, messages: &[Message]) -> Tape {
    let mut world = World::new(Arc::clone(code));
    let mut steps = Vec::new();
    for message in messages {
        let (after, step) = execute(vm, code, message, world);
        world = after;
        steps.push(step);
    }
    Tape { steps, state: world.state() }
}

fn note(report: &mut Report, tape: &Tape) {
    for step in &tape.steps {
        if let Ok(outcome) = &step.outcome {
            *report.statuses.entry(outcome.status.name()).or_default() += 1;
            report.output += outcome.output.len() as u64;
        }
        report.questions += step.events.len() as u64;
    }
}

pub(crate) fn differs(found: &Tape, expected: &Tape) -> Result<(), String> {
    for (number, (found, expected)) in found.steps.iter().zip(&expected.steps).enumerate() {
        if found == expected {
            continue;
        }
        let mut text = format!("message {number}:\nfound    {found:?}\nexpected {expected:?}");
        let first = found.events.iter().zip(&expected.events).position(|(found, expected)| found != expected);
        if let Some(at) = first {
            text += &format!("\nquestion {at}: {:?}, expected {:?}", found.events[at], expected.events[at]);
        }
        if let (Ok(found), Ok(expected)) = (&found.outcome, &expected.outcome) {
            let first =
                found.output.iter().zip(&expected.output).position(|(found, expected)| found != expected);
            if let Some(at) = first {
                text += &format!(
                    "\nbyte {at:#x} of the output: {}, expected {}",
                    found.output[at], expected.output[at]
                );
            }
        }
        return Err(text);
    }
    if found.state == expected.state { Ok(()) } else { Err("another state at the end".to_owned()) }
}

/// Whether the compilers that were asked compiled.
fn compiled(
    config: &Config,
    made: &MachineCode,
    expected: &Tape,
    is_shapely: bool,
    lines: Vec<String>,
    report: &mut Report,
) -> Result<(), String> {
    report.winch += made.winch as u64;
    report.cranelift += made.cranelift as u64;
    let failed = !lines.is_empty();
    report.fell_back.extend(lines);
    if failed {
        return Err(format!("a compiler failed: {}", report.fell_back.last().expect("one")));
    }
    // Of these it is known that they came to an engine.
    let ran = expected.steps.iter().filter(|step| ran(step)).count() as u64;
    let (winch, cranelift) = match (config.engine, config.tiering) {
        (EngineChoice::Winch, _) => (true, false),
        (EngineChoice::Cranelift, _) => (!is_shapely, is_shapely),
        (EngineChoice::Tiered, Tiering::AtCall { winch, cranelift }) => {
            (ran > winch, ran > cranelift && is_shapely)
        }
        _ => (false, false),
    };
    if config.engine == EngineChoice::Cranelift && !is_shapely {
        report.too_large += 1;
        report.fell_back.push("beyond what Cranelift is asked for: Winch".to_owned());
    }
    let has = |count: usize, wanted: bool| count == 1 || !wanted && count == 0;
    if !has(made.winch, winch) || !has(made.cranelift, cranelift) {
        return Err(format!(
            "silently on another engine: {made:?}, wanted Winch {winch}, Cranelift {cranelift}"
        ));
    }
    Ok(())
}

fn ran(step: &Step) -> bool {
    let Ok(outcome) = &step.outcome else { return false };
    let reason = outcome.reason.as_ref();
    let is_refused = reason.is_some_and(|reason| (**reason).downcast_ref::<Refusal>().is_some());
    !is_refused && outcome.status != StatusCode::OutOfGas
}

#[cfg(test)]
mod tests {
    use hebe_host_ei::Bytes32;

    use super::*;

    fn tape() -> Tape {
        let outcome = Outcome { gas_refund: 3, output: vec![1, 2, 3], ..Outcome::success(7) };
        let events = vec![Event { call: "get_storage", hash: 1 }, Event { call: "set_storage", hash: 2 }];
        let state = World::new(Arc::from(&b"code"[..])).state();
        Tape { steps: vec![Step { outcome: Ok(outcome), events }; 2], state }
    }

    /// Whatever a client sees is looked at.
    #[test]
    fn every_difference_is_seen() {
        fn outcome(tape: &mut Tape) -> &mut Outcome {
            tape.steps[1].outcome.as_mut().expect("an outcome")
        }
        let changes: [fn(&mut Tape); 10] = [
            |tape| outcome(tape).status = StatusCode::Failure,
            |tape| outcome(tape).gas_left += 1,
            |tape| outcome(tape).gas_refund -= 1,
            |tape| outcome(tape).output[2] ^= 1,
            |tape| outcome(tape).output.push(0),
            |tape| tape.steps[0].outcome = Err(Fault::OutOfMemory),
            |tape| tape.steps[0].events.swap(0, 1),
            |tape| tape.steps[0].events.truncate(1),
            |tape| tape.state.0[0].1.storage.extend([(Bytes32([1; 32]), Bytes32([2; 32]))]),
            |tape| tape.state.2.push((SELF, SELF)),
        ];
        assert_eq!(differs(&tape(), &tape()), Ok(()));
        for (number, change) in changes.iter().enumerate() {
            let mut changed = tape();
            change(&mut changed);
            assert!(differs(&changed, &tape()).is_err(), "change {number}");
        }
    }

    /// Contracts of each kind are mostly compared, and come to their end as often as not.
    #[test]
    fn contracts_of_each_kind_are_compared() {
        for kind in [Kind::Dense, Kind::Own, Kind::SmithR4, Kind::SmithExtended] {
            let (mut compared, mut ended) = (0, 0);
            for seed in 0..12_u64 {
                let mut state = seed;
                let bytes: Vec<u8> = (0..800)
                    .map(|_| {
                        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                        (state >> 56) as u8
                    })
                    .collect();
                let Ok(code) = crate::generate::contract(kind, &bytes) else { continue };
                let script = Script::new(kind, &bytes[..64], seed as usize, 2);
                match engines(&code, &script) {
                    Ok(report) => {
                        compared += 1;
                        ended += report.statuses.get("SUCCESS").copied().unwrap_or_default();
                    }
                    Err(Verdict::Refused(_)) => {}
                    Err(Verdict::Differs(text)) => panic!("{kind:?} {seed}: {text}"),
                }
            }
            assert!(compared >= 8 && ended >= 4 * compared, "{kind:?}: {compared} of 12, {ended} ends");
        }
    }
}
