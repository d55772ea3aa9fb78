//! `hebe schedule`. Numbers are those of the EIPs that the tests name.

use serde_json::{Value, json};

use crate::support::words;

fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn function<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let functions = answer["functions"].as_array().expect("a list");
    functions.iter().find(|function| function["name"] == name).unwrap_or(&Value::Null)
}

/// Byzantium, as `hebe run` has it; EIP-150's prices with their names, and the Yellow Paper's.
#[test]
fn a_price_list() {
    let text = words("schedule").success();
    let lines = lines(&text);
    assert_eq!(lines[..3], ["host functions at Byzantium", "", "useGas the argument"]);
    for line in [
        "getExternalBalance 400 EIP-150",
        "storageStore 5000 Yellow Paper",
        "15000 for a slot that was zero Yellow Paper",
        "15000 back for a slot that becomes zero Yellow Paper",
        "call 700 EIP-150",
        "25000 for a value to a new account Yellow Paper",
        "64 parts of the gas left, of which one stays EIP-150",
        "50 for each byte of the exponent EIP-160",
        "finish 0",
    ] {
        assert!(lines.iter().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains("getChainId") && !text.contains("print32"), "{text}");
    // No control codes where nobody looks.
    assert!(!text.contains('\u{1b}'));
}

/// EIP-2929 and EIP-7702; a function that came later is charged by its own EIP.
#[test]
fn a_price_list_for_machines() {
    let answer: Value = serde_json::from_str(&words("schedule --rev prague --json").success()).expect("JSON");
    assert_eq!(answer["revision"], "Prague");
    let number = |name, kind, gas, when, source| json!({ "name": name, "kind": kind, "gas": gas, "when": when, "source": source });
    let expected = json!({
        "module": "ethereum",
        "name": "callStatic",
        "signature": "callStatic(gas: i64, address: i32, data: i32, length: i32) -> i32",
        "gas": "100 + 2500 for an account touched first + 100 for a delegation",
        "numbers": [
            number("call", "charge", 100, "", "EIP-2929"),
            number("cold_account", "charge", 2500, "for an account touched first", "EIP-2929"),
            number("delegate", "charge", 100, "for a delegation", "EIP-7702"),
            number("kept_part", "rule", 64, "parts of the gas left, of which one stays", "EIP-150"),
        ],
    });
    assert_eq!(function(&answer, "callStatic"), &expected);
    let chain_id = function(&answer, "getChainId");
    assert_eq!(chain_id["since"], "Istanbul");
    assert_eq!(chain_id["numbers"], json!([number("base", "charge", 2, "", "EIP-1344")]));
    assert_eq!(function(&answer, "u256Clz"), &Value::Null);
}

/// London after Berlin: EIP-3198's base fee, EIP-3529's refunds, nothing else.
#[test]
fn what_a_revision_changes() {
    let answer: Value =
        serde_json::from_str(&words("schedule --rev Berlin --diff London --json").success()).expect("JSON");
    let expected = json!({
        "from": "Berlin",
        "to": "London",
        "functions": [
            { "module": "ethereum", "name": "storageStore", "before": true, "after": true, "changes": [{
                "name": "storage_clear_refund", "kind": "refund", "before": 15000, "after": 4800,
                "when": "back for a slot that becomes zero", "source": "EIP-3529",
            }] },
            { "module": "ethereum", "name": "selfDestruct", "before": true, "after": true, "changes": [{
                "name": "self_destruct_refund", "kind": "refund", "before": 24000,
                "when": "back, once for an account", "source": "EIP-3529",
            }] },
            { "module": "ethereum", "name": "getBaseFee", "before": false, "after": true, "changes": [{
                "name": "base", "kind": "charge", "after": 2, "when": "", "source": "EIP-3198",
            }] },
        ],
    });
    assert_eq!(answer, expected);
    let text = lines(&words("schedule --rev Berlin --diff London").success());
    assert_eq!(
        text,
        [
            "host functions, Berlin -> London",
            "",
            "storageStore 15000 -> 4800 back for a slot that becomes zero EIP-3529",
            "selfDestruct 24000 -> - back, once for an account EIP-3529",
            "getBaseFee new",
            "- -> 2 EIP-3198",
        ]
    );
}

/// Backwards, and between revisions without a difference.
#[test]
fn differences_go_both_ways() {
    let text = lines(&words("schedule --rev London --diff Berlin").success());
    assert_eq!(text[2], "storageStore 4800 -> 15000 back for a slot that becomes zero EIP-3529");
    assert_eq!(text[4], "getBaseFee does not exist");
    let text = words("schedule --rev Osaka --diff Experimental").success();
    assert_eq!(text, "Osaka and Experimental are the same\n");
}
