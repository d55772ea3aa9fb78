//! The rules of the host functions, each at the lowest level that can fail: the function itself with a
//! host in maps, without an engine.
//!
//! Everything is at Byzantium unless it says otherwise. Expected values come from the ewasm design documents
//! (`eth_interface.md` revision 4), the Yellow Paper in its Byzantium version and the EIPs that the tests name, by arithmetic that stands beside them.

mod arithmetic;
mod calls;
mod context;
mod control;
mod creates;
mod delegation;
mod extensions;
mod memory;
mod net;
mod revisions;
mod storage;

use std::sync::Arc;

use hebe_host_ei::{
    Address, Frame, Gas, GasSchedule, Guest, Message, Revision, Stop, U256,
    mock::{MockAccount, MockHost},
};

/// The account that runs, who called it, and another one.
pub(crate) const SELF: Address = Address([0x5e; 20]);
pub(crate) const CALLER: Address = Address([0xca; 20]);
pub(crate) const OTHER: Address = Address([0x07; 20]);

/// Gas at the start of every run.
pub(crate) const GAS: Gas = 1_000_000;
/// Size of linear memory in these tests.
pub(crate) const MEMORY: i32 = 1_024;

/// A running contract.
pub(crate) struct Run {
    pub(crate) memory: Vec<u8>,
    pub(crate) frame: Frame<MockHost>,
}

impl Run {
    pub(crate) fn new() -> Self {
        Self::with(Message::default())
    }

    /// A run of a message at Byzantium; gas and the parties are filled in.
    pub(crate) fn with(message: Message) -> Self {
        let message = Message { gas: GAS, recipient: SELF, sender: CALLER, code_address: SELF, ..message };
        let (revision, code) = (Revision::Byzantium, Arc::from(&b"\0asm code"[..]));
        let frame = Frame::new(MockHost::default(), message, revision, GasSchedule::of(revision), code);
        Self { memory: vec![0; MEMORY as usize], frame }
    }

    /// A run at another revision.
    pub(crate) fn at(revision: Revision) -> Self {
        let mut run = Self::new();
        (run.frame.revision, run.frame.schedule) = (revision, GasSchedule::of(revision));
        run
    }

    pub(crate) fn in_static_mode() -> Self {
        Self::with(Message { is_static: true, ..Message::default() })
    }

    /// Calls a host function.
    pub(crate) fn call<T, E: Into<Stop>>(
        &mut self,
        function: impl FnOnce(&mut Guest<'_, MockHost>) -> Result<T, E>,
    ) -> Result<T, Stop> {
        let mut guest = Guest::new(&mut self.memory, &mut self.frame);
        function(&mut guest).map_err(Into::into)
    }

    /// Gas used so far.
    pub(crate) fn used(&self) -> Gas {
        GAS - self.frame.gas.left()
    }

    /// Puts bytes into linear memory.
    pub(crate) fn put(&mut self, offset: i32, bytes: &[u8]) {
        self.memory[offset as usize..][..bytes.len()].copy_from_slice(bytes);
    }

    /// Bytes of linear memory.
    pub(crate) fn get(&self, offset: i32, length: usize) -> &[u8] {
        &self.memory[offset as usize..][..length]
    }

    pub(crate) fn set_balance(&mut self, address: Address, balance: impl Into<U256>) {
        let account = MockAccount { balance: balance.into(), ..MockAccount::default() };
        self.frame.host.accounts.insert(address, account);
    }
}

/// 2^128: the first number that does not fit into a u128.
pub(crate) fn too_wide() -> U256 {
    U256::from(u128::MAX) + 1
}
