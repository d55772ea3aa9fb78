//! The sentinel: what happens to code before it is deployed, and the same as a system contract.
//!
//! Source: `system_contracts.md` and `sentinel.md` of the ewasm design documents.

use hebe_host_ei::{Address, Halt, Message, Outcome, Revision, StatusCode, whole_gas};

use crate::{
    options::Config,
    refusal::Refusal,
    validate::{InvalidCode, check_size, validate},
    vm::Meters,
};

/// The address of the system contract: 0x0a.
pub const SENTINEL: Address = {
    let mut address = [0; 20];
    address[19] = 0x0a;
    Address(address)
};

/// What is deployed in place of a contract: validated, with calls of `useGas`, and validated again.
pub(crate) fn deployable(
    config: &Config,
    meters: &Meters,
    revision: Revision,
    code: &[u8],
) -> Result<Vec<u8>, InvalidCode> {
    check_size(code, &config.profile)?;
    let (profile, debug) = (&config.profile, config.debug.is_some());
    let deployed = meters.meter.deploy(&validate(code, profile, revision, debug)?);
    validate(&deployed, profile, revision, debug)?;
    Ok(deployed)
}

/// The raw interface of the system contract: wasm as call data, metered wasm as output; a revert if it is no contract.
///
/// It costs what starting the contract's code would: a base, and so much for each byte of the call data.
pub(crate) fn serve(config: &Config, meters: &Meters, revision: Revision, message: &Message) -> Outcome {
    let charge = whole_gas(config.prices.code(message.input.len()));
    let Some(left) = message.gas.checked_sub(charge).filter(|left| *left >= 0) else {
        let halt = Halt::OutOfGas { charge, left: message.gas };
        return Outcome::failure(halt.status(), halt);
    };
    match deployable(config, meters, revision, &message.input) {
        Ok(output) => Outcome { output, ..Outcome::success(left) },
        Err(invalid) => {
            let reason = Refusal::Invalid(invalid.into());
            Outcome { gas_left: left, ..Outcome::failure(StatusCode::Revert, reason) }
        }
    }
}
