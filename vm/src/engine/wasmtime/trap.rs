//! What an error of wasmtime says.

use hebe_host_ei::{Fault, Halt, Stop, Trap as Ours};
use wasmtime::{Error, Trap};

/// A host function's stop on its way through the engine.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct Stopped(pub(super) Stop);

/// Whether an error is the contract's end or the engine's fault.
pub(super) fn classify(error: Error) -> Result<Halt, Fault> {
    if let Some(trap) = error.downcast_ref::<Trap>() {
        return classify_trap(*trap);
    }
    match error.downcast::<Stopped>() {
        Ok(Stopped(Stop::Halt(halt))) => Ok(halt),
        Ok(Stopped(Stop::Fault(fault))) => Err(fault),
        Err(error) => Err(Fault::Engine(error.to_string())),
    }
}

/// True if an error of setting an instance up is one that the contract makes everywhere.
pub(super) fn is_contracts_own(error: &Error) -> bool {
    error.downcast_ref::<Trap>().is_some_and(|trap| classify_trap(*trap).is_ok())
}

/// The traps that a contract can make. Any other belongs to a proposal that no profile has, or is the engine's own.
fn classify_trap(trap: Trap) -> Result<Halt, Fault> {
    let ours = match trap {
        Trap::UnreachableCodeReached => return Ok(Halt::Unreachable),
        Trap::MemoryOutOfBounds => Ours::MemoryOutOfBounds,
        Trap::TableOutOfBounds => Ours::TableOutOfBounds,
        Trap::IndirectCallToNull => Ours::IndirectCallToNull,
        Trap::BadSignature => Ours::BadSignature,
        Trap::IntegerDivisionByZero => Ours::DivisionByZero,
        Trap::IntegerOverflow => Ours::IntegerOverflow,
        // The engine's own stack is above what the contract's depth allows.
        _ => return Err(Fault::Engine(format!("an impossible trap: {trap}"))),
    };
    Ok(ours.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever takes another version of wasmtime looks at the traps that it adds, and at this list of those that are
    /// the contract's own.
    #[test]
    fn every_trap_was_looked_at() {
        let traps: Vec<Trap> = (0..=u8::MAX).filter_map(Trap::from_u8).collect();
        let own: Vec<Trap> = traps.iter().copied().filter(|trap| classify_trap(*trap).is_ok()).collect();
        assert_eq!(
            own,
            [
                Trap::MemoryOutOfBounds,
                Trap::TableOutOfBounds,
                Trap::IndirectCallToNull,
                Trap::BadSignature,
                Trap::IntegerOverflow,
                Trap::IntegerDivisionByZero,
                Trap::UnreachableCodeReached,
            ]
        );
        assert_eq!(traps.len(), 50, "{traps:?}");
    }
}
