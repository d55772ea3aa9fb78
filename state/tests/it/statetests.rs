//! State tests as files.

use std::sync::Arc;

use hebe_host_ei::{Fault, Message, Outcome, Revision, StatusCode};
use hebe_state::{
    Change, FailingVm, FrameVm, RevmHost, TxError,
    statetest::{ParseError, Report, StateTest, revision_of},
};

use crate::support::{address, slot, word};

/// Source: `stRefundTest/refund50_1.json` of the ethereum/tests repository, in its first form (decimal
/// numbers, bytes without `0x`, no hash of logs), with its state root. Five slots are cleared; the refund is half
/// of the gas.
const REFUND: &str = r#"{"refund50_1": {
    "env": {"currentCoinbase": "2adc25665018aa1fe0e6bc666dac8fc2697ff9ba", "currentDifficulty": "0x20000",
        "currentGasLimit": "0x0f4240", "currentNumber": "0x01", "currentTimestamp": "0x03e8"},
    "pre": {
        "095e7baea6a6c7c4c2dfeb977efac326af552d87": {"balance": "0x0de0b6b3a7640000", "nonce": "0x00",
            "code": "0x60006001556000600255600060035560006004556000600555",
            "storage": {"0x01": "0x01", "0x02": "0x01", "0x03": "0x01", "0x04": "0x01", "0x05": "0x01"}},
        "a94f5374fce5edbc8e2a8697c15331677e6ebf0b": {"balance": "0x0186a0", "nonce": "0x00", "code": "0x", "storage": {}}},
    "transaction": {"data": [""], "gasLimit": ["100000"], "gasPrice": "0x01", "nonce": "0x00", "value": ["0"],
        "secretKey": "45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8",
        "to": "095e7baea6a6c7c4c2dfeb977efac326af552d87"},
    "post": {"EIP158": [{"indexes": {"data": 0, "gas": 0, "value": 0},
        "hash": "b0c57a1107e5d2f752d931cb42167d1893902c6cf4b563edf64efee021e2fe35"}]}}}"#;

/// Source: `stExample/accessListExample.json`: a transaction of EIP-2930 with two access lists.
const ACCESS_LIST: &str = r#"{"accessListExample": {
    "env": {"currentCoinbase": "0x2adc25665018aa1fe0e6bc666dac8fc2697ff9ba", "currentDifficulty": "0x020000",
        "currentGasLimit": "0xff112233445566", "currentNumber": "0x01", "currentTimestamp": "0x03e8",
        "currentBaseFee": "0x0a", "currentExcessBlobGas": "0x00",
        "currentRandom": "0x0000000000000000000000000000000000000000000000000000000000020000"},
    "pre": {
        "0x095e7baea6a6c7c4c2dfeb977efac326af552d87": {"balance": "0x0de0b6b3a7640000", "nonce": "0x00",
            "code": "0x600160010160005500", "storage": {}},
        "0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b": {"balance": "0x0de0b6b3a7640000", "nonce": "0x00",
            "code": "0x", "storage": {}}},
    "transaction": {"data": ["0x00", "0x00"], "gasLimit": ["0x061a80"], "gasPrice": "0x0a", "nonce": "0x00",
        "sender": "0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b", "value": ["0x0186a0"],
        "to": "0x095e7baea6a6c7c4c2dfeb977efac326af552d87",
        "accessLists": [
            [{"address": "0x095e7baea6a6c7c4c2dfeb977efac326af552d87", "storageKeys": ["0x00", "0x01"]},
             {"address": "0x195e7baea6a6c7c4c2dfeb977efac326af552d87", "storageKeys": ["0x00"]}],
            [{"address": "0x195e7baea6a6c7c4c2dfeb977efac326af552d87", "storageKeys": ["0x00"]}]]},
    "post": {
        "Berlin": [
            {"indexes": {"data": 0, "gas": 0, "value": 0},
             "logs": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
             "hash": "0x92575ea202220f5f34292941b2ed9d6821c29f221d3ea417682b872d18094c55"},
            {"indexes": {"data": 1, "gas": 0, "value": 0},
             "logs": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
             "hash": "0x036bf17c08e7ee19bb2e2cd209947cf71ac16426a30afad455ae183bde397993"}],
        "Cancun": [{"indexes": {"data": 0, "gas": 0, "value": 0},
            "logs": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
            "hash": "0x2a7d9d52c698e77f941c8337d58ed4875781ec766c39064ad85b19edb513cac3"}],
        "Frontier": [{"expectException": "TR_TypeNotSupported", "indexes": {"data": 0, "gas": 0, "value": 0},
            "logs": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
            "hash": "0x9c82fedcc33c3ae00088e615ddcad2d2b7bc2815c35194d11cbdf1bf7ba0cba3"}]}}}"#;

/// Takes only wasm, so that revm runs the tests' EVM code.
struct NoWasm;

impl FrameVm for NoWasm {
    fn execute(&self, _: Revision, _: Message, _: &[u8], _: RevmHost) -> Result<Outcome, Fault> {
        unreachable!("there is no wasm in these tests")
    }
}

fn reports(text: &str, vm: impl FrameVm + 'static) -> Vec<Result<Report, String>> {
    let vm: Arc<dyn FrameVm> = Arc::new(vm);
    let tests = StateTest::parse("test.json", text).expect("a state test");
    tests.iter().flat_map(|test| test.cases.iter().map(|case| test.run(case, &vm))).collect()
}

fn only_report(text: &str, vm: impl FrameVm + 'static) -> Report {
    reports(text, vm).remove(0).expect("not skipped")
}

#[test]
fn known_tests_pass() {
    for text in [REFUND, ACCESS_LIST] {
        for report in reports(text, NoWasm) {
            assert_eq!(report.expect("not skipped").failures, [""; 0]);
        }
    }
}

/// Source: the file's own key and sender, known from every state test.
#[test]
fn the_sender_owns_the_secret_key() {
    let tests = StateTest::parse("test.json", REFUND).expect("a state test");
    let transaction = tests[0].cases[0].transaction.as_ref().expect("a transaction");
    assert_eq!(transaction.sender, address("a94f5374fce5edbc8e2a8697c15331677e6ebf0b"));
    assert_eq!(transaction.gas_limit, 100_000);
}

/// Source: the definition: the root of a call that fails at once is another than the expected one.
#[test]
fn a_vm_that_fails_shows_which_cases_expect_a_success() {
    let report = only_report(REFUND, FailingVm);
    assert!(report.expects_success && !report.passed());
    let invalid = reports(ACCESS_LIST, FailingVm).pop().expect("four").expect("not skipped");
    assert!(!invalid.expects_success && invalid.passed());
    assert!(matches!(invalid.result, Err(TxError::Invalid(_))));
}

#[test]
fn the_first_difference_is_found_when_the_file_has_the_state() {
    let state = r#""state": {"a94f5374fce5edbc8e2a8697c15331677e6ebf0b":
        {"balance": "0x0186a0", "nonce": "0x07", "code": "0x", "storage": {}}}, "indexes""#;
    let report = only_report(&REFUND.replace("\"indexes\"", state), NoWasm);
    assert!(report.passed(), "the root decides");
    let contract = address("095e7baea6a6c7c4c2dfeb977efac326af552d87");
    assert_eq!(report.first_difference, Some((contract, Change::Created)));
}

#[test]
fn what_differs_is_said() {
    let wrong_root = REFUND.replace("b0c57a", "b0c57b");
    let expected = word("b0c57b1107e5d2f752d931cb42167d1893902c6cf4b563edf64efee021e2fe35");
    let failures = only_report(&wrong_root, NoWasm).failures;
    assert!(failures[0].ends_with(&format!("expected {expected}")), "{failures:?}");
    let exception = REFUND.replace("\"indexes\"", "\"expectException\": \"TR_X\", \"indexes\"");
    assert_eq!(only_report(&exception, NoWasm).failures, ["a valid transaction, expected TR_X"]);
    let logs = format!("\"logs\": \"{}\", \"indexes\"", slot(1));
    assert_eq!(only_report(&REFUND.replace("\"indexes\"", &logs), NoWasm).failures.len(), 1);
}

#[test]
fn unknown_forks_are_skipped_in_words() {
    for fork in ["Constantinople", "Metropolis", "BerlinToLondonAt5", ""] {
        let skipped = reports(&REFUND.replace("EIP158", fork), NoWasm).remove(0).expect_err("skipped");
        assert!(skipped.contains(fork) && skipped.len() > 20, "{skipped}");
    }
    for revision in Revision::ALL {
        let known = revision_of(&revision.name().replace(' ', ""));
        match revision {
            Revision::Experimental => assert!(known.is_err()),
            _ => assert_eq!(known.as_ref(), Ok(revision)),
        }
    }
}

/// A number too large for a transaction makes it invalid; the state then stays as it was.
#[test]
fn impossible_transactions_are_not_valid() {
    let too_large = format!("0x1{}", "0".repeat(64));
    let bigint = format!("0x:bigint {too_large}");
    for (from, to) in [
        ("[\"0\"]", format!("[\"{bigint}\"]")),
        ("[\"0\"]", format!("[\"{too_large}\"]")),
        ("[\"100000\"]", "[\"0x10000000000000000\"]".to_owned()),
        ("\"nonce\": \"0x00\", \"value\"", "\"nonce\": \"0x10000000000000000\", \"value\"".to_owned()),
    ] {
        assert!(REFUND.contains(from), "{from}");
        let report = only_report(&REFUND.replacen(from, &to, 1), NoWasm);
        assert!(matches!(report.result, Err(TxError::Invalid(_))), "{to}: {:?}", report.result);
        assert!(!report.passed());
    }
}

/// Extreme prices and blocks end in an answer, not in a panic or a loop.
#[test]
fn extreme_numbers_have_an_answer() {
    let max = format!("\"0x{}\"", "f".repeat(64));
    for field in [
        "gasPrice",
        "currentNumber",
        "currentTimestamp",
        "currentDifficulty",
        "currentBaseFee",
        "currentExcessBlobGas",
    ] {
        let (before, rest) = ACCESS_LIST.split_once(&format!("\"{field}\": ")).expect("the field");
        let end = rest.find([',', '}']).expect("an end");
        let text = format!("{before}\"{field}\": {max}{}", &rest[end..]);
        for report in reports(&text, NoWasm) {
            let _ = report.expect("not skipped").result;
        }
    }
}

#[test]
fn errors_have_a_place() {
    let at = |text: &str| match StateTest::parse("dir/test.json", text).expect_err("not a state test") {
        ParseError::Json { file, line, message, .. } => (file, line, message),
        other => panic!("{other}"),
    };
    let (file, line, _) = at("{\n\n]");
    assert_eq!((file.as_str(), line), ("dir/test.json", 3));
    let (_, line, message) = at(&REFUND.replace("0x60006001", "0x6000600g"));
    assert_eq!(line, 6);
    assert!(message.contains("'g'"), "{message}");
    let (_, _, message) =
        at(&REFUND.replace("\"gasPrice\"", "\"nothing\"").replace("\"nonce\"", "\"other\""));
    assert!(message.contains("nonce"), "{message}");
    let error = StateTest::parse("dir/test.json", "[]").expect_err("not a state test").to_string();
    assert!(error.starts_with("dir/test.json:1:"), "{error}");
}

#[test]
fn contradictions_have_a_test() {
    for (from, to) in [
        ("\"data\": 0", "\"data\": 1"),
        ("\"data\": 0", "\"data\": 18446744073709551615"),
        ("\"secretKey\"", "\"secret\""),
        ("45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8", "00"),
        ("\"to\": \"095e", "\"to\": \"5e"),
        (
            "\"balance\": \"0x0186a0\", \"nonce\": \"0x00\"",
            "\"balance\": \"0x0186a0\", \"nonce\": \"0x10000000000000000\"",
        ),
    ] {
        assert!(REFUND.contains(from), "{from}");
        let error = StateTest::parse("test.json", &REFUND.replacen(from, to, 1)).expect_err(to);
        assert!(matches!(&error, ParseError::Test { test, .. } if test == "refund50_1"), "{error}");
    }
}

/// Every prefix, and every byte replaced, is read or refused.
#[test]
fn no_text_makes_it_panic() {
    for text in [REFUND, ACCESS_LIST] {
        for end in 0..text.len() {
            assert!(StateTest::parse("test.json", &text[..end]).is_err());
            for byte in ["\"", "0", "x", "{", "9", "g", ","] {
                let text = [&text[..end], byte, &text[end + 1..]].concat();
                let _ = StateTest::parse("test.json", &text);
            }
        }
    }
    assert!(StateTest::parse("test.json", &"[".repeat(100_000)).is_err());
}

/// The VM's own words reach the report.
#[test]
fn a_report_keeps_the_outcome() {
    let report = only_report(REFUND, FailingVm);
    assert_eq!(report.result.expect("valid").outcome.status, StatusCode::Failure);
}
