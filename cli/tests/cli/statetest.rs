//! `hebe statetest`, with a test whose state after the transaction is counted by hand.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use alloy_trie::{
    TrieAccount,
    root::{state_root_unhashed, storage_root_unhashed},
};
use serde_json::{Value, json};
use sha3::{Digest, Keccak256};
use tempfile::TempDir;

use crate::support::{Answer, command, hebe, library, word};

const SENDER: &str = "0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b";
const COUNTER: &str = "0x000000000000000000000000000000000000c0de";
const COINBASE: &str = "0x00000000000000000000000000000000000000cb";
const ETHER: u128 = 10u128.pow(18);
/// Of every transaction 21000, and the counter's 20202.
const GAS: u128 = 41_202;
/// Keccak-256 of the empty RLP list.
const NO_LOGS: &str = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";

fn code() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts/counter/counter.wasm"))
        .expect("the counter")
}

fn account(nonce: u64, balance: u128, slots: &[(u64, u64)], code: &[u8]) -> TrieAccount {
    let word = |number: u64| {
        let mut word = [0; 32];
        word[24..].copy_from_slice(&number.to_be_bytes());
        word
    };
    let slots =
        slots.iter().map(|(key, value)| (word(*key).into(), value.to_string().parse().expect("a number")));
    let balance = balance.to_string().parse().expect("a number");
    let code_hash: [u8; 32] = Keccak256::digest(code).into();
    TrieAccount::new(nonce, balance, storage_root_unhashed(slots), code_hash.into())
}

fn address(text: &str) -> [u8; 20] {
    hex::decode(&text[2..]).expect("hex").try_into().expect("20 bytes")
}

/// The root after the counter was called once.
fn root() -> String {
    let accounts = [
        (SENDER, account(1, ETHER - GAS, &[], &[])),
        (COUNTER, account(0, 0, &[(0, 1)], &code())),
        (COINBASE, account(0, GAS, &[], &[])),
    ];
    state_root_unhashed(accounts.map(|(at, account)| (address(at).into(), account))).to_string()
}

/// The state after it as the file says it.
fn state(counter: u64) -> Value {
    let account = |nonce: u64, balance: u128, storage: Value, code: &[u8]| {
        json!({
            "nonce": format!("{nonce:#x}"),
            "balance": format!("{balance:#x}"),
            "storage": storage,
            "code": format!("0x{}", hex::encode(code)),
        })
    };
    json!({
        SENDER: account(1, ETHER - GAS, json!({}), &[]),
        COUNTER: account(0, 0, json!({ "0x00": format!("{counter:#x}") }), &code()),
        COINBASE: account(0, GAS, json!({}), &[]),
    })
}

/// A test that calls the counter, with this as its `post`.
fn test(post: &Value) -> Value {
    let account = |balance: &str, code: String| json!({ "nonce": "0x00", "balance": balance, "storage": {}, "code": code });
    json!({
        "env": {
            "currentCoinbase": COINBASE,
            "currentDifficulty": "0x20000",
            "currentGasLimit": "0x1000000",
            "currentNumber": "0x01",
            "currentTimestamp": "0x03e8",
        },
        "pre": {
            SENDER: account("0x0de0b6b3a7640000", "0x".to_owned()),
            COUNTER: account("0x00", format!("0x{}", hex::encode(code()))),
        },
        "transaction": {
            "data": ["0x"],
            "gasLimit": ["0x0186a0"],
            "gasPrice": "0x01",
            "nonce": "0x00",
            "secretKey": "0x45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8",
            "to": COUNTER,
            "value": ["0x00"],
        },
        "post": post,
    })
}

fn post(root: &str) -> Value {
    json!({ "hash": root, "logs": NO_LOGS, "indexes": { "data": 0, "gas": 0, "value": 0 } })
}

/// A root that no state has.
fn wrong_root() -> String {
    word(0xbad)
}

/// A folder with a test that passes, one that fails, and one of forks that nobody runs, in this order.
struct Suite(TempDir);

impl Suite {
    fn new() -> Self {
        let suite = Self(TempDir::new().expect("a folder"));
        suite.add("a.json", &json!({ "counts": test(&json!({ "Byzantium": [post(&root())] })) }));
        fs::create_dir(suite.0.path().join("below")).expect("a folder");
        let mut wrong = post(&wrong_root());
        wrong["state"] = state(2);
        suite.add("below/b.json", &json!({ "miscounts": test(&json!({ "Byzantium": [wrong] })) }));
        let skipped = test(&json!({ "Serenity": [post(&root()), post(&root())] }));
        suite.add("c.json", &json!({ "is from tomorrow": skipped }));
        suite.add(".hidden.json", &json!("not looked at"));
        suite
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn add(&self, name: &str, content: &Value) {
        fs::write(self.path(name), content.to_string()).expect("a file");
    }

    fn run(&self, name: &str, args: &[&str]) -> Answer {
        let path = self.path(name).into_os_string();
        let args = args.iter().map(Into::into);
        hebe([Into::into("statetest"), path].into_iter().chain(args))
    }
}

#[test]
fn a_test_that_passes() {
    let suite = Suite::new();
    let expected = "\
ok: 1 passed, 0 failed, 0 skipped
expecting success: 1, of these 1 passed, 0 failed
";
    assert_eq!(suite.run("a.json", &[]).success(), expected);
    let spec = format!("{},metering=none,profile=r4", library().display());
    assert_eq!(suite.run("a.json", &["--vm", &spec]).success(), expected);
}

#[test]
fn a_wrong_root_is_explained() {
    let suite = Suite::new();
    let answer = suite.run("below/b.json", &[]);
    let expected = format!(
        "\
FAIL miscounts (Byzantium, data 0, gas 0, value 0) in {file}
  state root {came}, expected {expected}
  status SUCCESS
  gas used 41202
  the case expects success
  first difference, expected -> came: {COUNTER} storage {zero}: {two} -> {one}
FAILED: 0 passed, 1 failed, 0 skipped
expecting success: 1, of these 0 passed, 1 failed
",
        file = suite.path("below/b.json").display(),
        came = root(),
        expected = wrong_root(),
        zero = word(0),
        two = word(2),
        one = word(1),
    );
    assert_eq!((answer.code, answer.stdout, answer.stderr), (1, expected, String::new()));
}

/// The line of a case, between its name and what differs.
fn line(file: &Path, test: &str, fork: &str, result: &str, rest: &str) -> String {
    let file = file.display();
    format!(
        r#"{{"file":"{file}","test":"{test}","fork":"{fork}","data":0,"gas":0,"value":0,"result":"{result}",{rest}}}"#
    ) + "\n"
}

fn expected(root: &str) -> String {
    format!(r#""expected_root":"{root}","expected_logs_hash":"{NO_LOGS}","#)
}

#[test]
fn a_folder_in_json() {
    let suite = Suite::new();
    let came = format!(
        r#""expects_success":true,"status":"SUCCESS","gas_used":{GAS},"root":"{}","logs_hash":"{NO_LOGS}","#,
        root()
    );
    let passed = came.clone() + &expected(&root()) + r#""failures":[]"#;
    let root_differs = format!(r#""failures":["state root {}, expected {}"],"#, root(), wrong_root());
    let change = format!("storage {}: {} -> {}", word(0), word(2), word(1));
    let difference = format!(r#""first_difference":{{"address":"{COUNTER}","change":"{change}"}}"#);
    let failed = came + &expected(&wrong_root()) + &root_differs + &difference;
    let unknown = r#"the fork \"Serenity\" is not known here"#;
    let skipped = expected(&root()) + &format!(r#""failures":["{unknown}"]"#);
    let skip = line(&suite.path("c.json"), "is from tomorrow", "Serenity", "skip", &skipped);
    let top = suite.0.path().file_name().expect("a name").to_string_lossy().into_owned();
    let one_passed = r#"{"cases":1,"passed":1,"failed":0}"#;
    let summary = [
        r#"{"summary":{"cases":4,"passed":1,"failed":1,"skipped":2,"#,
        r#""expecting_success":{"cases":2,"passed":1,"failed":1},"#,
        &format!(
            r#""areas":{{"{top}":{{"Byzantium":{one_passed},"Serenity":{{"cases":2,"passed":0,"failed":0}}}},"#
        ),
        r#""below":{"Byzantium":{"cases":1,"passed":0,"failed":1}}},"#,
        &format!(r#""skip_reasons":{{"{unknown}":2}},"unreadable":0}}}}"#),
    ];
    let lines = [
        line(&suite.path("a.json"), "counts", "Byzantium", "pass", &passed),
        line(&suite.path("below/b.json"), "miscounts", "Byzantium", "fail", &failed),
        skip.clone(),
        skip,
        summary.concat() + "\n",
    ];
    for jobs in ["1", "3"] {
        let answer = suite.run("", &["--json", "--jobs", jobs]);
        assert_eq!((answer.code, answer.stdout, answer.stderr), (1, lines.concat(), String::new()));
    }
}

/// A slot from 0 to 1 and back. Source: EIP-1283, whose refund for this is 19800: 21000 of the transaction, four times 3, 20000 and
/// 200, less the refund.
#[test]
fn constantinople_runs_where_the_vm_runs_evm_code() {
    const USED: u128 = 21_000 + 4 * 3 + 20_000 + 200 - 19_800;
    let code = hex::decode("60016000556000600055").expect("hex");
    let accounts = [
        (SENDER, account(1, ETHER - USED, &[], &[])),
        (COUNTER, account(0, 0, &[], &code)),
        (COINBASE, account(0, USED, &[], &[])),
    ];
    let root = state_root_unhashed(accounts.map(|(at, account)| (address(at).into(), account))).to_string();
    let mut there_and_back = test(&json!({ "Constantinople": [post(&root)] }));
    there_and_back["pre"][COUNTER]["code"] = json!(format!("0x{}", hex::encode(&code)));
    let suite = Suite::new();
    suite.add("a.json", &json!({ "there and back": there_and_back }));
    let native = suite.run("a.json", &["-o", "evm1mode=native"]).success();
    assert!(native.starts_with("ok: 1 passed, 0 failed, 0 skipped\n"), "{native}");
    let revm = suite.run("a.json", &[]);
    assert_eq!(revm.code, 1);
    assert!(revm.stdout.contains("skipped 1: Constantinople's storage gas"), "{}", revm.stdout);
}

#[test]
fn a_filter_chooses() {
    let suite = Suite::new();
    assert!(
        suite.run("", &["--filter", "a.json"]).success().starts_with("ok: 1 passed, 0 failed, 0 skipped\n")
    );
    assert_eq!(suite.run("", &["--filter", "miscounts"]).code, 1);
    let nothing = suite.run("", &["--filter", "Counts"]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (1, "no case ran: 0 passed, 0 failed, 0 skipped\n"));
    assert!(nothing.stderr.starts_with("hint: --filter leaves no case"), "{}", nothing.stderr);
}

#[test]
fn nothing_but_skips_is_no_success() {
    let answer = Suite::new().run("c.json", &[]);
    let expected = "\
no case ran: 0 passed, 0 failed, 2 skipped
skipped 2: the fork \"Serenity\" is not known here
";
    assert_eq!((answer.code, answer.stdout.as_str()), (1, expected));
}

#[test]
fn files_that_are_none_are_named_and_the_others_run() {
    let suite = Suite::new();
    fs::remove_file(suite.path("below/b.json")).expect("it is there");
    fs::write(suite.path("d.json"), "{\n  \"x\": nonsense }").expect("a file");
    suite.add("e.json", &json!({ "x": { "env": {} } }));
    fs::write(suite.path("f.json"), b"\xff").expect("a file");
    let answer = suite.run("", &[]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.stdout.starts_with("FAILED: 1 passed, 0 failed, 2 skipped, 3 files unreadable\n"),
        "{}",
        answer.stdout
    );
    let errors: Vec<&str> = answer.stderr.lines().collect();
    let start = |file: &str| suite.path(file).display().to_string();
    assert!(errors[0].starts_with(&format!("error: {}:2:9: ", start("d.json"))), "{errors:?}");
    assert!(errors[1].starts_with(&format!("error: {}:1:", start("e.json"))), "{errors:?}");
    assert!(errors[2].starts_with(&format!("error: cannot read {}: ", start("f.json"))), "{errors:?}");
    assert_eq!(errors.len(), 3, "{errors:?}");
}

/// With nothing to run, the reason is all that is said.
#[test]
fn a_file_that_is_none() {
    let suite = Suite::new();
    fs::write(suite.path("d.json"), "[]").expect("a file");
    let error = suite.run("d.json", &[]).usage_error();
    assert!(error.starts_with(&format!("error: {}:1:0: ", suite.path("d.json").display())), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

/// Other options than the defaults of this command.
#[test]
fn options_of_the_vm_linked_in() {
    let suite = Suite::new();
    assert!(suite.run("a.json", &["-o", "profile=extended"]).success().starts_with("ok: 1 passed"));
    let traced = suite.run("a.json", &["-o", "trace=stderr"]);
    assert_eq!((traced.code, traced.stderr.lines().count()), (0, 4), "{}", traced.stderr);
}

/// As a program that SIGPIPE ended.
#[test]
fn a_broken_pipe_ends_the_run() {
    let suite = Suite::new();
    let mut command = command();
    command.arg("statetest").arg(suite.path("a.json")).arg("--json");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("hebe starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("hebe ends");
    assert_eq!((output.status.code(), output.stderr), (Some(141), Vec::new()));
}
