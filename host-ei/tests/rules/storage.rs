//! Storage and logs.

use hebe_host_ei::{Bytes32, GasCounter, Halt, functions::*, mock::MockLog};

use crate::{GAS, MEMORY, Run, SELF};

const KEY: i32 = 0;
const VALUE: i32 = 32;

/// Stores a value in a slot that holds another, and gives gas and refund.
fn store(from: u8, to: u8) -> (i64, i64) {
    let mut run = Run::new();
    let (key, old, new) = (Bytes32([7; 32]), Bytes32([from; 32]), Bytes32([to; 32]));
    let slots = &mut run.frame.host.accounts.entry(SELF).or_default().storage;
    if from != 0 {
        slots.insert(key, old);
    }
    run.put(KEY, &key.0);
    run.put(VALUE, &new.0);
    assert_eq!(run.call(|g| storage_store(g, KEY, VALUE)), Ok(()));
    let stored = run.frame.host.accounts[&SELF].storage.get(&key).copied().unwrap_or_default();
    assert_eq!(stored, new);
    (run.used(), run.frame.refund)
}

/// Yellow Paper, appendix H, SSTORE: G_sset = 20000 from zero to nonzero, else G_sreset = 5000;
/// R_sclear = 15000 from nonzero to zero.
#[test]
fn storing_costs_by_what_changes() {
    assert_eq!(store(0, 1), (20_000, 0));
    assert_eq!(store(1, 2), (5_000, 0));
    assert_eq!(store(1, 1), (5_000, 0));
    assert_eq!(store(0, 0), (5_000, 0));
    assert_eq!(store(1, 0), (5_000, 15_000));
}

/// Two clears in one execution earn two refunds.
#[test]
fn refunds_add_up() {
    let mut run = Run::new();
    for key in [1, 2] {
        let slots = &mut run.frame.host.accounts.entry(SELF).or_default().storage;
        slots.insert(Bytes32([key; 32]), Bytes32([9; 32]));
        run.put(KEY, &[key; 32]);
        assert_eq!(run.call(|g| storage_store(g, KEY, VALUE)), Ok(()));
    }
    assert_eq!(run.frame.refund, 30_000);
}

/// 5000 come before the operands, the other 15000 after them and before the write.
#[test]
fn a_store_that_cannot_be_paid_writes_nothing() {
    for gas in [4_999, 19_999] {
        let mut run = Run::new();
        run.put(VALUE, &[1; 32]);
        run.frame.gas = GasCounter::new(gas);
        assert!(matches!(
            run.call(|g| storage_store(g, KEY, VALUE)),
            Err(hebe_host_ei::Stop::Halt(Halt::OutOfGas { .. }))
        ));
        assert!(run.frame.host.accounts.is_empty());
    }
}

/// G_sload = 200 (EIP-150); a slot that was never set reads as zeros. No byte is swapped.
#[test]
fn loading_costs_200() {
    let mut run = Run::new();
    let value: Vec<u8> = (0..32).collect();
    let slots = &mut run.frame.host.accounts.entry(SELF).or_default().storage;
    slots.insert(Bytes32([7; 32]), Bytes32(value.clone().try_into().expect("32 bytes")));
    run.put(KEY, &[7; 32]);
    assert_eq!(run.call(|g| storage_load(g, KEY, 64)), Ok(()));
    assert_eq!((run.used(), run.get(64, 32)), (200, &value[..]));
    run.put(KEY, &[8; 32]);
    assert_eq!(run.call(|g| storage_load(g, KEY, 64)), Ok(()));
    assert_eq!(run.get(64, 32), [0; 32]);
}

/// EIP-214: neither storage nor logs change in a static call; both are paid for first.
#[test]
fn static_mode_bans_stores_and_logs() {
    let mut run = Run::in_static_mode();
    assert_eq!(run.call(|g| storage_store(g, KEY, VALUE)), Err(Halt::StaticModeViolation.into()));
    assert_eq!(run.used(), 5_000);
    assert_eq!(run.call(|g| log(g, 0, 1, 1, 0, 0, 0, 0)), Err(Halt::StaticModeViolation.into()));
    assert_eq!(run.used(), 5_000 + 375 + 375 + 8);
    assert_eq!(run.call(|g| storage_load(g, KEY, VALUE)), Ok(()));
}

/// G_log = 375, G_logtopic = 375, G_logdata = 8 for each byte.
#[test]
fn logs_cost_by_topic_and_byte() {
    for topics in 0..=4 {
        let mut run = Run::new();
        run.put(0, b"data!");
        (1..=4).for_each(|n: i32| run.put(n * 32, &[n as u8; 32]));
        assert_eq!(run.call(|g| log(g, 0, 5, topics, 32, 64, 96, 128)), Ok(()));
        assert_eq!(run.used(), 375 + 375 * i64::from(topics) + 8 * 5);
        let expected = MockLog {
            address: SELF,
            data: b"data!".to_vec(),
            topics: (1..=topics as u8).map(|n| Bytes32([n; 32])).collect(),
        };
        assert_eq!(run.frame.host.logs, [expected]);
    }
}

/// The ewasm state tests: pointers beyond the number of topics are not read.
#[test]
fn unused_topic_pointers_are_not_read() {
    let mut run = Run::new();
    assert_eq!(run.call(|g| log(g, 0, 0, 1, 32, -1, -1, -1)), Ok(()));
    let halt = Halt::MemoryOutOfBounds { offset: u32::MAX, length: 32, size: MEMORY as u64 };
    assert_eq!(run.call(|g| log(g, 0, 0, 2, 32, -1, -1, -1)), Err(halt.into()));
}

/// More than four topics are paid for, then refused; a number that is unpayable is out of gas.
#[test]
fn five_topics_are_refused_after_the_charge() {
    let mut run = Run::new();
    assert_eq!(run.call(|g| log(g, 0, 0, 5, 0, 0, 0, 0)), Err(Halt::TooManyTopics(5).into()));
    assert_eq!(run.used(), 375 + 5 * 375);
    let mut run = Run::new();
    let charge = 375 + 375 * 0xffff_ffff;
    assert_eq!(run.call(|g| log(g, 0, 0, -1, 0, 0, 0, 0)), Err(Halt::OutOfGas { charge, left: GAS }.into()));
}

/// The ban comes after the charge and before everything else: neither a bad pointer nor a fifth topic is looked at.
#[test]
fn the_static_ban_comes_before_operands() {
    let banned = Err(Halt::StaticModeViolation.into());
    let mut run = Run::in_static_mode();
    assert_eq!(run.call(|g| storage_store(g, -1, -1)), banned);
    assert_eq!(run.call(|g| log(g, -1, 1, 1, -1, -1, -1, -1)), banned);
    assert_eq!(run.call(|g| log(g, 0, 0, 5, 0, 0, 0, 0)), banned);
}

/// Data of length 0 needs a pointer within memory, too; its end is within.
#[test]
fn the_data_pointer_of_a_log_is_checked_at_length_zero() {
    let mut run = Run::new();
    assert_eq!(run.call(|g| log(g, MEMORY, 0, 0, 0, 0, 0, 0)), Ok(()));
    let halt = Halt::MemoryOutOfBounds { offset: MEMORY as u32 + 1, length: 0, size: MEMORY as u64 };
    assert_eq!(run.call(|g| log(g, MEMORY + 1, 0, 0, 0, 0, 0, 0)), Err(halt.into()));
}
