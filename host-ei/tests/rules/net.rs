//! Storage by what the transaction makes of it: the EIPs' own tables of test cases.

use hebe_host_ei::{Bytes32, Gas, GasCounter, Halt, Revision, StorageStatus, functions::*};

use crate::{Run, SELF};

/// The slot at the start of the transaction, and what is stored one after the other.
type Case = (u8, &'static [u8]);

/// The cases of EIP-1283, which EIP-2200 and EIP-3529 repeat.
const CASES: [Case; 17] = [
    (0, &[0, 0]),
    (0, &[0, 1]),
    (0, &[1, 0]),
    (0, &[1, 2]),
    (0, &[1, 1]),
    (1, &[0, 0]),
    (1, &[0, 1]),
    (1, &[0, 2]),
    (1, &[2, 0]),
    (1, &[2, 3]),
    (1, &[2, 1]),
    (1, &[2, 2]),
    (1, &[1, 0]),
    (1, &[1, 2]),
    (1, &[1, 1]),
    (0, &[1, 0, 1]),
    (1, &[0, 1, 0]),
];

const KEY: i32 = 0;
const VALUE: i32 = 32;

/// A slot with a value, touched before or not.
fn slot(revision: Revision, original: u8, warm: bool) -> Run {
    let mut run = Run::at(revision);
    let key = Bytes32::ZERO;
    if original != 0 {
        let account = run.frame.host.accounts.entry(SELF).or_default();
        account.storage.insert(key, Bytes32([original; 32]));
    }
    if warm {
        run.frame.host.warm_slots.insert((SELF, key));
    }
    run
}

fn store(run: &mut Run, value: u8) {
    run.put(VALUE, &[value; 32]);
    assert_eq!(run.call(|g| storage_store(g, KEY, VALUE)), Ok(()));
}

/// Gas and refund of a case, as the EIPs count: each store pushes its key and its value, at 3 gas each.
fn count(revision: Revision, (original, stores): Case, warm: bool) -> (Gas, Gas) {
    let mut run = slot(revision, original, warm);
    stores.iter().for_each(|value| store(&mut run, *value));
    (run.used() + 6 * stores.len() as Gas, run.frame.refund)
}

#[track_caller]
fn check(revision: Revision, expected: [(Gas, Gas); 17]) {
    for (case, expected) in CASES.into_iter().zip(expected) {
        assert_eq!(count(revision, case, true), expected, "{revision}, {case:?}");
    }
}

/// The table of EIP-1283, which Constantinople has and Petersburg no more (EIP-1716).
#[test]
fn eip_1283() {
    check(
        Revision::Constantinople,
        [
            (412, 0),
            (20_212, 0),
            (20_212, 19_800),
            (20_212, 0),
            (20_212, 0),
            (5_212, 15_000),
            (5_212, 4_800),
            (5_212, 0),
            (5_212, 15_000),
            (5_212, 0),
            (5_212, 4_800),
            (5_212, 0),
            (5_212, 15_000),
            (5_212, 0),
            (412, 0),
            (40_218, 19_800),
            (10_218, 19_800),
        ],
    );
}

/// The table of EIP-2200, at SLOAD_GAS = 800.
#[test]
fn eip_2200() {
    check(
        Revision::Istanbul,
        [
            (1_612, 0),
            (20_812, 0),
            (20_812, 19_200),
            (20_812, 0),
            (20_812, 0),
            (5_812, 15_000),
            (5_812, 4_200),
            (5_812, 0),
            (5_812, 15_000),
            (5_812, 0),
            (5_812, 4_200),
            (5_812, 0),
            (5_812, 15_000),
            (5_812, 0),
            (1_612, 0),
            (40_818, 19_200),
            (10_818, 19_200),
        ],
    );
}

/// The first table of EIP-3529, "2929 Gas Costs": of slots that were touched before.
#[test]
fn eip_2929() {
    check(
        Revision::Berlin,
        [
            (212, 0),
            (20_112, 0),
            (20_112, 19_900),
            (20_112, 0),
            (20_112, 0),
            (3_012, 15_000),
            (3_012, 2_800),
            (3_012, 0),
            (3_012, 15_000),
            (3_012, 0),
            (3_012, 2_800),
            (3_012, 0),
            (3_012, 15_000),
            (3_012, 0),
            (212, 0),
            (40_118, 19_900),
            (5_918, 17_800),
        ],
    );
}

/// The second table of EIP-3529, "With reduced refunds", from London on.
#[test]
fn eip_3529() {
    for revision in Revision::ALL.iter().filter(|revision| **revision >= Revision::London) {
        check(
            *revision,
            [
                (212, 0),
                (20_112, 0),
                (20_112, 19_900),
                (20_112, 0),
                (20_112, 0),
                (3_012, 4_800),
                (3_012, 2_800),
                (3_012, 0),
                (3_012, 4_800),
                (3_012, 0),
                (3_012, 2_800),
                (3_012, 0),
                (3_012, 4_800),
                (3_012, 0),
                (212, 0),
                (40_118, 19_900),
                (5_918, 7_600),
            ],
        );
    }
}

/// EIP-2929: the first touch of a slot costs 2100 more, whatever is stored.
#[test]
fn a_cold_slot_costs_2100_more_once() {
    for revision in [Revision::Berlin, Revision::Osaka] {
        for case in CASES {
            let (warm, cold) = (count(revision, case, true), count(revision, case, false));
            assert_eq!(cold, (warm.0 + 2_100, warm.1), "{revision}, {case:?}");
        }
    }
    for case in CASES {
        let at = |warm| count(Revision::Istanbul, case, warm);
        assert_eq!(at(true), at(false));
    }
}

/// Yellow Paper, appendix H, SSTORE, before EIP-1283 and at Petersburg: 20000 from zero to nonzero, else 5000, and 15000 back from nonzero
/// to zero, by the values before and after alone. The status that a client answers leads to the same: each has one price.
#[test]
fn gross_metering_goes_by_the_values_before_and_after() {
    use StorageStatus::*;
    for revision in
        Revision::ALL.iter().filter(|r| **r <= Revision::Petersburg && **r != Revision::Constantinople)
    {
        for original in [0, 1] {
            for before in 0..3 {
                for after in 0..4 {
                    let mut run = slot(*revision, original, false);
                    store(&mut run, before);
                    let (used, refund) = (run.used(), run.frame.refund);
                    store(&mut run, after);
                    let found = (run.used() - used, run.frame.refund - refund);
                    let word = |byte| Bytes32([byte; 32]);
                    let status = StorageStatus::of(&word(original), &word(before), &word(after));
                    let expected = match status {
                        Added | DeletedAdded | DeletedRestored => (20_000, 0),
                        Deleted | ModifiedDeleted | AddedDeleted => (5_000, 15_000),
                        Modified | ModifiedRestored | Assigned => (5_000, 0),
                    };
                    assert_eq!(found, expected, "{revision}, {original} → {before} → {after}");
                }
            }
        }
    }
}

/// EIP-1283: the count of a message alone may go below zero. Whoever fills a slot that another message cleared gives the refund
/// back: 15000, and 4800 from London on; restoring it earns what the first change cost more.
#[test]
fn a_refund_may_be_negative() {
    for (revision, added, restored) in [
        (Revision::Constantinople, -15_000, -15_000 + 4_800),
        (Revision::Istanbul, -15_000, -15_000 + 4_200),
        (Revision::Berlin, -15_000, -15_000 + 2_800),
        (Revision::London, -4_800, -4_800 + 2_800),
    ] {
        for (value, refund) in [(2, added), (1, restored)] {
            let mut run = slot(revision, 1, true);
            store(&mut run, 0);
            run.frame.refund = 0;
            store(&mut run, value);
            assert_eq!(run.frame.refund, refund, "{revision}");
        }
    }
}

/// EIP-2200: with 2300 gas left or less nothing is stored, whatever it costs; at Constantinople 200 are enough.
#[test]
fn the_stipend_stores_nothing_from_istanbul_on() {
    let store = |revision, gas| {
        let mut run = slot(revision, 0, true);
        run.frame.gas = GasCounter::new(gas);
        run.call(|g| storage_store(g, KEY, VALUE)).map(|()| run.frame.gas.left())
    };
    for (revision, cost) in [(Revision::Istanbul, 800), (Revision::Berlin, 100), (Revision::Osaka, 100)] {
        let out_of_gas = Halt::OutOfGas { charge: 2_301, left: 2_300 };
        assert_eq!(store(revision, 2_300), Err(out_of_gas.into()), "{revision}");
        assert_eq!(store(revision, 2_301), Ok(2_301 - cost), "{revision}");
    }
    assert_eq!(store(Revision::Constantinople, 200), Ok(0));
    assert_eq!(store(Revision::Petersburg, 5_000), Ok(0));
}

/// The surcharge comes after the client's answer and can fail.
#[test]
fn a_store_that_cannot_be_paid_is_out_of_gas() {
    let mut run = slot(Revision::Osaka, 0, true);
    run.put(VALUE, &[1; 32]);
    run.frame.gas = GasCounter::new(19_999);
    let halt = Halt::OutOfGas { charge: 19_900, left: 19_899 };
    assert_eq!(run.call(|g| storage_store(g, KEY, VALUE)), Err(halt.into()));
}
