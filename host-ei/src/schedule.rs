//! What host functions cost.

use crate::{Gas, Revision};

macro_rules! gas_schedule {
    ($( $(#[doc = $doc:literal])* $name:ident ),* $(,)?) => {
        /// The gas of every host function at one revision.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct GasSchedule { $( $(#[doc = $doc])* pub $name: Gas, )* }

        impl GasSchedule {
            /// Every entry with its name, in the order of declaration.
            pub fn entries(&self) -> impl Iterator<Item = (&'static str, Gas)> {
                [$((stringify!($name), self.$name)),*].into_iter()
            }
        }
    };
}

gas_schedule! {
    /// A function that answers from the message, the transaction or the block.
    base,
    /// A copy into linear memory: once.
    copy,
    /// A copy into linear memory: each 32-byte word, rounded up.
    copy_word,
    /// `getExternalBalance`.
    balance,
    /// `getBlockHash`.
    block_hash,
    /// `getExternalCodeSize`, and `externalCodeCopy` before its words.
    external_code,
    /// `log`: once.
    log,
    /// `log`: each topic.
    log_topic,
    /// `log`: each byte of data.
    log_byte,
    /// `storageLoad`.
    storage_load,
    /// `storageStore`: always.
    storage_store,
    /// `storageStore`: more, for a slot that goes from zero to another value.
    storage_add,
    /// Refund for a slot that goes to zero from another value.
    storage_clear_refund,
    /// `call`, `callCode`, `callDelegate`, `callStatic`: always.
    call,
    /// `call` and `callCode`: more, for a nonzero value.
    call_value,
    /// `call`: more, for a nonzero value to an account that does not exist.
    call_new_account,
    /// Gas given free to the callee of a `call` or `callCode` with a nonzero value.
    call_stipend,
    /// `create`.
    create,
    /// `selfDestruct`: always.
    self_destruct,
    /// `selfDestruct`: more, for a nonzero balance to an account that does not exist.
    self_destruct_new_account,
    /// Refund for the first `selfDestruct` of an account in a transaction.
    self_destruct_refund,
}

/// Source: Yellow Paper (Byzantium version) appendix G under the names G_base, G_copy, … and EIP-150,
/// EIP-160, EIP-161. The ewasm state tests, filled by Hera, pin 800 for `getBlockHash` where the Yellow
/// Paper has 20.
const BYZANTIUM: GasSchedule = GasSchedule {
    base: 2,
    copy: 3,
    copy_word: 3,
    balance: 400,
    block_hash: 800,
    external_code: 700,
    log: 375,
    log_topic: 375,
    log_byte: 8,
    storage_load: 200,
    storage_store: 5_000,
    storage_add: 15_000,
    storage_clear_refund: 15_000,
    call: 700,
    call_value: 9_000,
    call_new_account: 25_000,
    call_stipend: 2_300,
    create: 32_000,
    self_destruct: 5_000,
    self_destruct_new_account: 25_000,
    self_destruct_refund: 24_000,
};

impl GasSchedule {
    /// The schedule of a revision, or `None` where wasm contracts do not run yet.
    pub fn of(revision: Revision) -> Option<&'static Self> {
        match revision {
            Revision::Byzantium => Some(&BYZANTIUM),
            _ => None,
        }
    }
}
