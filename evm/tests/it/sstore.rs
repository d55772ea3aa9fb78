//! Storage: price and refund from the status that a host answers.

use hebe_host_ei::{Address, Revision, mock::MockHost};

use crate::run_on;

/// Source: the table of test cases of EIP-1283, which EIP-2200 took over: code, gas at Constantinople (EIP-1283) and at Istanbul
/// (EIP-2200), refunds at each, and the slot at the start.
const TABLE: [(&str, [i64; 2], [i64; 2], u64); 17] = [
    ("60006000556000600055", [412, 1612], [0, 0], 0),
    ("60006000556001600055", [20212, 20812], [0, 0], 0),
    ("60016000556000600055", [20212, 20812], [19800, 19200], 0),
    ("60016000556002600055", [20212, 20812], [0, 0], 0),
    ("60016000556001600055", [20212, 20812], [0, 0], 0),
    ("60006000556000600055", [5212, 5812], [15000, 15000], 1),
    ("60006000556001600055", [5212, 5812], [4800, 4200], 1),
    ("60006000556002600055", [5212, 5812], [0, 0], 1),
    ("60026000556000600055", [5212, 5812], [15000, 15000], 1),
    ("60026000556003600055", [5212, 5812], [0, 0], 1),
    ("60026000556001600055", [5212, 5812], [4800, 4200], 1),
    ("60026000556002600055", [5212, 5812], [0, 0], 1),
    ("60016000556000600055", [5212, 5812], [15000, 15000], 1),
    ("60016000556002600055", [5212, 5812], [0, 0], 1),
    ("60016000556001600055", [412, 1612], [0, 0], 1),
    ("600160005560006000556001600055", [40218, 40818], [19800, 19200], 0),
    ("600060005560016000556000600055", [10218, 10818], [19800, 19200], 1),
];

fn sstore(revision: Revision, code: &str, slot: u64) -> (i64, i64) {
    let mut host = MockHost::default();
    let account = host.accounts.entry(Address::default()).or_default();
    if slot != 0 {
        account.storage.insert(0.into(), slot.into());
    }
    // As after an access list: EIP-3529's table is for a warm slot.
    host.warm_slots.insert((Address::default(), 0.into()));
    let outcome = run_on(&mut host, revision, code, 1_000_000).expect("no fault");
    (1_000_000 - outcome.gas_left, outcome.gas_refund)
}

#[test]
fn eip_1283_and_eip_2200() {
    for (code, used, refund, slot) in TABLE {
        assert_eq!(sstore(Revision::Constantinople, code, slot), (used[0], refund[0]), "{code} from {slot}");
        assert_eq!(sstore(Revision::Istanbul, code, slot), (used[1], refund[1]), "{code} from {slot}");
    }
}

/// EIP-1283 has no minimum of gas; EIP-2200 wants more than 2300 left.
#[test]
fn the_stipend_is_enough_before_eip_2200() {
    let at = |revision| run_on(&mut MockHost::default(), revision, "60006000 55", 2_306).expect("no fault");
    assert_eq!(at(Revision::Constantinople).gas_left, 2_300 - 200);
    assert_eq!(at(Revision::Istanbul).status, hebe_host_ei::StatusCode::OutOfGas);
}

/// Yellow Paper (Byzantium), appendix G: 20000 from zero, else 5000, and 15000 back for a clear, whatever the slot was before.
#[test]
fn before_net_metering() {
    let two = 2 * (3 + 3);
    for revision in [Revision::Frontier, Revision::Byzantium, Revision::Petersburg] {
        assert_eq!(sstore(revision, "60016000556000600055", 0), (two + 20_000 + 5_000, 15_000));
        assert_eq!(sstore(revision, "60006000556001600055", 1), (two + 5_000 + 20_000, 15_000));
        assert_eq!(sstore(revision, "60026000556002600055", 1), (two + 5_000 + 5_000, 0));
    }
}

/// Source: the table of EIP-3529 (London), for a warm slot.
#[test]
fn eip_3529() {
    for (code, used, refund, slot) in [
        ("60006000556000600055", 212, 0, 0),
        ("60016000556000600055", 20112, 19900, 0),
        ("60006000556000600055", 3012, 4800, 1),
        ("60006000556001600055", 3012, 2800, 1),
        ("60026000556000600055", 3012, 4800, 1),
        ("600160005560006000556001600055", 40118, 19900, 0),
        ("600060005560016000556000600055", 5918, 7600, 1),
    ] {
        assert_eq!(sstore(Revision::London, code, slot), (used, refund), "{code} from {slot}");
    }
}
