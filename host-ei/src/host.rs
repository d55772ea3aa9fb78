//! What a client answers.

use crate::{Address, Bytes32, Gas, Message, StatusCode, TxContext, U256};

/// What a write did to a storage slot, with EVMC's number. The letters are the values of the slot
/// at the start of the transaction, before the write and after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum StorageStatus {
    /// Nothing that the other names cover, above all no change.
    Assigned = 0,
    /// 0 → 0 → Z
    Added = 1,
    /// X → X → 0
    Deleted = 2,
    /// X → X → Z
    Modified = 3,
    /// X → 0 → Z
    DeletedAdded = 4,
    /// X → Y → 0
    ModifiedDeleted = 5,
    /// X → 0 → X
    DeletedRestored = 6,
    /// 0 → Y → 0
    AddedDeleted = 7,
    /// X → Y → X
    ModifiedRestored = 8,
}

impl StorageStatus {
    /// The status with this EVMC number, or `None` for a number that EVMC 12 does not know.
    pub const fn from_i32(status: i32) -> Option<Self> {
        Some(match status {
            0 => Self::Assigned,
            1 => Self::Added,
            2 => Self::Deleted,
            3 => Self::Modified,
            4 => Self::DeletedAdded,
            5 => Self::ModifiedDeleted,
            6 => Self::DeletedRestored,
            7 => Self::AddedDeleted,
            8 => Self::ModifiedRestored,
            _ => return None,
        })
    }

    /// The status of a write, from the slot's value at the start of the transaction, before the
    /// write and after it (EIP-2200's cases under EVMC's names).
    pub fn of(original: &Bytes32, current: &Bytes32, new: &Bytes32) -> Self {
        let zero = |value: &Bytes32| value.is_zero();
        if current == new {
            return Self::Assigned;
        }
        if original == current {
            return match (zero(original), zero(new)) {
                (true, _) => Self::Added,
                (false, true) => Self::Deleted,
                (false, false) => Self::Modified,
            };
        }
        match (zero(original), zero(current), zero(new), original == new) {
            (true, _, true, _) => Self::AddedDeleted,
            (true, ..) => Self::Assigned,
            (false, true, _, true) => Self::DeletedRestored,
            (false, true, _, false) => Self::DeletedAdded,
            (false, false, true, _) => Self::ModifiedDeleted,
            (false, false, false, true) => Self::ModifiedRestored,
            (false, false, false, false) => Self::Assigned,
        }
    }
}

/// Whether the transaction touched an account or a slot before (EIP-2929), with EVMC's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum AccessStatus {
    /// Never before in this transaction.
    Cold = 0,
    /// Before.
    Warm = 1,
}

/// A client's answer to a nested call or create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallResult {
    /// How it ended. A negative status is a failure of the node, not of the contract.
    pub status: StatusCode,
    /// Gas that was not used. Amounts below 0 or above what was given are brought into that range.
    pub gas_left: Gas,
    /// Gas to refund, may be negative.
    pub gas_refund: Gas,
    /// What the contract returned or reverted with.
    pub output: Vec<u8>,
    /// The new contract's address after a successful create.
    pub create_address: Address,
}

/// The client: the state of the chain and the means to call other contracts.
///
/// A host is moved into an execution and handed back, so that no engine needs a borrow of it.
/// Everything happens on the caller's thread.
pub trait Host: Send + 'static {
    /// True if the account exists (from Spurious Dragon on: and is not empty, EIP-161).
    fn account_exists(&mut self, address: &Address) -> bool;
    /// The value of a storage slot; zero if it was never set.
    fn get_storage(&mut self, address: &Address, key: &Bytes32) -> Bytes32;
    /// Writes a storage slot and says what that did. `None` if the client's answer makes no sense.
    fn set_storage(&mut self, address: &Address, key: &Bytes32, value: &Bytes32) -> Option<StorageStatus>;
    /// The balance of an account in wei; zero if it does not exist.
    fn get_balance(&mut self, address: &Address) -> U256;
    /// The size of an account's code in bytes.
    fn get_code_size(&mut self, address: &Address) -> usize;
    /// The Keccak-256 of an account's code; zero if the account does not exist (EIP-1052).
    fn get_code_hash(&mut self, address: &Address) -> Bytes32;
    /// Copies code from `offset` on into `buffer` and returns how many bytes there were.
    fn copy_code(&mut self, address: &Address, offset: usize, buffer: &mut [u8]) -> usize;
    /// Registers an account for destruction and moves its balance. True if that is new in this transaction.
    fn selfdestruct(&mut self, address: &Address, beneficiary: &Address) -> bool;
    /// Runs a nested message.
    fn call(&mut self, message: &Message) -> CallResult;
    /// The transaction and the block.
    fn get_tx_context(&mut self) -> TxContext;
    /// The hash of a block, zero if the client does not have it.
    fn get_block_hash(&mut self, number: i64) -> Bytes32;
    /// Emits a log entry with up to four topics.
    fn emit_log(&mut self, address: &Address, data: &[u8], topics: &[Bytes32]);
    /// Marks an account as accessed (EIP-2929).
    fn access_account(&mut self, address: &Address) -> AccessStatus;
    /// Marks a storage slot as accessed (EIP-2929).
    fn access_storage(&mut self, address: &Address, key: &Bytes32) -> AccessStatus;
    /// The value of a transient storage slot (EIP-1153).
    fn get_transient_storage(&mut self, address: &Address, key: &Bytes32) -> Bytes32;
    /// Writes a transient storage slot (EIP-1153).
    fn set_transient_storage(&mut self, address: &Address, key: &Bytes32, value: &Bytes32);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: the comments of EVMC 12 `enum evmc_storage_status`, one row each.
    #[test]
    fn storage_status_follows_evmcs_table() {
        use StorageStatus::*;
        let slot = |n: u8| Bytes32::from(u64::from(n));
        let (x, y, z) = (1, 2, 3);
        let table = [
            (0, 0, z, Added),
            (x, x, 0, Deleted),
            (x, x, z, Modified),
            (x, 0, z, DeletedAdded),
            (x, y, 0, ModifiedDeleted),
            (x, 0, x, DeletedRestored),
            (0, y, 0, AddedDeleted),
            (x, y, x, ModifiedRestored),
            (0, 0, 0, Assigned),
            (x, x, x, Assigned),
            (x, 0, 0, Assigned),
            (x, y, y, Assigned),
            (0, y, z, Assigned),
            (x, y, z, Assigned),
        ];
        for (original, current, new, status) in table {
            let found = StorageStatus::of(&slot(original), &slot(current), &slot(new));
            assert_eq!(found, status, "{original} → {current} → {new}");
        }
    }
}
