//! The one list of what each revision changes.

use super::GasEntry;
use crate::{Gas, Revision};

/// A number that a revision changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Edit {
    /// From when on.
    pub revision: Revision,
    /// Where it is written: an EIP, or an older document.
    pub source: &'static str,
    /// Which number.
    pub entry: GasEntry,
    /// What it is from then on.
    pub gas: Gas,
}

macro_rules! edits {
    ($( $revision:ident $source:literal: $($entry:ident = $gas:expr),+; )*) => {
        /// Every change of a number, oldest first. What is not here is 0.
        pub const EDITS: &[Edit] = &[$($(
            Edit { revision: Revision::$revision, source: $source, entry: GasEntry::$entry, gas: $gas },
        )+)*];
    };
}

// The Yellow Paper's names are in its appendix G. Amounts of EIP-1283, 2200 and 2929 are those of the EIPs without what the function
// has taken before: `storage_store` always, and the warm price for what is cold.
edits! {
    Frontier "Yellow Paper":
        base = 2, very_low = 3, low = 5, mid = 8, exp = 10, exp_byte = 10, keccak = 30, keccak_word = 6,
        copy = 3, copy_word = 3, balance = 20, external_code = 20,
        log = 375, log_topic = 375, log_byte = 8,
        storage_load = 50, storage_store = 5_000, storage_add = 20_000 - 5_000, storage_clear_refund = 15_000,
        call = 40, call_value = 9_000, call_new_account = 25_000, call_empty_new_account = 25_000, call_stipend = 2_300,
        create = 32_000, self_destruct_refund = 24_000;
    // The Yellow Paper has 20.
    Frontier "ewasm state tests": block_hash = 800;
    TangerineWhistle "EIP-150":
        balance = 400, external_code = 700, storage_load = 200, call = 700, kept_part = 64,
        self_destruct = 5_000, self_destruct_new_account = 25_000, self_destruct_empty_new_account = 25_000;
    SpuriousDragon "EIP-160": exp_byte = 50;
    SpuriousDragon "EIP-161": call_empty_new_account = 0, self_destruct_empty_new_account = 0;
    Constantinople "EIP-1014": create2_word = 6;
    Constantinople "EIP-1052": external_code_hash = 400;
    Constantinople "EIP-1283":
        storage_store = 200, storage_add = 20_000 - 200, storage_change = 5_000 - 200;
    Petersburg "EIP-1716":
        storage_store = 5_000, storage_add = 20_000 - 5_000, storage_change = 0;
    Istanbul "EIP-1884": balance = 700, external_code_hash = 700, storage_load = 800, self_balance = 5;
    Istanbul "EIP-2200":
        storage_store = 800, storage_add = 20_000 - 800, storage_change = 5_000 - 800, storage_reserve = 2_300;
    Berlin "EIP-2929":
        balance = 100, external_code = 100, external_code_hash = 100, call = 100, cold_account = 2_600 - 100,
        storage_load = 100, cold_slot = 2_100 - 100, storage_store = 100, storage_store_cold = 2_100,
        storage_add = 20_000 - 100, storage_change = 5_000 - 2_100 - 100, self_destruct_cold = 2_600;
    London "EIP-3529": storage_clear_refund = 4_800, self_destruct_refund = 0;
    Shanghai "EIP-3860": init_code_word = 2, most_init_code = 49_152;
    Cancun "EIP-1153": transient = 100;
    Cancun "EIP-4844": blob_hash = 3;
    Prague "EIP-7702": delegate = 100;
    Osaka "EIP-7939": count_zeros = 5;
}
