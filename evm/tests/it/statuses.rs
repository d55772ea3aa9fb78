//! Each way to end has EVMC's own status.

use hebe_host_ei::{Message, Revision, StatusCode, mock::MockHost};

use crate::{bytes, run};

/// Source: EVMC 12, the comments of `enum evmc_status_code`; opcodes from the Yellow Paper and the EIPs named.
#[test]
fn failures_have_their_names() {
    use StatusCode as S;
    for (code, revision, status) in [
        ("00", Revision::Frontier, S::Success),
        ("5b600056", Revision::Frontier, S::OutOfGas),
        ("600052", Revision::Frontier, S::StackUnderflow),
        ("5b5a600056", Revision::Frontier, S::StackOverflow),
        ("600156", Revision::Frontier, S::BadJumpDestination),
        ("fe", Revision::Frontier, S::InvalidInstruction),
        ("0c", Revision::Osaka, S::UndefinedInstruction),
        // CLZ (EIP-7939) before Osaka, PUSH0 (EIP-3855) before Shanghai, REVERT (EIP-140) before Byzantium.
        ("60011e", Revision::Prague, S::UndefinedInstruction),
        ("60011e", Revision::Osaka, S::Success),
        ("60011e", Revision::Experimental, S::Success),
        ("5f", Revision::Paris, S::UndefinedInstruction),
        ("5f", Revision::Shanghai, S::Success),
        ("60006000fd", Revision::SpuriousDragon, S::UndefinedInstruction),
        ("60006000fd", Revision::Byzantium, S::Revert),
        // RETURNDATACOPY of one byte that is not there (EIP-211).
        ("6001600060003e", Revision::Byzantium, S::InvalidMemoryAccess),
        ("60ff63fffffff052", Revision::Osaka, S::OutOfGas),
        ("600067ffffffffffffffff52", Revision::Osaka, S::OutOfGas),
        // A CREATE of 49153 bytes (EIP-3860).
        ("61c001600060 00f0", Revision::Paris, S::Success),
        ("61c001600060 00f0", Revision::Shanghai, S::OutOfGas),
    ] {
        let outcome = run(revision, code, 100_000).expect("no fault");
        assert_eq!(outcome.status, status, "{code} at {revision}");
        let kept = matches!(status, S::Success | S::Revert);
        assert_eq!(outcome.gas_left > 0, kept, "{code} at {revision}");
        assert_eq!(outcome.reason.is_none(), status == S::Success);
    }
}

/// EIP-214.
#[test]
fn a_static_call_changes_nothing() {
    for code in ["6000600055", "60006000a0", "600060006000f0", "6000ff", "6000600060006000 6001 6000 6000 f1"]
    {
        let message = Message { gas: 100_000, is_static: true, ..Message::default() };
        let mut host = MockHost::default();
        let outcome = hebe_evm::execute(Revision::Byzantium, &bytes(code), message, &mut host);
        assert_eq!(outcome.expect("no fault").status, StatusCode::StaticModeViolation, "{code}");
        assert!(host.calls.is_empty() && host.logs.is_empty() && host.destroyed.is_empty());
    }
}

/// A creation has no call data, even from clients that hand over the init code as input.
#[test]
fn a_creation_has_no_call_data() {
    let kind = hebe_host_ei::CallKind::Create;
    let message = Message { gas: 1_000, kind, input: vec![1; 9], ..Message::default() };
    let code = bytes("3660005260206000f3");
    let outcome = hebe_evm::execute(Revision::Osaka, &code, message, &mut MockHost::default());
    assert_eq!(outcome.expect("no fault").output, [0; 32]);
}
