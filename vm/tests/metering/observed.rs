//! What a VM makes of a contract, in one way or another, held against what must come of it.

use std::sync::{Arc, Mutex};

use hebe_host_ei::{Outcome, Prices, Revision, Sink, StatusCode, mock::MockHost};
use hebe_vm::{Config, Vm, meter::Metering};
use serde_json::Value;

use crate::{
    engines::{RUNS, engines},
    interface::{Event, Seen},
    model::{Expected, start},
    support::{SELF, message},
};

/// How a contract is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ways {
    /// Again and again on one VM.
    ColdAndWarm,
    Traced,
    Debugged,
    /// The same on a VM that keeps nothing.
    Uncached,
    /// Eight at once on one VM.
    Threads,
}

/// What came of it.
#[derive(Clone)]
pub(crate) struct Observed {
    pub(crate) outcome: Outcome,
    pub(crate) seen: Seen,
    /// Host calls, where they were traced.
    pub(crate) events: Option<Vec<Event>>,
}

impl std::fmt::Debug for Observed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Outcome { status, gas_left, gas_refund, output, reason } = &self.outcome;
        write!(f, "{status:?}, {gas_left} left, output {}, refund {gas_refund}, {reason:?}", start(output))?;
        write!(f, "\n{:?}\n{:?}", self.seen, self.events)
    }
}

#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl Sink for Lines {
    fn line(&self, text: &str) {
        self.0.lock().expect("no panic").push(text.to_owned());
    }
}

pub(crate) fn observe(
    metering: Metering,
    prices: &Prices,
    code: &[u8],
    gas: i64,
    input: &[u8],
    ways: Ways,
) -> Observed {
    let lines = Arc::new(Lines::default());
    let sink = |wanted| (ways == wanted).then(|| lines.clone() as Arc<dyn Sink>);
    let config = Config {
        metering,
        prices: prices.clone(),
        trace: sink(Ways::Traced),
        debug: sink(Ways::Debugged),
        cache_bytes: if ways == Ways::Uncached { 0 } else { Config::default().cache_bytes },
        ..Config::default()
    };
    // Each case on another engine or with another switch.
    let configs = engines(&config);
    let config = configs[(code.len() as u64 ^ gas as u64) as usize % configs.len()].clone();
    let (choice, tiering) = (config.engine, config.tiering);
    let vm = Vm::new(config);
    let run = || {
        let (host, outcome) = vm.execute(Revision::Byzantium, code, message(gas, input), MockHost::default());
        Observed { outcome: outcome.expect("no fault"), seen: seen(&host), events: None }
    };
    let mut first = run();
    let others = match ways {
        Ways::ColdAndWarm | Ways::Uncached => (1..RUNS).map(|_| run()).collect(),
        Ways::Traced | Ways::Debugged => vec![],
        Ways::Threads => std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(run)).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        }),
    };
    for other in others {
        assert_eq!(
            (&other.outcome, &other.seen),
            (&first.outcome, &first.seen),
            "{ways:?} {choice:?} {tiering:?}"
        );
    }
    if ways == Ways::Traced {
        first.events = Some(lines.0.lock().expect("no panic").iter().map(|line| event(line)).collect());
    }
    first
}

fn seen(host: &MockHost) -> Seen {
    let storage = host.accounts.get(&SELF).map(|account| account.storage.clone()).unwrap_or_default();
    let logs = host.logs.iter();
    Seen {
        storage: storage.into_iter().map(|(key, value)| (key.0, value.0)).collect(),
        logs: logs.map(|log| (log.data.clone(), log.topics.iter().map(|topic| topic.0).collect())).collect(),
        calls: host.calls.iter().map(|message| message.gas).collect(),
    }
}

/// A line of the trace.
fn event(line: &str) -> Event {
    let line: Value = serde_json::from_str(line).expect("JSON");
    let number = |field: &str| line[field].as_i64().expect("a number");
    let name = line["call"].as_str().expect("a name");
    let call = hebe_host_ei::IMPORTS.iter().map(|import| import.name).find(|known| *known == name);
    Event {
        call: call.expect("an import"),
        args: line["args"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|arg| arg.as_i64().expect("a number"))
            .collect(),
        gas: number("gas"),
        left: number("left"),
        result: line.get("result").map(Value::as_i64),
    }
}

impl Observed {
    /// Whether this is what must come of it.
    pub(crate) fn agrees(&self, expected: &Expected, gas: i64) -> Result<(), String> {
        let outcome = &self.outcome;
        let out_of_gas = expected.or_out_of_gas && outcome.status == StatusCode::OutOfGas;
        let fits = (outcome.status == expected.status || out_of_gas)
            && outcome.gas_left == expected.gas_left
            && outcome.output == expected.output
            && outcome.gas_refund == expected.refund
            && self.seen == expected.seen
            && self.events.as_ref().is_none_or(|events| *events == expected.events);
        if fits { Ok(()) } else { Err(format!("with {gas} gas\nfound    {self:?}\nexpected {expected:?}")) }
    }
}
