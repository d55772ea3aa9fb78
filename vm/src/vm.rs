//! The flow: bytes → validate → meter → compile → cache → run → outcome; EVM bytecode and precompiles beside it.

use std::sync::Arc;

use hebe_host_ei::{Fault, Frame, GasSchedule, Host, Message, Outcome, Revision, StatusCode, whole_gas};

use crate::{
    cache::{Cache, Contract, Known, Shape},
    client::Client,
    engine::{Code, Engines, MachineCode},
    evm,
    fault::caught,
    meter::{Meter, Metering},
    options::{Config, Evm1Mode},
    refusal::Refusal,
    schedule,
    sentinel::{SENTINEL, deployable, serve},
    validate::{InvalidCode, MAGIC, Validated, check_size, validate},
};

/// A VM for one kind of host. It can be used from many threads and re-entered from its host.
pub struct Vm<H: Host> {
    config: Config,
    meters: Meters,
    engines: Engines<Client<H>>,
    cache: Cache<Native<H>>,
}

/// The meter and the hash of its prices.
pub(crate) struct Meters {
    pub(crate) meter: Meter,
    schedule: [u8; 32],
}

/// What [`Vm::admit`] lets run: a contract, the code as it stands in the state, and its gas schedule.
struct Admitted<C> {
    contract: Arc<Contract<C>>,
    code: Arc<[u8]>,
    schedule: &'static GasSchedule,
}

/// A contract as the engines have it.
type Native<H> = Code<Client<H>>;

impl<H: Host> Vm<H> {
    /// A VM with these settings.
    pub fn new(config: Config) -> Self {
        let engines = Engines::new(&config);
        let cache = Cache::new(config.cache_bytes);
        let meter = Meter::new(config.metering, &config.prices);
        let meters = Meters { meter, schedule: schedule::hash(&config.prices) };
        Self { config, meters, engines, cache }
    }

    /// Its settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What there is of machine code. It tells of speed, never of results.
    pub fn machine_code(&self) -> MachineCode {
        self.engines.machine_code()
    }

    /// Runs a message and hands the host back.
    ///
    /// Every code and every message has an outcome, the same on every node. A [`Fault`] is a failure of
    /// this node, a panic included, and says nothing about the message. The host is called on this
    /// thread and on its stack (`hebe_stack`).
    pub fn execute(
        &self,
        revision: Revision,
        code: &[u8],
        message: Message,
        host: H,
    ) -> (H, Result<Outcome, Fault>) {
        let (host, outcome) =
            with_stack((message, host), |(message, host)| self.execute_here(revision, code, message, host));
        (host, outcome.map_err(|fault| self.tell(fault)))
    }

    fn execute_here(
        &self,
        revision: Revision,
        code: &[u8],
        message: Message,
        host: H,
    ) -> (H, Result<Outcome, Fault>) {
        if let Some(end) = self.system_contract(revision, &message) {
            return (host, end);
        }
        if let Some(end) = evm::precompile(&self.config, revision, code, &message) {
            return (host, end);
        }
        let is_create = message.kind.is_create();
        let (host, outcome) = if evm::takes(&self.config, code, &message) {
            evm::run(revision, code, message, host)
        } else {
            self.execute_wasm(revision, code, message, host)
        };
        let outcome = outcome.and_then(|outcome| self.check_deployment(revision, is_create, outcome));
        (host, outcome)
    }

    fn execute_wasm(
        &self,
        revision: Revision,
        code: &[u8],
        message: Message,
        host: H,
    ) -> (H, Result<Outcome, Fault>) {
        match caught(|| self.admit(revision, code, &message)) {
            Ok(Ok(admitted)) => self.run(admitted, revision, message, host),
            Ok(Err(refusal)) => (host, Ok(self.refuse(refusal))),
            Err(fault) => (host, Err(fault)),
        }
    }

    /// The sentinel is called as a contract, and nothing stands in for it.
    fn system_contract(&self, revision: Revision, message: &Message) -> Option<Result<Outcome, Fault>> {
        let is_called = self.config.metering == Metering::Sentinel
            && message.code_address == SENTINEL
            && !message.kind.is_create()
            && !self.config.system.contains_key(&SENTINEL)
            && message.gas >= 0;
        is_called.then(|| caught(|| Ok(serve(&self.config, &self.meters, revision, message))))
    }

    /// Everything that is decided before anything runs.
    fn admit(
        &self,
        revision: Revision,
        code: &[u8],
        message: &Message,
    ) -> Result<Result<Admitted<Native<H>>, Refusal>, Fault> {
        if message.gas < 0 {
            return Ok(Err(Refusal::NegativeGas(message.gas)));
        }
        let system = self.config.system.get(&message.code_address).filter(|_| !message.kind.is_create());
        let running = system.map_or(code, |system| system);
        if let Some(refusal) = self.refuse_unless_wasm(running, message) {
            return Ok(Err(refusal));
        }
        if let Some(refusal) = self.refuse_unless_paid(running.len(), message) {
            return Ok(Err(refusal));
        }
        let schedule = GasSchedule::of(revision);
        let contract = match self.load(revision, running, message.kind.is_create())? {
            Ok(contract) => contract,
            Err(invalid) => return Ok(Err(Refusal::Invalid(invalid))),
        };
        if system.is_none() {
            let code = Arc::clone(&contract.bytes);
            return Ok(Ok(Admitted { contract, code, schedule }));
        }
        // What is copied has a contract's size, as everything else.
        Ok(match check_size(code, &self.config.profile) {
            Ok(()) => Ok(Admitted { contract, code: code.into(), schedule }),
            Err(invalid) => Err(Refusal::Invalid(Arc::new(invalid))),
        })
    }

    fn refuse_unless_wasm(&self, code: &[u8], message: &Message) -> Option<Refusal> {
        match (code.starts_with(MAGIC), code.len()) {
            (true, 8..) => None,
            (true, length) => Some(Refusal::Truncated(length)),
            (false, 0) => Some(Refusal::Empty { gas: message.gas }),
            (false, _) if self.config.evm1mode == Evm1Mode::Fallback => Some(Refusal::OtherVm),
            (false, _) => Some(Refusal::NotWasm),
        }
    }

    /// Code is validated, metered and compiled only for who can pay for its bytes, whether or not that was done before. The charge
    /// itself is one with the rest of the start.
    fn refuse_unless_paid(&self, size: usize, message: &Message) -> Option<Refusal> {
        let is_metered = match self.config.metering {
            Metering::Inline => true,
            Metering::Sentinel => message.kind.is_create(),
            Metering::None => false,
        };
        let charge = whole_gas(self.config.prices.code(size));
        let left = message.gas;
        (is_metered && left < charge).then_some(Refusal::StartNotPaid { size, charge, left })
    }

    /// A contract, validated, metered and compiled, or why it is none: from the cache, or new.
    fn load(&self, revision: Revision, code: &[u8], is_init: bool) -> Result<Known<Native<H>>, Fault> {
        let Config { profile, metering, debug, .. } = &self.config;
        // Before anything is hashed or copied: there may be any number of bytes.
        if let Err(invalid) = check_size(code, profile) {
            return Ok(Err(Arc::new(invalid)));
        }
        let is_create = is_init && *metering == Metering::Sentinel;
        let shape = Shape {
            is_create,
            ..Shape::new(profile, revision, *metering, self.meters.schedule, debug.is_some())
        };
        self.cache.get_or_make(shape, code, || {
            let metered =
                if is_create { Some(deployable(&self.config, &self.meters, revision, code)) } else { None };
            let running = match metered.transpose() {
                Ok(metered) => metered,
                Err(invalid) => return Ok(Err(invalid)),
            };
            match validate(running.as_deref().unwrap_or(code), profile, revision, shape.debug) {
                Ok(validated) => self.compile(&validated).map(Ok),
                Err(invalid) => Ok(Err(invalid)),
            }
        })
    }

    fn compile(&self, module: &Validated<'_>) -> Result<(Native<H>, u64), Fault> {
        let metered = self.meters.meter.load(module);
        // What it takes grows with what was written into it.
        let (before, after) = (module.bytes().len() as u64, metered.bytes().len() as u64);
        let weight = module.weight().saturating_mul(after) / before.max(1);
        if self.cache.make_room(weight) {
            self.engines.renew();
        }
        // The module itself stays for the engine that comes next.
        let weight = weight.saturating_add(after);
        self.engines.compile(metered).map(|code| (code, weight))
    }

    fn run(
        &self,
        admitted: Admitted<Native<H>>,
        revision: Revision,
        mut message: Message,
        host: H,
    ) -> (H, Result<Outcome, Fault>) {
        if message.kind.is_create() {
            // Some clients hand the init code over as input too; to the contract it is code alone.
            message.input = Vec::new();
        }
        // It goes through many hands, and is large.
        let frame = Frame::new(Client(host), message, revision, admitted.schedule, admitted.code);
        let mut frame = Box::new(frame);
        frame.debug.clone_from(&self.config.debug);
        frame.trace.clone_from(&self.config.trace);
        let (frame, end) = self.engines.run(&admitted.contract.code, frame);
        if matches!(end, Err(Fault::Panic(_))) {
            // What a panic leaves half made, such as a function that wasmi was translating, nobody may run again.
            self.cache.clear();
            self.engines.renew();
        }
        let (Client(host), outcome) = frame.finish(end);
        (host, outcome)
    }

    /// Code that a create returns and that claims to be wasm must be a contract. With `metering=sentinel` the metered
    /// one is deployed.
    fn check_deployment(
        &self,
        revision: Revision,
        is_create: bool,
        outcome: Outcome,
    ) -> Result<Outcome, Fault> {
        let deployed = &outcome.output;
        let claims = deployed.len() >= 8 && deployed.starts_with(MAGIC);
        if !is_create || outcome.status != StatusCode::Success || !claims {
            return Ok(outcome);
        }
        let known = caught(|| {
            let metered = match self.config.metering {
                Metering::Sentinel => deployable(&self.config, &self.meters, revision, deployed).map(Some),
                Metering::Inline | Metering::None => Ok(None),
            };
            match metered {
                Ok(metered) => {
                    let code = metered.as_ref().unwrap_or(deployed);
                    Ok(self.load(revision, code, false)?.map(|_| metered))
                }
                Err(invalid) => Ok(Err(Arc::<InvalidCode>::new(invalid))),
            }
        })?;
        Ok(match known {
            Ok(Some(output)) => Outcome { output, ..outcome },
            Ok(None) => outcome,
            Err(invalid) => self.refuse(Refusal::InvalidDeployment(invalid)),
        })
    }

    fn refuse(&self, refusal: Refusal) -> Outcome {
        // What a contract cannot pay for is its own affair.
        let is_told = !matches!(refusal, Refusal::StartNotPaid { .. });
        let outcome = refusal.outcome();
        if let (Some(log), Some(reason)) = (self.config.log.as_ref().filter(|_| is_told), &outcome.reason) {
            log.line(&format!("hebe: {}: {reason}", outcome.status.name()));
        }
        outcome
    }

    fn tell(&self, fault: Fault) -> Fault {
        if let Some(log) = &self.config.log {
            log.line(&format!("hebe: {}: {fault}", fault.status().name()));
        }
        fault
    }
}

/// Runs `work` with enough native stack, whatever thread the client calls on. If the system gives none, the host comes
/// back as it went.
fn with_stack<H, T>(
    input: (Message, H),
    work: impl FnOnce((Message, H)) -> (H, Result<T, Fault>),
) -> (H, Result<T, Fault>) {
    let mut before = Some(input);
    let mut after = None;
    // A panic here can only be the system's refusal: what runs inside catches its own.
    let ran = caught(|| {
        let ran = hebe_stack::run(|| after = before.take().map(work));
        ran.map_err(|hebe_stack::NoStack| Fault::OutOfMemory)
    });
    match (after, before) {
        (Some(done), _) => done,
        (None, Some((_, host))) => (host, Err(ran.err().unwrap_or(Fault::OutOfMemory))),
        (None, None) => unreachable!("the host is in one place or the other"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hebe_host_ei::mock::MockHost;

    /// After a panic nothing that was compiled is used again: a function that wasmi was translating would never be ready.
    #[test]
    fn a_panic_empties_the_cache() {
        let call = r#"(module (import "ethereum" "call"
            (func $call (param i64 i32 i32 i32 i32) (result i32))) (memory (export "memory") 1)
            (func (export "main") (drop (call $call (i64.const 0) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))))"#;
        let code = wat::parse_str(call).expect("wat");
        let vm = Vm::new(Config::default());
        let run = |host| {
            let message = Message { gas: 1_000_000_000, ..Message::default() };
            vm.execute(Revision::Byzantium, &code, message, host).1
        };
        assert_eq!(run(MockHost::default()).map(|outcome| outcome.status), Ok(StatusCode::Success));
        assert_eq!(vm.cache.len(), 1);
        let panics = MockHost { on_call: Some(|_, _| panic!("on purpose")), ..MockHost::default() };
        assert_eq!(run(panics), Err(Fault::Panic("on purpose".to_owned())));
        assert_eq!(vm.cache.len(), 0);
        assert_eq!(run(MockHost::default()).map(|outcome| outcome.status), Ok(StatusCode::Success));
    }
}
