//! The code of an account, hashed once.

use std::{fmt, ops::Deref};

use hebe_host_ei::Bytes32;
use revm::{bytecode::Bytecode, primitives::Bytes};

use crate::convert::from_b256;

/// The code of an account: EVM bytecode, wasm, an EIP-7702 delegation or nothing. Cheap to clone.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Code(pub(crate) Bytecode);

impl Code {
    /// The Keccak-256 of the code.
    pub fn hash(&self) -> Bytes32 {
        from_b256(self.0.hash_slow())
    }
}

impl From<Vec<u8>> for Code {
    fn from(bytes: Vec<u8>) -> Self {
        let bytes = Bytes::from(bytes);
        // Bytes that begin like an EIP-7702 delegation but are none are plain code.
        Self(Bytecode::new_raw_checked(bytes.clone()).unwrap_or_else(|_| Bytecode::new_legacy(bytes)))
    }
}

impl From<&[u8]> for Code {
    fn from(bytes: &[u8]) -> Self {
        bytes.to_vec().into()
    }
}

impl Deref for Code {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.0.original_byte_slice()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of code with hash {}", self.len(), self.hash())
    }
}
