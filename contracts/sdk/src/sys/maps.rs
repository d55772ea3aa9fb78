//! Off the chain: a host in maps, one for each thread.

use alloc::vec::Vec;
use core::cell::RefCell;
use std::thread_local;

use hebe_host_ei::{self as ei, CallKind, Host, Message, StatusCode, mock::MockHost};
use sha3::{Digest, Keccak256};

use super::Kind;
use crate::{Address, Bytes32, U256, abi::Data};

/// The world of this thread.
#[derive(Clone, Debug)]
pub struct World {
    /// The chain. Its accounts, transaction and answers to nested calls are the test's to set.
    pub host: MockHost,
    /// The call that runs: its sender, value, input and recipient are the test's to set.
    pub message: Message,
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::new(World {
        host: MockHost::default(),
        message: Message { gas: i64::MAX, recipient: ei::Address([0xc0; 20]), ..Message::default() },
    });
}

pub(crate) fn with<T>(act: impl FnOnce(&mut World) -> T) -> T {
    WORLD.with_borrow_mut(act)
}

/// How native code ends a call: unwinding with this.
pub(crate) enum End {
    Finish(Vec<u8>),
    Revert(Vec<u8>),
}

pub(crate) fn number(value: ei::U256) -> U256 {
    U256::from_be_bytes(value.to_big_endian())
}

pub(crate) fn big(value: &U256) -> ei::U256 {
    ei::U256::from_big_endian(&value.to_be_bytes())
}

/// Gas is not counted here.
pub(crate) fn gas_left() -> u64 {
    with(|world| world.message.gas as u64)
}

pub(crate) fn this() -> Address {
    Address(with(|world| world.message.recipient.0))
}

pub(crate) fn sender() -> Address {
    Address(with(|world| world.message.sender.0))
}

pub(crate) fn origin() -> Address {
    Address(with(|world| world.host.tx_context.origin.0))
}

pub(crate) fn value() -> U256 {
    with(|world| number(world.message.value))
}

pub(crate) fn gas_price() -> U256 {
    with(|world| number(world.host.tx_context.gas_price))
}

pub(crate) fn balance(of: &Address) -> U256 {
    with(|world| number(world.host.get_balance(&ei::Address(of.0))))
}

pub(crate) fn input() -> Data {
    with(|world| world.message.input.clone()).leak()
}

pub(crate) fn load(key: &[u8; 32]) -> [u8; 32] {
    with(|world| world.host.get_storage(&world.message.recipient, &ei::Bytes32(*key)).0)
}

pub(crate) fn store(key: &[u8; 32], value: &[u8; 32]) {
    with(|world| {
        assert!(!world.message.is_static, "a store in a static call");
        world.host.set_storage(&world.message.recipient, &ei::Bytes32(*key), &ei::Bytes32(*value));
    });
}

pub(crate) fn log(data: &[u8], topics: &[[u8; 32]]) {
    with(|world| {
        assert!(!world.message.is_static, "a log in a static call");
        let topics: Vec<_> = topics.iter().map(|topic| ei::Bytes32(*topic)).collect();
        world.host.emit_log(&world.message.recipient, data, &topics);
    });
}

pub(crate) fn finish(output: &[u8]) -> ! {
    std::panic::resume_unwind(std::boxed::Box::new(End::Finish(output.to_vec())))
}

pub(crate) fn revert(output: &[u8]) -> ! {
    std::panic::resume_unwind(std::boxed::Box::new(End::Revert(output.to_vec())))
}

pub(crate) fn call(kind: Kind, gas: u64, to: &Address, value: &U256, input: &[u8]) -> Result<Data, Data> {
    let result = with(|world| {
        let mut message = Message {
            kind: CallKind::Call,
            is_static: world.message.is_static || kind == Kind::Static,
            depth: world.message.depth + 1,
            gas: gas as i64,
            recipient: ei::Address(to.0),
            code_address: ei::Address(to.0),
            sender: world.message.recipient,
            value: big(value),
            input: input.to_vec(),
            ..Message::default()
        };
        if kind == Kind::Delegate {
            message.kind = CallKind::DelegateCall;
            message.recipient = world.message.recipient;
            message.sender = world.message.sender;
            message.value = world.message.value;
        }
        world.host.call(&message)
    });
    match result.status {
        StatusCode::Success => Ok(result.output.leak()),
        _ => Err(result.output.leak()),
    }
}

pub(crate) fn create(value: &U256, code: &[u8]) -> Result<Address, Data> {
    create_as(CallKind::Create, value, code, Bytes32::ZERO)
}

pub(super) fn create_as(kind: CallKind, value: &U256, code: &[u8], salt: Bytes32) -> Result<Address, Data> {
    let result = with(|world| {
        let message = Message {
            kind,
            create2_salt: ei::Bytes32(salt.0),
            depth: world.message.depth + 1,
            gas: world.message.gas,
            sender: world.message.recipient,
            value: big(value),
            input: code.to_vec(),
            ..Message::default()
        };
        world.host.call(&message)
    });
    match result.status {
        StatusCode::Success => Ok(Address(result.create_address.0)),
        _ => Err(result.output.leak()),
    }
}

pub(crate) fn self_destruct(beneficiary: &Address) -> ! {
    with(|world| world.host.selfdestruct(&world.message.recipient, &ei::Address(beneficiary.0)));
    finish(&[])
}

pub(crate) fn block_number() -> u64 {
    with(|world| world.host.tx_context.block_number as u64)
}

pub(crate) fn block_timestamp() -> u64 {
    with(|world| world.host.tx_context.block_timestamp as u64)
}

pub(crate) fn block_gas_limit() -> u64 {
    with(|world| world.host.tx_context.block_gas_limit as u64)
}

pub(crate) fn block_coinbase() -> Address {
    Address(with(|world| world.host.tx_context.coinbase.0))
}

pub(crate) fn block_difficulty() -> U256 {
    with(|world| number(world.host.tx_context.prev_randao))
}

pub(crate) fn block_hash(number: u64) -> Option<Bytes32> {
    let hash = with(|world| world.host.block_hashes.get(&(number as i64)).copied());
    hash.map(|hash| Bytes32(hash.0))
}

pub(crate) fn keccak256(data: &[u8], hash: &mut [u8; 32]) {
    *hash = Keccak256::digest(data).into();
}

pub(crate) fn use_gas(amount: u64) {
    with(|world| world.message.gas = world.message.gas.saturating_sub_unsigned(amount));
}

pub(crate) fn code_size() -> u32 {
    external_code_size(&this())
}

pub(crate) fn code(offset: u32, length: u32) -> Data {
    external_code(&this(), offset, length)
}

pub(crate) fn external_code_size(of: &Address) -> u32 {
    with(|world| world.host.get_code_size(&ei::Address(of.0)) as u32)
}

/// On the chain, too, there must be as much.
pub(crate) fn external_code(of: &Address, offset: u32, length: u32) -> Data {
    let mut code = std::vec![0; length as usize];
    let copied = with(|world| world.host.copy_code(&ei::Address(of.0), offset as usize, &mut code));
    assert!(copied == code.len(), "the code ends before");
    code.leak()
}
