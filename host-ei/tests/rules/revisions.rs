//! Every function at every revision, cold and warm.

use hebe_host_ei::{Gas, Guest, Halt, IMPORTS, Revision, Stop, functions::*, mock::MockHost};

use crate::{GAS, OTHER, Run, SELF};

/// What a function costs at each revision.
#[track_caller]
fn check<T>(
    expected: [Gas; 16],
    prepare: impl Fn(&mut Run),
    function: impl Fn(&mut Guest<'_, MockHost>) -> Result<T, Stop>,
) {
    for (revision, expected) in Revision::ALL.iter().zip(expected) {
        let mut run = Run::at(*revision);
        run.frame.host.call_result.gas_left = 0;
        run.put(ADDRESS, &OTHER.0);
        prepare(&mut run);
        if let Err(Stop::Fault(fault)) = run.call(|g| function(g)) {
            panic!("{revision}: {fault}");
        }
        assert_eq!(run.used(), expected, "{revision}");
    }
}

const ADDRESS: i32 = 0;
const VALUE: i32 = 32;
const DATA: i32 = 64;

fn warm(run: &mut Run) {
    run.frame.host.warm_accounts.insert(OTHER);
}

fn exists(run: &mut Run) {
    run.set_balance(SELF, 1_000);
    run.set_balance(OTHER, 0);
}

fn with_value(run: &mut Run) {
    run.set_balance(SELF, 1_000);
    run.put(VALUE, &[1]);
}

/// One number up to Homestead, one up to Istanbul, one from Berlin on, which repriced most (EIP-150, EIP-2929).
fn since_berlin(frontier: Gas, tangerine_whistle: Gas, berlin: Gas) -> [Gas; 16] {
    let mut gas = [tangerine_whistle; 16];
    gas[..2].fill(frontier);
    gas[8..].fill(berlin);
    gas
}

/// The Yellow Paper's 20; 400 by EIP-150; 700 by EIP-1884; 2600 and 100 by EIP-2929.
#[test]
fn balances() {
    let expected = |berlin| {
        let mut gas = since_berlin(20, 400, berlin);
        gas[7] = 700;
        gas
    };
    check(expected(2_600), |_| (), |g| Ok(get_external_balance(g, ADDRESS, 32)?));
    check(expected(100), warm, |g| Ok(get_external_balance(g, ADDRESS, 32)?));
}

/// 20; 700 by EIP-150; 2600 and 100 by EIP-2929; a copy of two words costs 2 · 3 more.
#[test]
fn code_of_others() {
    let code = |run: &mut Run| run.frame.host.accounts.entry(OTHER).or_default().code = vec![7; 40];
    check(since_berlin(20, 700, 2_600), code, |g| get_external_code_size(g, ADDRESS));
    check(since_berlin(26, 706, 2_606), code, |g| external_code_copy(g, ADDRESS, 100, 0, 40));
    check(since_berlin(20, 700, 100), warm, |g| get_external_code_size(g, ADDRESS));
    // The second time it is warm.
    check(since_berlin(40, 1_400, 2_700), code, |g| {
        get_external_code_size(g, ADDRESS)?;
        get_external_code_size(g, ADDRESS)
    });
}

/// EIP-1052: 400 at Constantinople; 700 by EIP-1884; 2600 and 100 by EIP-2929.
#[test]
fn code_hashes() {
    let expected = |berlin| {
        let mut gas = since_berlin(0, 400, berlin);
        gas[..5].fill(0);
        gas[7] = 700;
        gas
    };
    check(expected(2_600), |_| (), |g| Ok(get_external_code_hash(g, ADDRESS, 32)?));
    check(expected(100), warm, |g| Ok(get_external_code_hash(g, ADDRESS, 32)?));
}

/// 50; 200 by EIP-150; 800 by EIP-1884; 2100 and 100 by EIP-2929. A load warms for a store, too.
#[test]
fn loads() {
    let expected = |berlin| {
        let mut gas = since_berlin(50, 200, berlin);
        gas[7] = 800;
        gas
    };
    check(expected(2_100), |_| (), |g| Ok(storage_load(g, 32, 64)?));
    let touched = |run: &mut Run| {
        run.frame.host.warm_slots.insert((SELF, Default::default()));
    };
    check(expected(100), touched, |g| Ok(storage_load(g, 32, 64)?));
    let mut run = Run::at(Revision::Berlin);
    assert_eq!(run.call(|g| storage_load(g, 0, 32)), Ok(()));
    assert_eq!(run.call(|g| storage_store(g, 0, 32)), Ok(()));
    assert_eq!(run.used(), 2_100 + 100);
}

/// The calls' own price: 40; 700 by EIP-150; 2600 and 100 by EIP-2929.
#[test]
fn calls() {
    for (more, berlin) in [(exists as fn(&mut Run), 2_600), (|run| (warm(run), exists(run)).1, 100)] {
        let expected = since_berlin(40, 700, berlin);
        check(expected, more, |g| call(g, 0, ADDRESS, VALUE, DATA, 0));
        check(expected, more, |g| call_code(g, 0, ADDRESS, VALUE, DATA, 0));
        check(expected, more, |g| call_delegate(g, 0, ADDRESS, DATA, 0));
        check(expected, more, |g| call_static(g, 0, ADDRESS, DATA, 0));
    }
}

/// 9000 for a value, and 25000 for an account that does not exist: until Tangerine Whistle without a value, too (EIP-161). Never
/// in the other calls.
#[test]
fn calls_to_a_new_account() {
    check(since_berlin(34_040, 34_700, 36_600), with_value, |g| call(g, 0, ADDRESS, VALUE, DATA, 0));
    let mut expected = since_berlin(25_040, 700, 2_600);
    expected[2] = 25_700;
    check(expected, |_| (), |g| call(g, 0, ADDRESS, VALUE, DATA, 0));
    check(since_berlin(9_040, 9_700, 11_600), with_value, |g| call_code(g, 0, ADDRESS, VALUE, DATA, 0));
    check(since_berlin(40, 700, 2_600), |_| (), |g| call_static(g, 0, ADDRESS, DATA, 0));
}

/// EIP-150: before, all gas can go, and asking for more than there is is out of gas.
#[test]
fn a_64th_stays_since_tangerine_whistle() {
    for revision in Revision::ALL {
        let asking = |gas| {
            let mut run = Run::at(*revision);
            exists(&mut run);
            warm(&mut run);
            run.put(ADDRESS, &OTHER.0);
            let answer = run.call(|g| call(g, gas, ADDRESS, VALUE, DATA, 0));
            answer.map(|_| run.frame.host.calls[0].gas)
        };
        let left = GAS
            - [40, 700, 100][usize::from(*revision >= Revision::TangerineWhistle)
                + usize::from(*revision >= Revision::Berlin)];
        if *revision < Revision::TangerineWhistle {
            assert_eq!(asking(left), Ok(left));
            assert_eq!(asking(left + 1), Err(Halt::OutOfGas { charge: left + 1, left }.into()));
        } else {
            assert_eq!(asking(i64::MAX), Ok(left - left / 64), "{revision}");
        }
    }
}

/// 32000, and from Shanghai on 2 for each word (EIP-3860); `create2` 6 for each word, which is hashed (EIP-1014). What is left goes to
/// the init code, all of it before EIP-150: 33 bytes are two words.
#[test]
fn creations() {
    for revision in Revision::ALL {
        let shanghai = if *revision >= Revision::Shanghai { 2 * 2 } else { 0 };
        let hashed = if *revision >= Revision::Constantinople { 2 * 6 } else { 0 };
        for (two, charge) in [(false, 32_000 + shanghai), (true, 32_000 + shanghai + hashed)] {
            let mut run = Run::at(*revision);
            run.frame.host.call_result.gas_left = 0;
            let answer = if two {
                run.call(|g| create2(g, VALUE, DATA, 33, 200, 300))
            } else {
                run.call(|g| create(g, VALUE, DATA, 33, 300))
            };
            assert_eq!(answer, Ok(0));
            let left = GAS - charge;
            let forwarded = if *revision < Revision::TangerineWhistle { left } else { left - left / 64 };
            assert_eq!(run.frame.host.calls[0].gas, forwarded, "{revision} {two}");
            assert_eq!(run.frame.gas.left(), left - forwarded, "{revision} {two}");
        }
    }
}

/// EIP-3860: more than 49152 bytes are out of gas, before anything is charged or looked at.
#[test]
fn init_code_has_49152_bytes_at_most() {
    for revision in [Revision::Paris, Revision::Shanghai, Revision::Osaka] {
        let create = |length| {
            let mut run = Run::at(revision);
            run.memory = vec![0; 50_000];
            (
                run.call(|g| create(g, VALUE, 0, length, 300)),
                run.call(|g| create2(g, VALUE, 0, length, 200, 300)),
            )
        };
        assert_eq!(create(49_152), (Ok(0), Ok(0)));
        let longer = Err(Halt::InitCodeTooLong(49_153).into());
        let expected = if revision < Revision::Shanghai { (Ok(0), Ok(0)) } else { (longer.clone(), longer) };
        assert_eq!(create(49_153), expected, "{revision}");
    }
}

/// Nothing until Homestead; 5000 and 25000 for a new account by EIP-150, from EIP-161 on only with a balance; 2600 more for a cold
/// beneficiary by EIP-2929.
#[test]
fn self_destructions() {
    let destroy = |g: &mut Guest<'_, MockHost>| Ok(self_destruct(g, ADDRESS)?);
    check(since_berlin(0, 5_000, 7_600), exists, destroy);
    check(since_berlin(0, 30_000, 32_600), with_value, destroy);
    check(since_berlin(0, 30_000, 30_000), |run| (warm(run), with_value(run)).1, destroy);
    let mut without_balance = since_berlin(0, 5_000, 7_600);
    without_balance[2] = 30_000;
    check(without_balance, |_| (), destroy);
}

/// 24000 back, until EIP-3529.
#[test]
fn a_self_destruction_is_refunded_until_berlin() {
    for revision in Revision::ALL {
        let mut run = Run::at(*revision);
        assert_eq!(run.call(|g| self_destruct(g, ADDRESS)), Err(Halt::SelfDestruct.into()));
        let expected = if *revision <= Revision::Berlin { 24_000 } else { 0 };
        assert_eq!(run.frame.refund, expected, "{revision}");
    }
}

/// What costs the same at every revision.
#[test]
fn what_never_changes() {
    check([2; 16], |_| (), |g| Ok(get_gas_left(g)?));
    check([2; 16], |_| (), |g| Ok(get_block_difficulty(g, 0)?));
    check([800; 16], |_| (), |g| Ok(get_block_hash(g, 0, 0)?));
    check([3 + 3; 16], |_| (), |g| Ok(code_copy(g, 0, 0, 5)?));
    check([375 + 2 * 375 + 8 * 10; 16], |_| (), |g| Ok(log(g, 0, 10, 2, 0, 0, 0, 0)?));
    check([30 + 2 * 6; 16], |_| (), |g| Ok(keccak256(g, 0, 33, 0)?));
}

/// Functions of revision 4 are always there; each other one from its EIP's revision on.
#[test]
fn functions_by_revision() {
    let new_at = |revision: Revision| -> Vec<&str> {
        let new =
            IMPORTS.iter().filter(|import| import.since.is_some_and(|since| since.revision == revision));
        new.map(|import| import.name).collect()
    };
    assert_eq!(
        new_at(Revision::Constantinople),
        ["create2", "getExternalCodeHash", "u256Shl", "u256Shr", "u256Sar"]
    );
    assert_eq!(new_at(Revision::Istanbul), ["getChainId", "getSelfBalance"]);
    assert_eq!(new_at(Revision::London), ["getBaseFee"]);
    assert_eq!(new_at(Revision::Paris), ["getPrevRandao"]);
    assert_eq!(
        new_at(Revision::Cancun),
        ["transientLoad", "transientStore", "getBlobHash", "getBlobBaseFee"]
    );
    assert_eq!(new_at(Revision::Osaka), ["u256Clz"]);
    for revision in Revision::ALL {
        let there = IMPORTS.iter().filter(|import| import.exists_at(*revision));
        let later = Revision::ALL.iter().filter(|later| *later > revision).map(|later| new_at(*later).len());
        assert_eq!(there.count() + later.sum::<usize>(), IMPORTS.len());
    }
}
