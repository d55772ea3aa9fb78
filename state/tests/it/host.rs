//! What a VM is told about the chain.

use hebe_host_ei::{AccessStatus, Address, Bytes32, Host, Outcome, Revision, StatusCode, StorageStatus};
use hebe_state::{AccessListItem, Transaction};

use crate::support::{COINBASE, SENDER, Script, World, contract, nested, revert, slot, wasm, word};

fn precompile(number: u8) -> Address {
    let mut address = Address::default();
    address.0[19] = number;
    address
}

/// Source: EIP-2929, EIP-2930, EIP-3651: what is warm from the start.
#[test]
fn some_accounts_and_slots_are_warm_from_the_start() {
    for (revision, coinbase) in
        [(Revision::Berlin, AccessStatus::Cold), (Revision::Shanghai, AccessStatus::Warm)]
    {
        let vm = Script::default().free(1, move |_, host| {
            use AccessStatus::{Cold, Warm};
            let accounts = [
                SENDER,
                contract(1),
                precompile(1),
                precompile(9),
                contract(5),
                COINBASE,
                contract(6),
                contract(6),
            ];
            let expected = [Warm, Warm, Warm, Warm, Warm, coinbase, Cold, Warm];
            assert_eq!(accounts.map(|account| host.access_account(&account)), expected);
            let slots = [(5, 1), (5, 2), (1, 1), (1, 1)];
            let found = slots.map(|(number, key)| host.access_storage(&contract(number), &slot(key)));
            assert_eq!(found, [Warm, Cold, Cold, Warm]);
        });
        let mut world = World::new(revision, vm).scripts([1]);
        let transaction = Transaction {
            access_list: Some(vec![AccessListItem { address: contract(5), storage_keys: vec![slot(1)] }]),
            ..world.transaction()
        };
        let receipt = world.chain.transact(&mut world.state, &transaction).expect("valid");
        assert_eq!(receipt.outcome.status, StatusCode::Success);
        // EIP-2930: 2,400 for an address and 1,900 for a slot.
        assert_eq!(receipt.gas_used, 21_000 + 2_400 + 1_900);
    }
}

/// Source: EIP-2929: reading through another function makes nothing warm here; a revert makes it cold again.
#[test]
fn warmth_is_undone_by_a_revert_and_not_caused_by_reading() {
    let vm = Script::default()
        .free(1, |message, host| {
            host.get_balance(&contract(7));
            host.get_code_size(&contract(7));
            host.account_exists(&contract(7));
            host.get_storage(&contract(1), &slot(7));
            host.call(&nested(message, contract(2), 100));
            assert_eq!(host.access_account(&contract(7)), AccessStatus::Cold);
            assert_eq!(host.access_storage(&contract(1), &slot(7)), AccessStatus::Cold);
        })
        .with(2, |message, host| {
            assert_eq!(host.access_account(&contract(7)), AccessStatus::Cold);
            assert_eq!(host.access_storage(&contract(1), &slot(7)), AccessStatus::Cold);
            Ok(revert(message.gas))
        });
    let mut world = World::new(Revision::Berlin, vm).scripts([1, 2]).code(7, &wasm(7));
    assert_eq!(world.call().outcome.status, StatusCode::Success);
}

/// Source: EIP-1153.
#[test]
fn transient_storage_ends_with_the_transaction() {
    let vm = Script::default().free(1, |_, host| {
        assert_eq!(host.get_transient_storage(&contract(1), &slot(1)), slot(0));
        host.set_transient_storage(&contract(1), &slot(1), &slot(9));
        assert_eq!(host.get_transient_storage(&contract(1), &slot(1)), slot(9));
    });
    let mut world = World::new(Revision::Cancun, vm).scripts([1]);
    for _ in 0..2 {
        assert_eq!(world.call().outcome.status, StatusCode::Success);
    }
}

/// Source: EVMC's table of storage changes; slot 1 starts with 1, slot 2 with nothing.
#[test]
fn storage_changes_are_named_after_the_whole_transaction() {
    use StorageStatus::{
        Added, AddedDeleted, Assigned, Deleted, DeletedAdded, DeletedRestored, Modified, ModifiedDeleted,
        ModifiedRestored,
    };
    let vm = Script::default().free(1, |_, host| {
        let mut write =
            |key, value| host.set_storage(&contract(1), &slot(key), &slot(value)).expect("a status");
        let slot_1 = [
            (2, Modified),
            (1, ModifiedRestored),
            (0, Deleted),
            (1, DeletedRestored),
            (3, Modified),
            (0, ModifiedDeleted),
            (4, DeletedAdded),
        ];
        for (value, expected) in slot_1 {
            assert_eq!(write(1, value), expected, "{value}");
        }
        for (value, expected) in [(0, Assigned), (5, Added), (6, Assigned), (0, AddedDeleted)] {
            assert_eq!(write(2, value), expected, "{value}");
        }
    });
    let mut world = World::new(Revision::Istanbul, vm).scripts([1]).storage(1, 1, 1);
    assert_eq!(world.call().outcome.status, StatusCode::Success);
    assert_eq!((world.stored(1, 1), world.stored(1, 2)), (slot(4), slot(0)));
    assert_eq!(world.state.get(&contract(1)).expect("there").storage.len(), 1);
}

/// Source: EIP-161 and EIP-1052.
#[test]
fn existence_and_code_hash_follow_the_revision() {
    let nothing = word("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    for (revision, empty_exists) in [(Revision::TangerineWhistle, true), (Revision::SpuriousDragon, false)] {
        let vm = Script::default().free(1, move |_, host| {
            let exists = [5, 6, 7, 1].map(|number| host.account_exists(&contract(number)));
            assert_eq!(exists, [false, empty_exists, true, true]);
            let hashes = [5, 6, 7].map(|number| host.get_code_hash(&contract(number)));
            assert_eq!(hashes, [Bytes32::ZERO, if empty_exists { nothing } else { Bytes32::ZERO }, nothing]);
        });
        let mut world = World::new(revision, vm).scripts([1]).balance(contract(6), 0).balance(contract(7), 1);
        assert_eq!(world.call().outcome.status, StatusCode::Success);
    }
}

/// Source: EIP-161: an empty account that is touched goes away.
#[test]
fn touched_empty_accounts_go_away() {
    for (revision, stays) in [(Revision::TangerineWhistle, true), (Revision::SpuriousDragon, false)] {
        let vm = Script::default().free(1, |message, host| {
            host.call(&nested(message, contract(6), 0));
        });
        let mut world = World::new(revision, vm).scripts([1]).balance(contract(6), 0);
        assert_eq!(world.transact().expect("valid").outcome.status, StatusCode::Success);
        assert_eq!(world.state.get(&contract(6)).is_some(), stays);
    }
}

/// Source: the window of the Yellow Paper, appendix H.2; the hash is Keccak-256 of the digits `1`, known from Solidity.
#[test]
fn the_last_256_blocks_have_a_hash() {
    let of_1 = word("c89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc6");
    let vm = Script::default().free(1, move |_, host| {
        let number = host.get_tx_context().block_number;
        let hash = host.get_block_hash(1);
        assert_eq!(hash, if number <= 257 { of_1 } else { Bytes32::ZERO });
        for none in [number, number + 1, number - 257, -1, i64::MIN, i64::MAX] {
            assert_eq!(host.get_block_hash(none), Bytes32::ZERO);
        }
        assert_ne!(host.get_block_hash(number - 1), Bytes32::ZERO);
    });
    let mut world = World::new(Revision::Byzantium, vm).scripts([1]);
    for number in [2, 257, 258] {
        world.chain.block.number = number;
        assert_eq!(world.call().outcome.status, StatusCode::Success);
    }
}

/// Source: the fields' EIPs (1344, 1559, 3198, 4399).
#[test]
fn the_transaction_and_the_block_are_told() {
    let vm = Script::default().free(1, |_, host| {
        let context = host.get_tx_context();
        assert_eq!((context.origin, context.coinbase), (SENDER, COINBASE));
        // EIP-1559: base fee and priority fee, up to the highest fee.
        assert_eq!((context.gas_price, context.base_fee), (12.into(), 10.into()));
        assert_eq!(
            (context.block_number, context.block_timestamp, context.block_gas_limit),
            (7, 8, 9_000_000)
        );
        assert_eq!((context.chain_id, context.prev_randao), (5.into(), 77.into()));
        // EIP-4844: at least 1 wei.
        assert_eq!(context.blob_base_fee, 1.into());
    });
    let mut world = World::new(Revision::Cancun, vm).scripts([1]);
    world.chain.chain_id = 5;
    let block = &mut world.chain.block;
    (block.number, block.timestamp, block.gas_limit, block.base_fee) = (7, 8, 9_000_000, 10);
    (block.difficulty, block.prev_randao) = (66.into(), slot(77));
    let transaction =
        Transaction { gas_price: 20, priority_fee: Some(2), chain_id: Some(5), ..world.transaction() };
    let receipt = world.chain.transact(&mut world.state, &transaction).expect("valid");
    assert_eq!(receipt.outcome.status, StatusCode::Success);
    // The base fee is burnt.
    assert_eq!(world.balance_of(COINBASE), (21_000 * 2).into());
}

/// Source: EVMC: `copy_code` copies what there is.
#[test]
fn code_is_copied_as_far_as_it_goes() {
    let vm = Script::default().free(1, |_, host| {
        let mut buffer = [0xff; 4];
        assert_eq!(host.copy_code(&contract(1), 7, &mut buffer), 2);
        assert_eq!(buffer, [0, 1, 0xff, 0xff]);
        for beyond in [9, 10, usize::MAX] {
            assert_eq!(host.copy_code(&contract(1), beyond, &mut buffer), 0);
        }
        assert_eq!(host.copy_code(&contract(5), 0, &mut buffer), 0);
        assert_eq!((host.get_code_size(&contract(1)), host.get_code_size(&contract(5))), (9, 0));
    });
    assert_eq!(World::new(Revision::Byzantium, vm).scripts([1]).call().outcome.status, StatusCode::Success);
}

/// A host that outlives its execution is useless, and the EVM is not lost with it.
#[test]
fn a_kept_host_answers_nobody() {
    use std::sync::{Arc, Mutex};
    struct Keeper(Arc<Mutex<Option<hebe_state::RevmHost>>>);
    impl hebe_state::FrameVm for Keeper {
        fn execute(
            &self,
            _: Revision,
            message: hebe_host_ei::Message,
            _: &[u8],
            host: hebe_state::RevmHost,
        ) -> Result<Outcome, hebe_host_ei::Fault> {
            *self.0.lock().expect("not poisoned") = Some(host);
            Ok(Outcome::success(message.gas))
        }
    }
    let kept = Arc::default();
    let mut world = World::new(Revision::Byzantium, Keeper(Arc::clone(&kept))).scripts([1]);
    assert_eq!(world.call().outcome.status, StatusCode::Success);
    let mut host = kept.lock().expect("not poisoned").take().expect("kept");
    let asked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| host.get_balance(&SENDER)));
    assert!(asked.is_err());
    assert_eq!(world.call().outcome.status, StatusCode::Success);
}
