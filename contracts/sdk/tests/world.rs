//! What a contract sees of its world, off the chain: what the test has put into the host.

use hebe_sdk::{
    native::{self, address, ei},
    prelude::*,
};

#[test]
fn the_block_the_call_and_accounts() {
    native::with(|world| {
        let context = &mut world.host.tx_context;
        (context.block_number, context.block_timestamp, context.block_gas_limit) = (1, 2, 3);
        (context.gas_price, context.prev_randao) = (4.into(), 5.into());
        (context.coinbase, context.origin) = (ei::Address([6; 20]), ei::Address([7; 20]));
        world.host.block_hashes.insert(0, ei::Bytes32([8; 32]));
        let account = world.host.accounts.entry(ei::Address(address(9).0)).or_default();
        (account.balance, account.code) = (10.into(), vec![1, 2, 3]);
        world.host.accounts.entry(world.message.recipient).or_default().code = vec![4];
        world.message.gas = 100;
    });
    assert_eq!((block::number(), block::timestamp(), block::gas_limit()), (1, 2, 3));
    assert_eq!((message::gas_price(), block::difficulty()), (U256::from(4_u8), U256::from(5_u8)));
    assert_eq!((block::coinbase(), message::origin()), (Address([6; 20]), Address([7; 20])));
    assert_eq!((block::hash(0), block::hash(1)), (Some(Bytes32([8; 32])), None));
    assert_eq!((account::balance(address(9)), account::code_size(address(9))), (U256::from(10_u8), 3));
    assert_eq!((account::code(address(9)), account::own_code()), (&[1, 2, 3][..], &[4][..]));
    message::use_gas(30);
    assert_eq!(message::gas_left(), 70);
}

#[test]
fn a_creation() {
    native::with(|world| {
        world.host.on_call = Some(|_, message| {
            let created =
                message.kind == ei::CallKind::Create && message.input == [1, 2] && message.value == 5.into();
            let status = if created { ei::StatusCode::Success } else { ei::StatusCode::Revert };
            let create_address = ei::Address([9; 20]);
            ei::CallResult { status, output: vec![7], gas_left: 0, gas_refund: 0, create_address }
        });
    });
    assert_eq!(call::create(U256::from(5_u8), &[1, 2]), Ok(Address([9; 20])));
    assert_eq!(call::create(U256::ZERO, &[1, 2]), Err(&[7][..]));
}

#[cfg(feature = "extensions")]
#[test]
fn what_extensions_add() {
    use hebe_sdk::storage::Transient;

    static LOCK: Transient<i8> = Transient::new(3);
    native::with(|world| {
        let context = &mut world.host.tx_context;
        (context.chain_id, context.base_fee, context.blob_base_fee) = (1.into(), 2.into(), 3.into());
        context.prev_randao = 4.into();
        context.blob_hashes = vec![ei::Bytes32([5; 32])];
        let account = world.host.accounts.entry(world.message.recipient).or_default();
        (account.balance, account.code) = (6.into(), vec![1]);
        world.host.on_call = Some(|_, message| {
            let create2 = message.kind == ei::CallKind::Create2 && message.create2_salt.0 == [7; 32];
            let status = if create2 { ei::StatusCode::Success } else { ei::StatusCode::Failure };
            let create_address = ei::Address([9; 20]);
            ei::CallResult { status, output: vec![], gas_left: 0, gas_refund: 0, create_address }
        });
    });
    let numbers = [block::chain_id(), block::base_fee(), block::blob_base_fee(), block::prev_randao()];
    assert_eq!(numbers, [1_u8, 2, 3, 4].map(U256::from));
    assert_eq!((message::blob_hash(0), message::blob_hash(1)), (Some(Bytes32([5; 32])), None));
    assert_eq!(account::own_balance(), U256::from(6_u8));
    assert_eq!(account::code_hash(message::this()), keccak256(&[1]));
    assert_eq!(call::create2(U256::ZERO, &[], Bytes32([7; 32])), Ok(Address([9; 20])));
    assert_eq!(LOCK.get(), 0);
    LOCK.set(&-1);
    assert_eq!(LOCK.get(), -1);
    let key = ei::Bytes32(U256::from(3_u8).to_be_bytes());
    let stored = native::with(|world| world.host.transient.get(&(world.message.recipient, key)).copied());
    assert_eq!(stored, Some(ei::Bytes32([0xff; 32])));
}
