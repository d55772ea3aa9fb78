//! What host functions cost, and by which rules, at every revision.
//!
//! Every rule that changes between revisions is a number here, 0 where it does not hold, so that a revision is its
//! predecessor with the edits of [`EDITS`], each with its source.

mod edits;

pub use edits::{EDITS, Edit};

use crate::{Gas, Revision};

/// What a number of a schedule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GasKind {
    /// Gas that a function takes.
    Charge,
    /// Gas that comes back at the end of the transaction.
    Refund,
    /// Another number by which gas is counted.
    Rule,
}

macro_rules! gas_schedule {
    ($( $(#[doc = $doc:literal])* $kind:ident $name:ident $when:literal; )*) => {
        /// The gas of every host function at one revision.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct GasSchedule { $( $(#[doc = $doc])* pub $name: Gas, )* }

        /// A number of a [`GasSchedule`], by its name.
        #[allow(non_camel_case_types, reason = "they are the names of the fields")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum GasEntry { $( $(#[doc = $doc])* $name, )* }

        impl GasEntry {
            /// All of them, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// What kind of number it is.
            pub const fn kind(self) -> GasKind {
                match self { $(Self::$name => GasKind::$kind,)* }
            }

            /// When or for what it is taken, in words; empty for what a function always takes.
            pub const fn when(self) -> &'static str {
                match self { $(Self::$name => $when,)* }
            }
        }

        impl GasSchedule {
            /// Nothing costs anything: what Frontier is edited from.
            const NOTHING: Self = Self { $($name: 0),* };

            /// This schedule with another number.
            const fn with(mut self, entry: GasEntry, gas: Gas) -> Self {
                match entry { $(GasEntry::$name => self.$name = gas,)* }
                self
            }

            /// A number by its name.
            pub const fn get(&self, entry: GasEntry) -> Gas {
                match entry { $(GasEntry::$name => self.$name,)* }
            }
        }
    };
}

gas_schedule! {
    /// A function that answers from the message, the transaction or the block.
    Charge base "";
    /// 256-bit arithmetic at the EVM's price "very low".
    Charge very_low "";
    /// 256-bit arithmetic at the EVM's price "low".
    Charge low "";
    /// 256-bit arithmetic at the EVM's price "mid".
    Charge mid "";
    /// `u256Exp`: once.
    Charge exp "";
    /// `u256Exp`: each byte of the exponent, without leading zeros.
    Charge exp_byte "for each byte of the exponent";
    /// `u256Clz`.
    Charge count_zeros "";
    /// `keccak256`: once.
    Charge keccak "";
    /// `keccak256`: each 32-byte word, rounded up.
    Charge keccak_word "for each word";
    /// A copy into linear memory: once.
    Charge copy "";
    /// A copy into linear memory: each 32-byte word, rounded up.
    Charge copy_word "for each word";
    /// `getExternalBalance`.
    Charge balance "";
    /// `getSelfBalance`.
    Charge self_balance "";
    /// `getBlockHash`.
    Charge block_hash "";
    /// `getBlobHash`.
    Charge blob_hash "";
    /// `getExternalCodeSize`, and `externalCodeCopy` before its words.
    Charge external_code "";
    /// `getExternalCodeHash`.
    Charge external_code_hash "";
    /// More, for an account that the transaction has not touched before; also for the account that a called one delegates to.
    Charge cold_account "for an account touched first";
    /// `log`: once.
    Charge log "";
    /// `log`: each topic.
    Charge log_topic "for each topic";
    /// `log`: each byte of data.
    Charge log_byte "for each byte";
    /// `storageLoad`.
    Charge storage_load "";
    /// `storageLoad`: more, for a slot that the transaction has not touched before.
    Charge cold_slot "for a slot touched first";
    /// `storageStore`: always.
    Charge storage_store "";
    /// `storageStore`: more, for a slot that the transaction has not touched before.
    Charge storage_store_cold "for a slot touched first";
    /// `storageStore`: more, for a slot that goes from zero to another value. Where [`Self::storage_change`] is not 0: only if it
    /// was zero at the start of the transaction too, and it comes back when the slot is zero again.
    Charge storage_add "for a slot that was zero";
    /// `storageStore`: more, for the first change of a slot that is not zero at the start of the transaction; it comes back when the
    /// slot is what it was. 0 where a store is charged by the values before and after alone.
    Charge storage_change "for the first change of a slot that was not zero";
    /// `storageStore`: no more gas left than this is out of gas.
    Rule storage_reserve "gas left, or less: out of gas";
    /// Refund for a slot that goes to zero from another value; taken back if it does not stay zero.
    Refund storage_clear_refund "back for a slot that becomes zero";
    /// `transientLoad`, `transientStore`.
    Charge transient "";
    /// `call`, `callCode`, `callDelegate`, `callStatic`: always.
    Charge call "";
    /// The calls: more, for an account that delegates to another's code. 0 where none does.
    Charge delegate "for a delegation";
    /// `call` and `callCode`: more, for a nonzero value.
    Charge call_value "for a value";
    /// `call`: more, for a nonzero value to an account that does not exist.
    Charge call_new_account "for a value to a new account";
    /// `call`: more, without a value to an account that does not exist.
    Charge call_empty_new_account "for no value to a new account";
    /// Gas given free to the callee of a `call` or `callCode` with a nonzero value.
    Rule call_stipend "free for the callee, with a value";
    /// The calls and creations: one part in so many of the gas left stays, whatever is asked for. 0: all can go, and asking for more is
    /// out of gas.
    Rule kept_part "parts of the gas left, of which one stays";
    /// `create`, `create2`: always.
    Charge create "";
    /// `create`, `create2`: each 32-byte word of the init code, rounded up.
    Charge init_code_word "for each word of init code";
    /// `create2`: each 32-byte word of the init code, rounded up, which is hashed.
    Charge create2_word "for each word that is hashed";
    /// `create`, `create2`: the most bytes of init code; more is out of gas. 0: any number.
    Rule most_init_code "bytes of init code at most";
    /// `selfDestruct`: always.
    Charge self_destruct "";
    /// `selfDestruct`: more, for a beneficiary that the transaction has not touched before.
    Charge self_destruct_cold "for a beneficiary touched first";
    /// `selfDestruct`: more, for a nonzero balance to an account that does not exist.
    Charge self_destruct_new_account "for a balance to a new account";
    /// `selfDestruct`: more, without a balance to an account that does not exist.
    Charge self_destruct_empty_new_account "for no balance to a new account";
    /// Refund for the first `selfDestruct` of an account in a transaction.
    Refund self_destruct_refund "back, once for an account";
}

const COUNT: usize = Revision::ALL.len();

/// Each revision is its predecessor, edited.
static SCHEDULES: [GasSchedule; COUNT] = {
    let mut schedules = [GasSchedule::NOTHING; COUNT];
    let (mut schedule, mut revision) = (GasSchedule::NOTHING, 0);
    while revision < COUNT {
        let mut edit = 0;
        while edit < EDITS.len() {
            if EDITS[edit].revision as usize == revision {
                schedule = schedule.with(EDITS[edit].entry, EDITS[edit].gas);
            }
            edit += 1;
        }
        schedules[revision] = schedule;
        revision += 1;
    }
    schedules
};

impl GasSchedule {
    /// The schedule of a revision.
    pub fn of(revision: Revision) -> &'static Self {
        &SCHEDULES[revision as usize]
    }

    /// Every number with its name, in the order of declaration.
    pub fn entries(&self) -> impl Iterator<Item = (&'static str, Gas)> {
        GasEntry::ALL.iter().map(|entry| (entry.name(), self.get(*entry)))
    }
}

impl GasEntry {
    /// The edit that made this number what it is at a revision; none for one that was never set.
    pub fn edit(self, revision: Revision) -> Option<&'static Edit> {
        EDITS
            .iter()
            .filter(|edit| edit.entry == self && edit.revision <= revision)
            .max_by_key(|edit| edit.revision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Edits are in the order of revisions, change something, and no revision edits a number twice.
    #[test]
    fn every_edit_is_one() {
        assert!(EDITS.is_sorted_by_key(|edit| edit.revision));
        for edit in EDITS {
            let twins =
                EDITS.iter().filter(|other| (other.revision, other.entry) == (edit.revision, edit.entry));
            assert_eq!(twins.count(), 1, "{edit:?}");
            assert_eq!(GasSchedule::of(edit.revision).get(edit.entry), edit.gas, "{edit:?}");
            let before = Revision::from_i32(edit.revision as i32 - 1);
            let before = before.map_or(0, |before| GasSchedule::of(before).get(edit.entry));
            assert_ne!(before, edit.gas, "{edit:?}");
        }
        for entry in GasEntry::ALL {
            assert!(entry.edit(Revision::Experimental).is_some(), "{entry:?}");
            for revision in Revision::ALL {
                let gas = entry.edit(*revision).map_or(0, |edit| edit.gas);
                assert_eq!(gas, GasSchedule::of(*revision).get(*entry), "{entry:?} {revision}");
            }
        }
    }

    #[test]
    fn experimental_is_osaka() {
        assert_eq!(GasSchedule::of(Revision::Experimental), GasSchedule::of(Revision::Osaka));
        assert_eq!(GasSchedule::of(Revision::Petersburg), &{
            let constantinople = GasSchedule::of(Revision::Constantinople);
            let byzantium = GasSchedule::of(Revision::Byzantium);
            GasSchedule {
                storage_store: byzantium.storage_store,
                storage_add: byzantium.storage_add,
                storage_change: byzantium.storage_change,
                ..*constantinople
            }
        });
    }
}
