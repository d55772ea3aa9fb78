//! A host function between the module that calls it and the host: the same for every engine.

use hebe_host_ei::{Frame, Guest, Halt, Host, Stop, whole_gas};

use crate::{
    fault::caught,
    meter::{EXHAUSTED, Start},
};

/// An instance that runs, as its engine gives it to a host function.
pub(super) trait Running<H: Host> {
    /// The gas that the module has counted, in its units; nothing if it does not count.
    fn units(&mut self) -> Option<i64>;

    /// Hands gas over to the module, where it counts.
    fn set_units(&mut self, units: i64);

    /// Particles in a unit.
    fn unit(&self) -> i64;

    /// Linear memory and the frame. A start section is refused, so both are there whenever code runs.
    fn guest(&mut self) -> Option<Guest<'_, H>>;
}

/// Runs a host function between reading the gas that the module has counted and writing back what is left.
pub(super) fn called<H: Host, T>(
    running: &mut impl Running<H>,
    function: impl FnOnce(&mut Guest<'_, H>) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let units = running.units();
    let (result, left) = called_with(running, units, function)?;
    if let (Some(before), Some(left)) = (units, left)
        && before != left
    {
        running.set_units(left);
    }
    Ok(result)
}

/// Runs a host function that gets the gas with its arguments and returns what is left with its result, both in units.
pub(super) fn called_with_gas<H: Host, T: WithGas>(
    running: &mut impl Running<H>,
    units: i64,
    function: impl FnOnce(&mut Guest<'_, H>) -> Result<T, Stop>,
) -> Result<T::Results, Stop> {
    let (result, left) = called_with(running, Some(units), function)?;
    Ok(result.with_gas(left.unwrap_or(units)))
}

/// A panic goes no further than this. It could not unwind through wasmi's instructions, which are `extern "sysv64"`
/// functions, and would abort the process.
fn called_with<H: Host, T>(
    running: &mut impl Running<H>,
    units: Option<i64>,
    function: impl FnOnce(&mut Guest<'_, H>) -> Result<T, Stop>,
) -> Result<(T, Option<i64>), Stop> {
    let unit = running.unit();
    let Some(mut guest) = running.guest() else { return Err(no_instance()) };
    if units.is_some_and(|units| !take_units(guest.frame, units, unit)) {
        return Err(Halt::GasExhausted.into());
    }
    let before = guest.frame.gas.particles();
    let result = caught(|| Ok(function(&mut guest)))??;
    let after = guest.frame.gas.particles();
    guest.frame.add_host_particles(before.saturating_sub(after));
    Ok((result, units.map(|_| after.div_euclid(unit))))
}

/// What a host function returns, and gas behind it.
pub(super) trait WithGas {
    type Results;

    fn with_gas(self, units: i64) -> Self::Results;
}

impl WithGas for () {
    type Results = i64;

    fn with_gas(self, units: i64) -> i64 {
        units
    }
}

impl WithGas for i32 {
    type Results = (i32, i64);

    fn with_gas(self, units: i64) -> (i32, i64) {
        (self, units)
    }
}

impl WithGas for i64 {
    type Results = (i64, i64);

    fn with_gas(self, units: i64) -> (i64, i64) {
        (self, units)
    }
}

#[cold]
fn no_instance() -> Stop {
    hebe_host_ei::Fault::Engine("a host function was called and nothing runs".to_owned()).into()
}

/// The gas that a module gets to count with, in its units. The rest of a unit stays behind.
pub(super) fn units<H>(frame: &Frame<H>, unit: i64) -> i64 {
    frame.gas.particles().div_euclid(unit)
}

/// Takes the gas back from the module. False if it has run out.
pub(super) fn take_units<H>(frame: &mut Frame<H>, units: i64, unit: i64) -> bool {
    if units < 0 {
        return false;
    }
    let rest = frame.gas.particles().rem_euclid(unit);
    frame.gas.set_particles(units * unit + rest);
    true
}

/// Pays for starting a contract, or says that there is not enough.
pub(super) fn start<H>(frame: &mut Frame<H>, start: Start) -> Option<Halt> {
    let is_paid = match start {
        Start::Charged(particles) => frame.gas.spend_particles(particles),
        Start::ChargedInside(particles) => frame.gas.particles() >= particles,
        Start::Free => true,
    };
    if is_paid {
        return None;
    }
    Some(Halt::StartNotPaid { charge: whole_gas(start.particles()), left: frame.gas.left() })
}

/// How a contract ended whose entry function returned: with gas left, or with less than none, which is noticed only now.
pub(super) fn returned<H>(frame: Option<&mut Box<Frame<H>>>, left: Option<i64>, unit: i64) -> Halt {
    let is_paid = left.is_none_or(|left| frame.is_some_and(|frame| take_units(frame, left, unit)));
    if is_paid { Halt::Return } else { Halt::GasExhausted }
}

/// How a contract really ended that did not end by itself, once its counters are read: an injected check ends it with
/// `unreachable`. The frame learns what was executed. It is no result, since a failure keeps no gas, but tells how hot the contract is.
pub(super) fn settle<H>(frame: &mut Frame<H>, unit: i64, halt: Halt, counters: Counters) -> Halt {
    let halt = match (halt, counters) {
        (Halt::Unreachable, Counters { depth: Some(..0), .. }) => Halt::StackOverflow,
        (Halt::Unreachable, Counters { units: Some(EXHAUSTED), .. }) => Halt::GasExhausted,
        _ => halt,
    };
    if halt == Halt::GasExhausted {
        frame.gas.set_particles(0);
    } else if let Some(units) = counters.units {
        take_units(frame, units, unit);
    }
    halt
}

/// What a module counted, where it did.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counters {
    pub(super) units: Option<i64>,
    pub(super) depth: Option<i64>,
}
