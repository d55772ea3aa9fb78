//! Functions beyond revision 4, but for arithmetic.

use hebe_host_ei::{Address, Bytes32, CallKind, Gas, Halt, Message, Revision, TxContext, U256, functions::*};

use crate::{MEMORY, OTHER, Run, SELF, too_wide};

/// A number whose bytes are all different, and its 32 bytes little-endian.
fn wide() -> (U256, [u8; 32]) {
    let bytes = std::array::from_fn(|index| index as u8 + 1);
    (U256::from_little_endian(&bytes), bytes)
}

/// EIP-1344, 3198, 4399, 7516: 2 gas each (G_base); u256, little-endian.
#[test]
fn numbers_of_the_block_and_the_chain() {
    let (number, bytes) = wide();
    let mut run = Run::at(Revision::Osaka);
    run.frame.host.tx_context = TxContext {
        chain_id: number,
        base_fee: number - 1,
        prev_randao: number - 2,
        blob_base_fee: number - 3,
        ..TxContext::default()
    };
    assert_eq!(run.call(|g| get_chain_id(g, 1)), Ok(()));
    assert_eq!(run.call(|g| get_base_fee(g, 33)), Ok(()));
    assert_eq!(run.call(|g| get_prev_randao(g, 65)), Ok(()));
    assert_eq!(run.call(|g| get_blob_base_fee(g, 97)), Ok(()));
    assert_eq!(run.used(), 4 * 2);
    // The lowest byte is 1, so taking 1 to 3 away borrows from the next.
    let less = |by: u8| [&[1_u8.wrapping_sub(by), if by > 1 { 1 } else { 2 }][..], &bytes[2..]].concat();
    assert_eq!(run.get(0, 1), [0]);
    assert_eq!(run.get(1, 32), bytes);
    assert_eq!(run.get(33, 32), less(1));
    assert_eq!(run.get(65, 32), less(2));
    assert_eq!(run.get(97, 33), [less(3), vec![0]].concat());
    let halt = Halt::MemoryOutOfBounds { offset: MEMORY as u32 - 31, length: 32, size: MEMORY as u64 };
    assert_eq!(run.call(|g| get_chain_id(g, MEMORY - 31)), Err(halt.into()));
}

/// EIP-1884: 5 gas (G_low), and no account is touched. An amount is a u128, as in `getExternalBalance`.
#[test]
fn own_balance_costs_5() {
    let mut run = Run::at(Revision::Osaka);
    run.set_balance(SELF, 0x0102);
    assert_eq!(run.call(|g| get_self_balance(g, 8)), Ok(()));
    assert_eq!((run.used(), run.get(8, 17)), (5, &[&[2, 1][..], &[0; 15]].concat()[..]));
    assert!(run.frame.host.warm_accounts.is_empty());
    run.set_balance(SELF, too_wide());
    assert_eq!(run.call(|g| get_self_balance(g, 8)), Err(Halt::ValueTooWide.into()));
}

/// EIP-1052: the Keccak-256 of the code, that of nothing for an account without, zero where there is none.
#[test]
fn code_hashes() {
    let hash = |account: Option<&[u8]>| {
        let mut run = Run::at(Revision::Constantinople);
        run.put(0, &OTHER.0);
        run.put(32, &[7; 32]);
        if let Some(code) = account {
            run.frame.host.accounts.entry(OTHER).or_default().code = code.to_vec();
        }
        assert_eq!(run.call(|g| get_external_code_hash(g, 0, 32)), Ok(()));
        assert_eq!(run.used(), 400);
        hex::encode(run.get(32, 32))
    };
    assert_eq!(hash(None), "00".repeat(32));
    // The empty hash of the Yellow Paper, section 4.1, and a known answer of Keccak-256 for "abc".
    assert_eq!(hash(Some(b"")), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    assert_eq!(hash(Some(b"abc")), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

/// Yellow Paper, G_keccak256 = 30, G_keccak256word = 6; the same known answers.
#[test]
fn keccak_costs_30_and_6_for_each_word() {
    for (length, gas) in [(0, 30), (1, 36), (32, 36), (33, 42), (136, 60), (137, 60), (1_024, 222)] {
        let mut run = Run::new();
        assert_eq!(run.call(|g| keccak256(g, 0, length, 0)), Ok(()));
        assert_eq!(run.used(), gas, "{length} bytes");
    }
    let mut run = Run::new();
    run.put(MEMORY - 3, b"abc");
    assert_eq!(run.call(|g| keccak256(g, MEMORY - 3, 3, MEMORY - 32)), Ok(()));
    let abc = "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45";
    assert_eq!(hex::encode(run.get(MEMORY - 32, 32)), abc);
    assert_eq!(run.call(|g| keccak256(g, MEMORY, 0, 0)), Ok(()));
    assert_eq!(hex::encode(run.get(0, 4)), "c5d24601");
    // Paid before it is looked at: ⌈(2^32 − 1) ÷ 32⌉ = 2^27 words.
    let left = run.frame.gas.left();
    let halt = Halt::OutOfGas { charge: 30 + 6 * 134_217_728, left };
    assert_eq!(run.call(|g| keccak256(g, -1, -1, 0)), Err(halt.into()));
    let halt = Halt::MemoryOutOfBounds { offset: MEMORY as u32 + 1, length: 0, size: MEMORY as u64 };
    assert_eq!(run.call(|g| keccak256(g, MEMORY + 1, 0, 0)), Err(halt.into()));
}

/// EIP-1153: 100 each, warm or cold; a store is banned in a static call, without a refund, apart from storage.
#[test]
fn transient_storage_costs_100() {
    let mut run = Run::at(Revision::Cancun);
    run.put(0, &[1; 32]);
    run.put(32, &[2; 32]);
    assert_eq!(run.call(|g| transient_load(g, 0, 64)), Ok(()));
    assert_eq!(run.get(64, 32), [0; 32]);
    assert_eq!(run.call(|g| transient_store(g, 0, 32)), Ok(()));
    assert_eq!(run.call(|g| transient_load(g, 0, 64)), Ok(()));
    assert_eq!((run.used(), run.get(64, 32)), (300, &[2; 32][..]));
    run.put(32, &[0; 32]);
    assert_eq!(run.call(|g| transient_store(g, 0, 32)), Ok(()));
    assert_eq!((run.used(), run.frame.refund), (400, 0));
    assert!(run.frame.host.accounts.is_empty() && run.frame.host.warm_slots.is_empty());

    run.frame.message.is_static = true;
    assert_eq!(run.call(|g| transient_store(g, -1, -1)), Err(Halt::StaticModeViolation.into()));
    assert_eq!(run.call(|g| transient_load(g, 0, 64)), Ok(()));
    assert_eq!(run.used(), 600);
}

/// EIP-4844: 3 gas; an index beyond the last finds nothing, and the result's place is looked at all the same, as in `getBlockHash`.
#[test]
fn blob_hashes_cost_3() {
    let mut run = Run::at(Revision::Cancun);
    run.frame.host.tx_context.blob_hashes = vec![Bytes32([1; 32]), Bytes32([2; 32])];
    assert_eq!(run.call(|g| get_blob_hash(g, 1, 0)), Ok(0));
    assert_eq!((run.used(), run.get(0, 33)), (3, &[&[2; 32][..], &[0]].concat()[..]));
    for index in [2, -1, i32::MIN, i32::MAX] {
        assert_eq!(run.call(|g| get_blob_hash(g, index, 0)), Ok(1));
        assert_eq!(run.get(0, 32), [2; 32]);
        let halt = Halt::MemoryOutOfBounds { offset: MEMORY as u32 - 31, length: 32, size: MEMORY as u64 };
        assert_eq!(run.call(|g| get_blob_hash(g, index, MEMORY - 31)), Err(halt.into()));
    }
}

const VALUE: i32 = 0;
const CODE: i32 = 32;
const SALT: i32 = 64;
const RESULT: i32 = 512;
const NEW: Address = Address([0xee; 20]);

fn creating(value: u8) -> Run {
    let mut run = Run::at(Revision::Constantinople);
    run.set_balance(SELF, 10);
    run.put(VALUE, &[value]);
    run.put(CODE, b"init");
    run.put(SALT, &[5; 32]);
    run.frame.return_data = vec![1];
    run.frame.host.call_result.gas_left = 0;
    run.frame.host.call_result.create_address = NEW;
    run
}

/// EIP-1014: as `create`, with a salt, and 6 for each word; the salt is 32 bytes as they are.
#[test]
fn create2_hands_the_salt_on() {
    // (1,000,000 − 32,006) − ⌊967,994 ÷ 64⌋ = 967,994 − 15,124
    const FORWARDED: Gas = 952_870;
    let mut run = creating(10);
    assert_eq!(run.call(|g| create2(g, VALUE, CODE, 4, SALT, RESULT)), Ok(0));
    let expected = Message {
        kind: CallKind::Create2,
        depth: 1,
        gas: FORWARDED,
        sender: SELF,
        input: b"init".to_vec(),
        value: 10.into(),
        create2_salt: Bytes32([5; 32]),
        ..Message::default()
    };
    assert_eq!(run.frame.host.calls, [expected]);
    assert_eq!(run.frame.gas.left(), 15_124);
    assert_eq!(run.get(RESULT, 21), [&NEW.0[..], &[0]].concat());
    assert!(run.frame.return_data.is_empty());
}

/// Static before operands; operands, salt included, before depth and balance; init code after both.
#[test]
fn create2_looks_at_things_in_creates_order() {
    let out =
        |offset: i32, length| Halt::MemoryOutOfBounds { offset: offset as u32, length, size: MEMORY as u64 };
    let mut run = creating(0);
    run.frame.message.is_static = true;
    assert_eq!(run.call(|g| create2(g, -1, -1, 4, -1, -1)), Err(Halt::StaticModeViolation.into()));
    assert_eq!(run.used(), 32_006);
    let mut run = creating(11);
    run.frame.message.depth = 1_024;
    assert_eq!(run.call(|g| create2(g, VALUE, CODE, 4, -1, RESULT)), Err(out(-1, 32).into()));
    assert_eq!(run.call(|g| create2(g, VALUE, -1, 4, SALT, RESULT)), Ok(1));
    assert!(run.frame.return_data.is_empty());
    let mut run = creating(11);
    assert_eq!(run.call(|g| create2(g, VALUE, -1, 4, SALT, RESULT)), Ok(1));
    let mut run = creating(0);
    assert_eq!(run.call(|g| create2(g, VALUE, -1, 4, SALT, RESULT)), Err(out(-1, 4).into()));
    let mut run = creating(0);
    assert_eq!(run.call(|g| create2(g, VALUE, CODE, 4, SALT, MEMORY)), Err(out(MEMORY, 20).into()));
    assert_eq!(run.frame.host.calls.len(), 1);
}
