//! Anything at all: no input and no answer of a client takes the VM down. What holds for every result
//! is checked where every result is read (`common`).

use std::{mem, ptr, sync::LazyLock};

use hebe::abi;
use proptest::{collection::vec, option, prelude::*};

use crate::{
    common::{Call, RawVm, contract},
    host_answers::Answers,
};

static VM: LazyLock<RawVm> = LazyLock::new(RawVm::new);

/// Asks the client everything that a nonsense answer may harm, without a loop: a few changed bytes
/// cannot make one, and so every variant ends.
static ASKS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    contract(
        r#"(import "ethereum" "storageStore" (func $store (param i32 i32)))
           (import "ethereum" "storageLoad" (func $load (param i32 i32)))
           (import "ethereum" "getExternalBalance" (func $balance (param i32 i32)))
           (import "ethereum" "getTxOrigin" (func $origin (param i32)))
           (import "ethereum" "getTxGasPrice" (func $price (param i32)))
           (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
           (import "ethereum" "create" (func $create (param i32 i32 i32 i32) (result i32)))
           (import "ethereum" "getReturnDataSize" (func $size (result i32)))
           (import "ethereum" "returnDataCopy" (func $copy (param i32 i32 i32)))
           (import "ethereum" "finish" (func $finish (param i32 i32)))"#,
        "(call $load (i32.const 0) (i32.const 32))
         (call $store (i32.const 0) (i32.const 32))
         (call $origin (i32.const 64))
         (call $balance (i32.const 64) (i32.const 96))
         (drop (call $call (i64.const 5000) (i32.const 64) (i32.const 128) (i32.const 0) (i32.const 9)))
         (call $copy (i32.const 256) (i32.const 0) (call $size))
         (drop (call $create (i32.const 128) (i32.const 0) (i32.const 9) (i32.const 64)))
         (call $price (i32.const 96))
         (call $finish (i32.const 64) (i32.const 64))",
    )
});

fn code() -> impl Strategy<Value = Vec<u8>> {
    let changes = vec((any::<prop::sample::Index>(), any::<u8>()), 0..3);
    let changed = (changes, any::<prop::sample::Index>()).prop_map(|(changes, end)| {
        let mut code = ASKS.clone();
        for (index, byte) in &changes {
            *index.get_mut(&mut code) = *byte;
        }
        if changes.len() == 2 {
            code.truncate(end.index(code.len()));
        }
        code
    });
    let wasm = vec(any::<u8>(), 0..200).prop_map(|rest| [&b"\0asm\x01\0\0\0"[..], &rest].concat());
    prop_oneof![1 => vec(any::<u8>(), 0..200), 2 => wasm, 5 => changed]
}

fn small<T: Arbitrary + 'static>(usual: impl Strategy<Value = T> + 'static) -> impl Strategy<Value = T> {
    prop_oneof![4 => usual, 1 => any::<T>()]
}

prop_compose! {
    fn message()(
        kind in small(-1..7),
        flags in small(0_u32..4),
        depth in small(0..1025),
        gas in small(0_i64..100_000),
        input in option::of(vec(any::<u8>(), 0..40)),
        absent in small(Just(0_usize)),
        value in any::<[u8; 32]>(),
        no_value in prop::bool::weighted(0.7),
    ) -> abi::Message {
        let input: Option<&'static [u8]> = input.map(|bytes| &*bytes.leak());
        // SAFETY: numbers and pointers may be zero.
        let zero: abi::Message = unsafe { mem::zeroed() };
        abi::Message {
            kind,
            flags,
            depth,
            gas,
            input_data: input.map_or(ptr::null(), <[u8]>::as_ptr),
            input_size: input.map_or(absent, <[u8]>::len),
            value: abi::Bytes32 { bytes: if no_value { [0; 32] } else { value } },
            ..zero
        }
    }
}

prop_compose! {
    fn answers()(
        storage_status in small(-1..10),
        status_code in small(-4..19),
        gas_left in small(-1_i64..6000),
        gas_refund in any::<i64>(),
        output in option::of(vec(any::<u8>(), 0..70)),
        absent in small(Just(0_usize)),
        create_address in any::<[u8; 20]>(),
    ) -> Answers {
        let output: Option<&'static [u8]> = output.map(|bytes| &*bytes.leak());
        let zero = Answers::default();
        let call = abi::ExecutionResult {
            status_code,
            gas_left,
            gas_refund,
            output_data: output.map_or(ptr::null(), <[u8]>::as_ptr),
            output_size: output.map_or(absent, <[u8]>::len),
            create_address: abi::Address { bytes: create_address },
            ..zero.call
        };
        Answers { call, storage_status, ..zero }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_call_has_a_result(
        code in code(),
        message in option::weighted(0.95, message()),
        answers in option::weighted(0.9, answers()),
        revision in prop_oneof![9 => Just(4), 1 => any::<i32>()],
        functions in any::<u16>(),
        all in prop::bool::weighted(0.8),
    ) {
        let mut call = answers.map_or_else(|| Call { host: None, ..Call::of(&code[..]) }, |answers| answers.to(&code[..]));
        if let Some(host) = call.host.as_mut().filter(|_| !all) {
            drop_some(host, functions);
        }
        VM.execute(&Call { message, revision, ..call });
    }
}

/// Takes away the functions whose bits are not set.
fn drop_some(host: &mut abi::HostInterface, bits: u16) {
    let has = |bit: u32| bits >> bit & 1 == 1;
    host.get_storage = host.get_storage.filter(|_| has(0));
    host.set_storage = host.set_storage.filter(|_| has(1));
    host.get_balance = host.get_balance.filter(|_| has(2));
    host.call = host.call.filter(|_| has(3));
    host.get_tx_context = host.get_tx_context.filter(|_| has(4));
}
