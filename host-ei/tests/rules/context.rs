//! Gas, the message, the transaction, the block, balances.

use hebe_host_ei::{Bytes32, Halt, Message, TxContext, U256, functions::*};

use crate::{GAS, MEMORY, OTHER, Run, too_wide};

/// `eth_interface.md`, `useGas` and `getGasLeft`: the argument; 2, and the value is what is left after it.
#[test]
fn gas_is_taken_and_told_after_the_charge() {
    let mut run = Run::new();
    assert_eq!(run.call(|g| use_gas(g, 100)), Ok(()));
    assert_eq!(run.call(get_gas_left), Ok(GAS - 100 - 2));
    assert_eq!(run.call(|g| use_gas(g, 0)), Ok(()));
    assert_eq!(run.used(), 102);
    // All of it is possible, one more is not.
    assert_eq!(run.call(|g| use_gas(g, GAS - 102)), Ok(()));
    assert_eq!(run.frame.gas.left(), 0);
    assert_eq!(run.call(|g| use_gas(g, 1)), Err(Halt::OutOfGas { charge: 1, left: 0 }.into()));
}

/// An `i64` below zero is no amount of gas; Hera fails with "argument out of range" as well.
#[test]
fn negative_gas_is_out_of_range() {
    for amount in [-1, i64::MIN] {
        let mut run = Run::new();
        assert_eq!(run.call(|g| use_gas(g, amount)), Err(Halt::NegativeGas(amount).into()));
        assert_eq!(run.used(), 0);
    }
}

/// Yellow Paper, G_base = 2 for each.
#[test]
fn base_getters_cost_2_and_write_what_the_message_says() {
    let mut run = Run::with(Message { value: 0x0102.into(), ..Message::default() });
    run.frame.host.tx_context = TxContext {
        gas_price: 7.into(),
        origin: OTHER,
        coinbase: OTHER,
        block_number: 5,
        block_timestamp: -6,
        block_gas_limit: i64::MAX,
        ..TxContext::default()
    };
    let (own, caller) = (run.frame.message.recipient, run.frame.message.sender);
    run.call(|g| get_address(g, 0)).expect("in bounds");
    run.call(|g| get_caller(g, 32)).expect("in bounds");
    run.call(|g| get_call_value(g, 64)).expect("in bounds");
    run.call(|g| get_tx_origin(g, 96)).expect("in bounds");
    run.call(|g| get_block_coinbase(g, 128)).expect("in bounds");
    run.call(|g| get_tx_gas_price(g, 160)).expect("in bounds");
    assert_eq!(run.call(get_block_number), Ok(5));
    assert_eq!(run.call(get_block_timestamp), Ok(-6));
    assert_eq!(run.call(get_block_gas_limit), Ok(i64::MAX));
    assert_eq!(run.used(), 9 * 2);
    assert_eq!(run.get(0, 21), [&own.0[..], &[0]].concat());
    assert_eq!(run.get(32, 21), [&caller.0[..], &[0]].concat());
    assert_eq!(run.get(64, 3), [2, 1, 0]);
    assert_eq!(run.get(96, 20), OTHER.0);
    assert_eq!(run.get(128, 20), OTHER.0);
    assert_eq!(run.get(160, 2), [7, 0]);
}

/// `eth_interface.md`: values and balances are u128; what does not fit is an error, not cut off.
#[test]
fn numbers_beyond_a_u128_are_out_of_range() {
    let wide = Err(Halt::ValueTooWide.into());
    let mut run = Run::with(Message { value: too_wide(), ..Message::default() });
    run.frame.host.tx_context.gas_price = too_wide();
    run.set_balance(OTHER, too_wide());
    run.put(0, &OTHER.0);
    assert_eq!(run.call(|g| get_call_value(g, 32)), wide);
    assert_eq!(run.call(|g| get_tx_gas_price(g, 32)), wide);
    assert_eq!(run.call(|g| get_external_balance(g, 0, 32)), wide);
    assert_eq!(run.get(32, 32), [0; 32]);

    let mut run = Run::with(Message { value: too_wide() - 1, ..Message::default() });
    assert_eq!(run.call(|g| get_call_value(g, 32)), Ok(()));
    assert_eq!(run.get(32, 17), [&[0xff; 16][..], &[0]].concat());
}

/// `eth_interface.md`: `getBlockDifficulty` is the one u256; little-endian like every number.
#[test]
fn difficulty_is_32_bytes_little_endian() {
    let mut run = Run::new();
    run.frame.host.tx_context.prev_randao = U256::from_big_endian(&[0xab; 32]) - 0xaa;
    run.memory.fill(0xee);
    assert_eq!(run.call(|g| get_block_difficulty(g, 8)), Ok(()));
    assert_eq!(run.used(), 2);
    assert_eq!(run.get(7, 2), [0xee, 0x01]);
    assert_eq!(run.get(9, 32), [&[0xab; 31][..], &[0xee]].concat());
}

/// Yellow Paper, G_balance = 400 (EIP-150).
#[test]
fn external_balance_costs_400() {
    let mut run = Run::new();
    run.set_balance(OTHER, 0x0a0b);
    run.put(0, &OTHER.0);
    assert_eq!(run.call(|g| get_external_balance(g, 0, 32)), Ok(()));
    assert_eq!((run.used(), run.get(32, 3)), (400, &[0x0b, 0x0a, 0][..]));
}

/// Yellow Paper, BLOCKHASH: the 256 blocks before this one. 800 gas is pinned by the ewasm state tests.
#[test]
fn block_hash_knows_the_last_256_blocks() {
    let hash = Bytes32([0xbb; 32]);
    let found = |number: i64, current: i64| {
        let mut run = Run::new();
        run.frame.host.tx_context.block_number = current;
        run.frame.host.block_hashes = (0..2_000).map(|n| (n, hash)).collect();
        let answer = run.call(|g| get_block_hash(g, number, 64)).expect("in bounds");
        assert_eq!(run.used(), 800);
        assert_eq!(run.get(64, 32), if answer == 0 { hash.0 } else { [0; 32] });
        answer
    };
    assert_eq!(found(999, 1_000), 0);
    assert_eq!(found(744, 1_000), 0);
    assert_eq!(found(743, 1_000), 1);
    assert_eq!(found(1_000, 1_000), 1);
    assert_eq!(found(1_001, 1_000), 1);
    assert_eq!(found(0, 10), 0);
    assert_eq!(found(-1, 10), 1);
    assert_eq!(found(i64::MIN, 10), 1);
    assert_eq!(found(i64::MAX, 10), 1);
    assert_eq!(found(0, i64::MIN), 1);
}

/// A block that the client does not have is not found either.
#[test]
fn unknown_block_hash_is_not_found() {
    let mut run = Run::new();
    run.frame.host.tx_context.block_number = 10;
    assert_eq!(run.call(|g| get_block_hash(g, 9, 0)), Ok(1));
}

/// The result's place is checked whether or not there is a hash to write (the ewasm state tests pin it).
#[test]
fn block_hash_out_of_bounds_traps_in_both_cases() {
    for number in [0, 9] {
        let mut run = Run::new();
        run.frame.host.tx_context.block_number = 10;
        run.frame.host.block_hashes.insert(9, Bytes32([1; 32]));
        let halt = Halt::MemoryOutOfBounds { offset: MEMORY as u32 - 31, length: 32, size: MEMORY as u64 };
        assert_eq!(run.call(|g| get_block_hash(g, number, MEMORY - 31)), Err(halt.into()));
    }
}
