//! New contracts and destroyed ones.

use hebe_host_ei::{Address, CallKind, Host, Message, Outcome, Revision, StatusCode};
use hebe_state::{Account, Receipt};

use crate::support::{Script, World, address, bytes, call_to, contract, nested_create, slot, wasm, word};

/// Scripted contract 1 creates one from the code and hands on what came; contract 2 is init code that returns `deployed`.
fn creator(init_code: Vec<u8>, deployed: Vec<u8>) -> Script {
    Script::default()
        .with(1, move |message, host| {
            let result = host.call(&nested_create(message, &init_code, 50_000));
            let mut output = vec![result.status as u8];
            output.extend(result.gas_left.to_be_bytes());
            output.extend(result.create_address.0);
            output.extend(result.output);
            Ok(Outcome { output, ..Outcome::success(message.gas) })
        })
        .with(2, move |message, _| {
            Ok(Outcome { output: deployed.clone(), ..Outcome::success(message.gas - 1_000) })
        })
}

fn created(receipt: &Receipt) -> (StatusCode, i64, Address) {
    let output = &receipt.outcome.output;
    assert_eq!(output.len(), 29, "a new contract's code is no return data");
    let status = StatusCode::from_i32(output[0].into()).expect("a status");
    let gas_left = i64::from_be_bytes(output[1..9].try_into().expect("8 bytes"));
    (status, gas_left, Address(output[9..].try_into().expect("20 bytes")))
}

/// Source: keccak(rlp([sender, nonce])) of a well-known account on the main chain: its first two contracts.
#[test]
fn a_contract_is_at_the_address_of_its_creators_nonce() {
    let creator = address("6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0");
    let addresses = ["cd234a471b72ba2f1ccf0a70fcaba648a5eecd8d", "343c43a37d37dff08ae8c4a11544c718abb4fcf8"];
    let mut world = World::new(Revision::Byzantium, Script::default());
    world.state.insert(creator, Account { balance: 10u64.pow(9).into(), ..Account::default() });
    for (nonce, expected) in (0..).zip(addresses) {
        let mut transaction = world.transaction();
        (transaction.sender, transaction.nonce, transaction.to) = (creator, nonce, None);
        let receipt = world.chain.transact(&mut world.state, &transaction).expect("valid");
        assert_eq!(receipt.created, Some(address(expected)));
        // 53,000 for a creation by transaction (EIP-2), and nothing else for empty init code.
        assert_eq!(receipt.gas_used, 53_000);
    }
}

/// Source: EIP-1014, its second and third example.
#[test]
fn create2_is_at_the_address_of_its_salt_and_code() {
    let creator = address("deadbeef00000000000000000000000000000000");
    let examples = [
        ("0000000000000000000000000000000000000000", "B928f69Bb1D91Cd65274e3c79d8986362984fDA3"),
        ("feed000000000000000000000000000000000000", "D04116cDd17beBE565EB2422F2497E06cC1C9833"),
    ];
    for (salt, expected) in examples {
        let create2_salt = word(&format!("{salt:0>64}"));
        let vm = Script::default().with(1, move |message, host| {
            let create = nested_create(message, &[0], 0);
            let result = host.call(&Message { kind: CallKind::Create2, create2_salt, ..create });
            Ok(Outcome { output: result.create_address.0.to_vec(), ..Outcome::success(0) })
        });
        let mut world = World::new(Revision::Petersburg, vm);
        world.state.insert(creator, Account { code: wasm(1).into(), ..Account::default() });
        let receipt = world.chain.call(&mut world.state, &call_to(creator, 0)).expect("no fault");
        assert_eq!(receipt.outcome.output, bytes(expected));
    }
}

/// Source: Yellow Paper, section 7: 200 gas per byte; EIP-161: nonce 1.
#[test]
fn wasm_creates_wasm() {
    let mut world = World::new(Revision::Byzantium, creator(wasm(2), wasm(3))).scripts([1]);
    let receipt = world.call();
    let (status, gas_left, new) = created(&receipt);
    assert_eq!((status, gas_left), (StatusCode::Success, 50_000 - 1_000 - 200 * 9));
    let account = world.state.get(&new).expect("created");
    assert_eq!((account.nonce, &*account.code), (1, &*wasm(3)));
    assert_eq!(world.state.get(&contract(1)).expect("there").nonce, 2);
}

/// Source: EIP-170, EIP-3541, and the gas for the deposit.
#[test]
fn code_that_must_not_be_deployed_costs_all_gas() {
    let ef = |revision| (revision, b"\xef".to_vec());
    let large = |size| (Revision::SpuriousDragon, vec![1; size]);
    let cases = [
        (ef(Revision::Berlin), StatusCode::Success),
        (ef(Revision::London), StatusCode::ContractValidationFailure),
        (large(245), StatusCode::Success),
        (large(246), StatusCode::OutOfGas),
        (large(24_577), StatusCode::Failure),
    ];
    for ((revision, code), expected) in cases {
        let mut world = World::new(revision, creator(wasm(2), code)).scripts([1]);
        let (status, gas_left, _) = created(&world.call());
        assert_eq!(status, expected);
        assert!(status == StatusCode::Success || gas_left == 0);
        assert_eq!(world.state.get(&contract(1)).expect("there").nonce, 2, "the creator's nonce stays");
    }
}

/// Init code for the EVM that returns `wasm(3)`: 9 bytes pushed, stored right-aligned and returned from offset 23.
#[test]
fn a_vm_may_forbid_a_deployment_also_by_the_evm() {
    let evm = [&bytes("68")[..], &wasm(3), &bytes("600052 6009 6017 f3")].concat();
    for init_code in [evm, wasm(2)] {
        for forbid_deployment in [false, true] {
            let mut vm = creator(init_code.clone(), wasm(3));
            vm.forbid_deployment = forbid_deployment;
            let mut world = World::new(Revision::Byzantium, vm).scripts([1]);
            let (status, _, new) = created(&world.call());
            let forbidden = StatusCode::ContractValidationFailure;
            assert_eq!(status, if forbid_deployment { forbidden } else { StatusCode::Success });
            assert_eq!(world.state.get(&new).is_some(), !forbid_deployment);
        }
    }
}

/// Source: EIP-684: an address with code or a nonce is taken.
#[test]
fn a_collision_fails() {
    let free =
        Address(created(&World::new(Revision::Byzantium, creator(wasm(2), wasm(3))).scripts([1]).call()).2.0);
    let mut world = World::new(Revision::Byzantium, creator(wasm(2), wasm(3))).scripts([1]);
    world.state.account_mut(free).nonce = 1;
    let (status, gas_left, _) = created(&world.call());
    assert_eq!((status, gas_left), (StatusCode::Failure, 0));
}

/// Source: Yellow Paper, section 7: a new contract's storage is empty; what was sent to its address before stays.
#[test]
fn a_new_contract_keeps_its_balance_and_no_storage() {
    let new = created(&World::new(Revision::Byzantium, creator(wasm(2), wasm(3))).scripts([1]).call()).2;
    let vm = creator(wasm(4), wasm(3)).with(4, |message, host| {
        assert_eq!(host.get_storage(&message.recipient, &slot(1)), slot(0));
        Ok(Outcome { output: wasm(3), ..Outcome::success(message.gas) })
    });
    let mut world = World::new(Revision::Byzantium, vm).scripts([1]).balance(new, 5);
    world.state.account_mut(new).storage.insert(slot(1), slot(1));
    assert_eq!(created(&world.call()).0, StatusCode::Success);
    let account = world.state.get(&new).expect("created");
    assert_eq!((account.balance, account.storage.len()), (5.into(), 0));
}

/// Source: Yellow Paper, section 9.4.3.
#[test]
fn selfdestruct_pays_the_beneficiary_and_removes_the_account() {
    let vm = Script::default().free(1, |message, host| {
        assert!(host.selfdestruct(&message.recipient, &contract(9)));
        assert!(!host.selfdestruct(&message.recipient, &contract(9)), "only once");
    });
    let mut world = World::new(Revision::Shanghai, vm).scripts([1]).balance(contract(1), 5).storage(1, 1, 1);
    world.call();
    assert_eq!(world.balance_of(contract(9)), 5.into());
    assert_eq!(world.state.get(&contract(1)), None);
}

/// Source: EIP-6780: only a contract of the same transaction is removed.
#[test]
fn selfdestruct_keeps_older_accounts_from_cancun_on() {
    let vm = Script::default().free(1, |message, host| {
        host.selfdestruct(&message.recipient, &contract(9));
    });
    let mut world = World::new(Revision::Cancun, vm).scripts([1]).balance(contract(1), 5).storage(1, 1, 1);
    world.call();
    assert_eq!(world.balance_of(contract(9)), 5.into());
    assert_eq!(world.balance_of(contract(1)), 0.into());
    assert_eq!(world.stored(1, 1), slot(1));
}
