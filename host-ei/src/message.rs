//! What a client asks the VM to run, and the transaction around it.

use crate::{Address, Bytes32, Gas, U256};

/// The kind of a message, with EVMC's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum CallKind {
    /// A call, static when [`Message::is_static`] says so.
    Call = 0,
    /// The code of another account in the caller's place, with the caller's sender and value (EIP-7).
    DelegateCall = 1,
    /// The code of another account in the caller's place.
    CallCode = 2,
    /// A new contract; the code is its init code.
    Create = 3,
    /// A new contract at an address that its init code and a salt decide (EIP-1014).
    Create2 = 4,
    /// A new EOF contract (EIP-7620). Treated as [`CallKind::Create`].
    EofCreate = 5,
}

impl CallKind {
    /// The kind with this EVMC number, or `None` for a number that EVMC 12 does not know.
    pub const fn from_i32(kind: i32) -> Option<Self> {
        Some(match kind {
            0 => Self::Call,
            1 => Self::DelegateCall,
            2 => Self::CallCode,
            3 => Self::Create,
            4 => Self::Create2,
            5 => Self::EofCreate,
            _ => return None,
        })
    }

    /// True if the code is init code and the output will be deployed.
    pub const fn is_create(self) -> bool {
        matches!(self, Self::Create | Self::Create2 | Self::EofCreate)
    }
}

/// A message call or a creation (Yellow Paper, sections 7 and 8), in EVMC 12's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Call or create.
    pub kind: CallKind,
    /// No change of state is allowed here nor in any nested call (EIP-214).
    pub is_static: bool,
    /// The code was found by following an EIP-7702 delegation.
    pub is_delegated: bool,
    /// Nesting: 0 for a transaction's own message.
    pub depth: i32,
    /// The gas that the message may use.
    pub gas: Gas,
    /// The account in whose name the code runs: its storage, its balance.
    pub recipient: Address,
    /// Who called.
    pub sender: Address,
    /// The call data; the init code in a nested create that goes to [`Host::call`](crate::Host::call).
    pub input: Vec<u8>,
    /// The value that came with the message, in wei.
    pub value: U256,
    /// The salt of a [`CallKind::Create2`].
    pub create2_salt: Bytes32,
    /// The account whose code runs.
    pub code_address: Address,
}

impl Default for Message {
    /// A top-level call from and to the zero address without input, value or gas.
    fn default() -> Self {
        Self {
            kind: CallKind::Call,
            is_static: false,
            is_delegated: false,
            depth: 0,
            gas: 0,
            recipient: Address::default(),
            sender: Address::default(),
            input: Vec::new(),
            value: U256::zero(),
            create2_salt: Bytes32::ZERO,
            code_address: Address::default(),
        }
    }
}

/// The transaction and the block that a message belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TxContext {
    /// Price of gas in wei.
    pub gas_price: U256,
    /// Sender of the transaction.
    pub origin: Address,
    /// Beneficiary of the block.
    pub coinbase: Address,
    /// Number of the block.
    pub block_number: i64,
    /// Time of the block in seconds since 1970.
    pub block_timestamp: i64,
    /// Gas limit of the block.
    pub block_gas_limit: i64,
    /// Difficulty of the block, from Paris on its RANDAO value (EIP-4399).
    pub prev_randao: U256,
    /// Chain identifier (EIP-1344).
    pub chain_id: U256,
    /// Base fee of the block in wei (EIP-3198).
    pub base_fee: U256,
    /// Base fee for blobs in wei (EIP-7516).
    pub blob_base_fee: U256,
    /// Versioned hashes of the transaction's blobs (EIP-4844).
    pub blob_hashes: Vec<Bytes32>,
}
