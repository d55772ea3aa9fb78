//! Any bytes, any gas, any host.

use hebe_host_ei::{CallKind, Fault, Message, Revision, StatusCode, U256, mock::MockHost};
use proptest::prelude::*;

use crate::{run, run_on};

fn messages() -> impl Strategy<Value = Message> {
    let gas = prop_oneof![0_i64..200_000, Just(-1), Just(i64::MIN), Just(0), Just(1_000_000)];
    (
        0_i32..6,
        any::<(bool, bool)>(),
        any::<i32>(),
        gas,
        prop::collection::vec(any::<u8>(), 0..80),
        any::<[u64; 4]>(),
    )
        .prop_map(|(kind, (is_static, is_delegated), depth, gas, input, value)| Message {
            kind: CallKind::from_i32(kind).expect("one of EVMC's"),
            is_static,
            is_delegated,
            depth,
            gas,
            input,
            value: U256(value),
            ..Message::default()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// An outcome, twice the same, within the message's gas, with a sane or a silly host.
    #[test]
    fn any_bytes_have_an_outcome(
        code in prop::collection::vec(any::<u8>(), 0..200),
        message in messages(),
        revision in 0_i32..16,
        talks_nonsense in any::<bool>(),
        negative in any::<bool>(),
    ) {
        let revision = Revision::from_i32(revision).expect("one of EVMC's");
        let run = || {
            let mut host = MockHost { talks_nonsense, ..MockHost::default() };
            host.tx_context.block_number = if negative { -1 } else { 1_000 };
            hebe_evm::execute(revision, &code, message.clone(), &mut host)
        };
        let outcome = run();
        prop_assert_eq!(&outcome, &run());
        match outcome {
            Ok(outcome) => {
                prop_assert!((0..=message.gas.max(0)).contains(&outcome.gas_left));
                let kept = matches!(outcome.status, StatusCode::Success | StatusCode::Revert);
                prop_assert!(kept || outcome.gas_left == 0 && outcome.output.is_empty());
                prop_assert!(outcome.status == StatusCode::Success || outcome.gas_refund == 0);
                prop_assert!(outcome.status as i32 >= 0);
            }
            Err(fault) => prop_assert!(matches!(fault, Fault::Host(_)) && (talks_nonsense || negative), "{fault}"),
        }
    }
}

#[test]
fn a_host_without_sense_is_a_fault() {
    let mut host = MockHost { talks_nonsense: true, ..MockHost::default() };
    assert_eq!(run_on(&mut host, Revision::Osaka, "5f5f55", 100_000), Err(Fault::Host("set_storage")));
    let mut host = MockHost::default();
    host.tx_context.block_timestamp = -1;
    assert_eq!(run_on(&mut host, Revision::Osaka, "42", 100_000), Err(Fault::Host("get_tx_context")));
    // Nobody asked.
    assert_eq!(
        run_on(&mut host, Revision::Osaka, "5f", 100_000).expect("no fault").status,
        StatusCode::Success
    );
}

/// 2^23 words cost 3 · 2^23 + 2^46 ÷ 512 gas (Yellow Paper, appendix H). Who has less is out of gas, as anywhere; who has
/// enough learns that this node does not have it.
#[test]
fn memory_is_bounded_by_gas_and_by_the_node() {
    let price = 3 * (1 << 23) + (1_i64 << 46) / 512;
    // MLOAD of the word behind 256 MiB, and of one behind 4 TiB.
    for code in ["6310000000 51", "65040000000000 51"] {
        assert_eq!(run(Revision::Osaka, code, price).expect("no fault").status, StatusCode::OutOfGas);
        assert_eq!(run(Revision::Osaka, code, i64::MAX), Err(Fault::OutOfMemory));
    }
    let paid = run(Revision::Osaka, "627fffe0 51", i64::MAX).expect("no fault");
    let words = (1_i64 << 23) / 32;
    assert_eq!(paid.gas_left, i64::MAX - 3 - 3 - 3 * words - words * words / 512);
}
