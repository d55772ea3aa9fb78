//! What a transaction leaves behind beside the state.

use hebe_host_ei::{Address, Bytes32, Fault, Outcome};
use revm::primitives as r;

use crate::convert::{from_address, from_b256};

/// A log entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// The contract that emitted it.
    pub address: Address,
    /// Up to four topics.
    pub topics: Vec<Bytes32>,
    /// The data.
    pub data: Vec<u8>,
}

impl From<r::Log> for Log {
    fn from(log: r::Log) -> Self {
        Self {
            address: from_address(log.address),
            topics: log.topics().iter().copied().map(from_b256).collect(),
            data: log.data.data.to_vec(),
        }
    }
}

/// The result of a transaction or of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// How it ended, in the words of the VM that ran the outermost frame. The output of a creation is
    /// the deployed code. In a transaction, the gas left is what the sender gets back and the refund
    /// what was granted under the revision's cap.
    pub outcome: Outcome,
    /// The gas paid for, after the refund.
    pub gas_used: u64,
    /// The logs, in order. Empty unless it was a success.
    pub logs: Vec<Log>,
    /// The new contract of a successful creation.
    pub created: Option<Address>,
}

impl Receipt {
    /// [`logs_hash`] of the logs.
    pub fn logs_hash(&self) -> Bytes32 {
        logs_hash(&self.logs)
    }
}

/// Why a transaction left the state as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TxError {
    /// The rules of the revision forbid the transaction.
    #[error("the transaction is not valid: {0}")]
    Invalid(String),
    /// This node failed. Another attempt may succeed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Keccak-256 of the RLP list of `[address, topics, data]`: how Ethereum's state tests write logs.
pub fn logs_hash(logs: &[Log]) -> Bytes32 {
    let logs = logs.iter().map(|log| {
        let topics = rlp_list(log.topics.iter().map(|topic| rlp_bytes(&topic.0)));
        rlp_list([rlp_bytes(&log.address.0), topics, rlp_bytes(&log.data)])
    });
    from_b256(r::keccak256(rlp_list(logs)))
}

fn rlp_list(items: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let items: Vec<u8> = items.into_iter().flatten().collect();
    [rlp_head(0xc0, items.len()), items].concat()
}

fn rlp_bytes(bytes: &[u8]) -> Vec<u8> {
    match bytes {
        [byte] if *byte < 0x80 => vec![*byte],
        _ => [&rlp_head(0x80, bytes.len()), bytes].concat(),
    }
}

/// Yellow Paper, appendix B: the length itself below 56, otherwise the length of the length and the length.
fn rlp_head(kind: u8, length: usize) -> Vec<u8> {
    let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|digit| *digit == 0).collect();
    match length {
        0..56 => vec![kind + length as u8],
        _ => [vec![kind + 55 + digits.len() as u8], digits].concat(),
    }
}
