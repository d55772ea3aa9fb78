//! The whole edge in one process: a [`Host`] asked through the functions for a VM by the host that a VM
//! makes of them answers as if it were asked itself.

use hebe_host_ei::{AccessStatus, CallKind, CallResult, Message, U256, mock::MockHost};

use super::*;
use crate::host::EvmcHost;

const ACCOUNT: Address = Address([0xaa; 20]);
const OTHER: Address = Address([0xbb; 20]);

fn word(byte: u8) -> Bytes32 {
    Bytes32([byte; 32])
}

fn world() -> MockHost {
    let mut mock = MockHost::default();
    let account = mock.accounts.entry(ACCOUNT).or_default();
    account.balance = U256::MAX - 5;
    account.code = (0..100).collect();
    account.storage.insert(word(1), word(2));
    mock.block_hashes.insert(-7, word(3));
    mock.tx_context = TxContext {
        gas_price: 1.into(),
        origin: Address([2; 20]),
        coinbase: Address([3; 20]),
        block_number: 4,
        block_timestamp: -5,
        block_gas_limit: i64::MAX,
        prev_randao: U256::MAX,
        chain_id: 7.into(),
        base_fee: 8.into(),
        blob_base_fee: 9.into(),
        blob_hashes: vec![word(10), word(11)],
    };
    mock.call_result = CallResult {
        status: StatusCode::Revert,
        gas_left: -12,
        gas_refund: i64::MIN,
        output: vec![13; 1000],
        create_address: Address([14; 20]),
    };
    mock
}

/// Every question, and the answers as text.
fn ask_everything(host: &mut impl Host) -> Vec<String> {
    let message = Message {
        kind: CallKind::DelegateCall,
        is_static: true,
        depth: 1,
        gas: 2,
        input: vec![3; 300],
        value: U256::MAX / 3,
        ..Message::default()
    };
    let mut buffer = [0xff; 40];
    let copied = [0, 80, 100, usize::MAX].map(|offset| host.copy_code(&ACCOUNT, offset, &mut buffer));
    host.emit_log(&ACCOUNT, &[1, 2, 3], &[word(4), word(5)]);
    host.emit_log(&OTHER, &[], &[]);
    host.set_transient_storage(&ACCOUNT, &word(1), &word(6));
    let answers: [&dyn std::fmt::Debug; 21] = [
        &host.account_exists(&ACCOUNT),
        &host.account_exists(&OTHER),
        &host.get_storage(&ACCOUNT, &word(1)),
        &host.set_storage(&ACCOUNT, &word(1), &word(7)),
        &host.set_storage(&ACCOUNT, &word(1), &Bytes32::ZERO),
        &host.get_balance(&ACCOUNT),
        &host.get_code_size(&ACCOUNT),
        &host.get_code_hash(&ACCOUNT),
        &(copied, buffer),
        &host.copy_code(&OTHER, 0, &mut []),
        &host.selfdestruct(&ACCOUNT, &OTHER),
        &host.selfdestruct(&ACCOUNT, &OTHER),
        &host.call(&message),
        &host.call(&Message { kind: CallKind::Create2, create2_salt: word(8), ..Message::default() }),
        &host.get_tx_context(),
        &host.get_block_hash(-7),
        &host.access_account(&OTHER),
        &host.access_account(&OTHER),
        &host.access_storage(&OTHER, &word(1)),
        &host.access_storage(&OTHER, &word(1)),
        &host.get_transient_storage(&ACCOUNT, &word(1)),
    ];
    answers.map(|answer| format!("{answer:?}")).to_vec()
}

#[test]
fn every_question_and_answer_survives_the_edge() {
    let mut plain = world();
    let expected = ask_everything(&mut plain);

    let mut context = Context::new(world());
    // SAFETY: the interface is for this context, and both live until the last question.
    let mut host = unsafe { EvmcHost::new(interface::<MockHost>(), (&raw mut context).cast()) };
    for (number, (found, expected)) in ask_everything(&mut host).iter().zip(&expected).enumerate() {
        assert_eq!(found, expected, "question {number}");
    }
    let (host, fault) = context.end();
    assert_eq!(fault, None);
    assert_eq!(format!("{host:?}"), format!("{plain:?}"));
    assert!(expected.contains(&format!("{:?}", AccessStatus::Cold)));
}
