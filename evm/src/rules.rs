//! What a revision changes.

use std::sync::OnceLock;

use hebe_host_ei::Revision;
use revm_interpreter::{
    context_interface::cfg::{GasId, GasParams},
    primitives::hardfork::SpecId,
};

/// The revision for revm. revm has no Constantinople: it is Petersburg there, but for the price of SSTORE ([`gas_params`]).
pub(crate) fn spec_id(revision: Revision) -> SpecId {
    match revision {
        Revision::Frontier => SpecId::FRONTIER,
        Revision::Homestead => SpecId::HOMESTEAD,
        Revision::TangerineWhistle => SpecId::TANGERINE,
        Revision::SpuriousDragon => SpecId::SPURIOUS_DRAGON,
        Revision::Byzantium => SpecId::BYZANTIUM,
        Revision::Constantinople | Revision::Petersburg => SpecId::PETERSBURG,
        Revision::Istanbul => SpecId::ISTANBUL,
        Revision::Berlin => SpecId::BERLIN,
        Revision::London => SpecId::LONDON,
        Revision::Paris => SpecId::MERGE,
        Revision::Shanghai => SpecId::SHANGHAI,
        Revision::Cancun => SpecId::CANCUN,
        Revision::Prague => SpecId::PRAGUE,
        Revision::Osaka | Revision::Experimental => SpecId::OSAKA,
    }
}

/// The prices that depend on more than the instruction.
pub(crate) fn gas_params(revision: Revision) -> GasParams {
    static CONSTANTINOPLE: OnceLock<GasParams> = OnceLock::new();
    match revision {
        Revision::Constantinople => CONSTANTINOPLE.get_or_init(constantinople).clone(),
        _ => GasParams::new_spec(spec_id(revision)),
    }
}

/// EIP-1283. Its cases are those of EIP-2200, in which SSTORE costs 200 where that has 800; there is no minimum of gas left.
fn constantinople() -> GasParams {
    const NO_CHANGE: u64 = 200;
    let mut params = GasParams::new_spec(SpecId::PETERSBURG);
    params.override_gas([
        (GasId::sstore_static(), NO_CHANGE),
        (GasId::sstore_set_without_load_cost(), 20_000 - NO_CHANGE),
        (GasId::sstore_reset_without_cold_load_cost(), 5_000 - NO_CHANGE),
        (GasId::sstore_set_refund(), 20_000 - NO_CHANGE),
        (GasId::sstore_reset_refund(), 5_000 - NO_CHANGE),
        (GasId::sstore_clearing_slot_refund(), 15_000),
    ]);
    params
}
