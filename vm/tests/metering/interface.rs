//! The Ethereum Environment Interface as far as generated contracts use it, written from `docs/eei.md` (Byzantium).

use std::collections::BTreeMap;

use hebe_host_ei::StatusCode;
use wasmi::{AsContext, Caller, Engine, Error, Instance, Linker, Val, errors::HostError};

use crate::naive::COUNT;

/// Particles in one gas.
pub(crate) const GAS: i128 = 10_000;

/// A host call: its name and arguments, the gas before it and after it, and what it returned if it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) call: &'static str,
    pub(crate) args: Vec<i64>,
    pub(crate) gas: i64,
    pub(crate) left: i64,
    pub(crate) result: Option<Option<i64>>,
}

/// A log entry: its data and topics.
pub(crate) type Log = (Vec<u8>, Vec<[u8; 32]>);

/// What the host sees of a contract.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) storage: BTreeMap<[u8; 32], [u8; 32]>,
    pub(crate) logs: Vec<Log>,
    /// The gas of each nested call.
    pub(crate) calls: Vec<i64>,
}

/// The running contract.
pub(crate) struct World {
    pub(crate) gas: i64,
    start: i64,
    /// Whole gas that host functions took.
    taken: i64,
    input: Vec<u8>,
    pub(crate) output: Vec<u8>,
    pub(crate) refund: i64,
    pub(crate) events: Vec<Event>,
    pub(crate) seen: Seen,
    pub(crate) instance: Option<Instance>,
}

/// The end that a host function makes.
#[derive(Debug)]
pub(crate) struct Stop(pub(crate) StatusCode);

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl HostError for Stop {}

impl World {
    pub(crate) fn new(gas: i64, start: i64, input: &[u8]) -> Self {
        let (input, output, events) = (input.to_vec(), Vec::new(), Vec::new());
        let seen = Seen::default();
        Self { gas, start, taken: 0, input, output, refund: 0, events, seen, instance: None }
    }
}

/// Particles spent so far.
pub(crate) fn spent(store: impl AsContext<Data = World>, instance: Instance) -> i128 {
    let Val::I64(count) = instance.get_global(&store, COUNT).expect("there").get(&store) else {
        panic!("i64")
    };
    let context = store.as_context();
    let world = context.data();
    i128::from(world.start) + i128::from(count) + i128::from(world.taken) * GAS
}

/// A host function at work.
struct Host<'a> {
    memory: &'a mut [u8],
    world: &'a mut World,
    spent: i128,
}

impl Host<'_> {
    /// Whole gas left; less than none is negative.
    fn left(&self) -> i64 {
        let particles = i128::from(self.world.gas) * GAS - self.spent;
        i64::try_from(particles.div_euclid(GAS)).expect("less than given")
    }

    fn pay(&mut self, gas: i64) -> Result<(), StatusCode> {
        if gas > self.left() {
            return Err(StatusCode::OutOfGas);
        }
        self.world.taken += gas;
        self.spent += i128::from(gas) * GAS;
        Ok(())
    }

    fn bytes(&mut self, offset: i32, length: u32) -> Result<&mut [u8], StatusCode> {
        let (from, length) = (offset as u32 as usize, length as usize);
        self.memory.get_mut(from..from + length).ok_or(StatusCode::InvalidMemoryAccess)
    }

    fn word(&mut self, offset: i32) -> Result<[u8; 32], StatusCode> {
        Ok(self.bytes(offset, 32)?.try_into().expect("32 bytes"))
    }
}

/// What a host function returns, as a trace shows it.
trait Shown: Copy {
    fn shown(self) -> Option<i64>;
}

impl Shown for () {
    fn shown(self) -> Option<i64> {
        None
    }
}

impl Shown for i32 {
    fn shown(self) -> Option<i64> {
        Some(self.into())
    }
}

impl Shown for i64 {
    fn shown(self) -> Option<i64> {
        Some(self)
    }
}

/// Runs a host function and notes it, unless there is no gas left at all.
fn called<R: Shown>(
    mut caller: Caller<'_, World>,
    call: &'static str,
    args: &[i64],
    function: impl FnOnce(&mut Host<'_>) -> Result<R, StatusCode>,
) -> Result<R, Error> {
    let instance = caller.data().instance.expect("it runs");
    let spent = spent(&caller, instance);
    let memory = instance.get_memory(&caller, "memory").expect("there");
    let (memory, world) = memory.data_and_store_mut(&mut caller);
    let mut host = Host { memory, world, spent };
    let gas = host.left();
    if gas < 0 {
        return Err(Error::host(Stop(StatusCode::OutOfGas)));
    }
    let result = function(&mut host);
    let left = host.left();
    let event = Event { call, args: args.to_vec(), gas, left, result: result.ok().map(Shown::shown) };
    world.events.push(event);
    result.map_err(|status| Error::host(Stop(status)))
}

macro_rules! functions {
    ($linker:ident: $( $name:ident = $function:ident($($arg:ident: $ty:ty),*) -> $result:ty; )*) => {
        $(
            let linked = $linker.func_wrap(
                "ethereum",
                stringify!($name),
                |caller: Caller<'_, World>, $($arg: $ty),*| -> Result<$result, Error> {
                    called(caller, stringify!($name), &[$(i64::from($arg)),*], |host| $function(host, $($arg),*))
                },
            );
            linked.expect("every name is listed once");
        )*
    };
}

/// Links them.
pub(crate) fn link(engine: &Engine) -> Linker<World> {
    let mut linker = Linker::new(engine);
    functions! { linker:
        useGas = use_gas(amount: i64) -> ();
        getGasLeft = get_gas_left() -> i64;
        getCallDataSize = get_call_data_size() -> i32;
        callDataCopy = call_data_copy(result: i32, offset: i32, length: i32) -> ();
        storageStore = storage_store(key: i32, value: i32) -> ();
        storageLoad = storage_load(key: i32, result: i32) -> ();
        log = log(data: i32, length: i32, topics: i32, one: i32, two: i32, three: i32, four: i32) -> ();
        callStatic = call_static(gas: i64, address: i32, data: i32, length: i32) -> i32;
        finish = finish(data: i32, length: i32) -> ();
        revert = revert(data: i32, length: i32) -> ();
    }
    linker
}

fn use_gas(host: &mut Host<'_>, amount: i64) -> Result<(), StatusCode> {
    if amount < 0 { Err(StatusCode::ArgumentOutOfRange) } else { host.pay(amount) }
}

fn get_gas_left(host: &mut Host<'_>) -> Result<i64, StatusCode> {
    host.pay(2)?;
    Ok(host.left())
}

fn get_call_data_size(host: &mut Host<'_>) -> Result<i32, StatusCode> {
    host.pay(2)?;
    Ok(host.world.input.len() as i32)
}

fn call_data_copy(host: &mut Host<'_>, result: i32, offset: i32, length: i32) -> Result<(), StatusCode> {
    let (offset, length) = (offset as u32 as usize, length as u32);
    host.pay(3 + 3 * i64::from(length.div_ceil(32)))?;
    let source = host.world.input.get(offset..offset + length as usize);
    let source = source.ok_or(StatusCode::InvalidMemoryAccess)?.to_vec();
    host.bytes(result, length)?.copy_from_slice(&source);
    Ok(())
}

fn storage_store(host: &mut Host<'_>, key: i32, value: i32) -> Result<(), StatusCode> {
    const ZERO: [u8; 32] = [0; 32];
    host.pay(5_000)?;
    let (key, value) = (host.word(key)?, host.word(value)?);
    let was_zero = !host.world.seen.storage.contains_key(&key);
    if was_zero && value != ZERO {
        host.pay(15_000)?;
    }
    if value == ZERO {
        host.world.seen.storage.remove(&key);
        host.world.refund += if was_zero { 0 } else { 15_000 };
    } else {
        host.world.seen.storage.insert(key, value);
    }
    Ok(())
}

fn storage_load(host: &mut Host<'_>, key: i32, result: i32) -> Result<(), StatusCode> {
    host.pay(200)?;
    let key = host.word(key)?;
    let value = host.world.seen.storage.get(&key).copied().unwrap_or_default();
    host.bytes(result, 32)?.copy_from_slice(&value);
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "the signature is the EEI's")]
fn log(
    host: &mut Host<'_>,
    data: i32,
    length: i32,
    topics: i32,
    one: i32,
    two: i32,
    three: i32,
    four: i32,
) -> Result<(), StatusCode> {
    let (length, count) = (length as u32, topics as u32);
    host.pay(375 + 375 * i64::from(count) + 8 * i64::from(length))?;
    let pointers = [one, two, three, four];
    let pointers = pointers.get(..count as usize).ok_or(StatusCode::ContractValidationFailure)?;
    let topics = pointers.iter().map(|pointer| host.word(*pointer)).collect::<Result<_, _>>()?;
    let data = host.bytes(data, length)?.to_vec();
    host.world.seen.logs.push((data, topics));
    Ok(())
}

/// The callee takes nothing and succeeds: [`hebe_host_ei::mock::MockHost`] answers so.
fn call_static(
    host: &mut Host<'_>,
    gas: i64,
    address: i32,
    data: i32,
    length: i32,
) -> Result<i32, StatusCode> {
    if gas < 0 {
        return Err(StatusCode::ArgumentOutOfRange);
    }
    host.bytes(address, 20)?;
    if length != 0 {
        host.bytes(data, length as u32)?;
    }
    host.pay(700)?;
    let most = host.left() - host.left() / 64;
    host.world.seen.calls.push(gas.min(most));
    Ok(0)
}

fn finish(host: &mut Host<'_>, data: i32, length: i32) -> Result<(), StatusCode> {
    host.world.output = host.bytes(data, length as u32)?.to_vec();
    Err(StatusCode::Success)
}

fn revert(host: &mut Host<'_>, data: i32, length: i32) -> Result<(), StatusCode> {
    host.world.output = host.bytes(data, length as u32)?.to_vec();
    Err(StatusCode::Revert)
}
