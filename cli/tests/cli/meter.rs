//! `hebe meter`.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{hebe, hebe_with_input, words};

const COUNTER: &str = "contracts/counter/counter.wasm";

/// What is deployed charges itself: without metering it costs what the contract costs with it, 20571 (counted by hand in
/// `run.rs`). It is a contract.
#[test]
fn the_sentinels_module_charges_itself() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("metered.wasm").display().to_string();
    let answer = hebe(["meter", COUNTER, "-o", &out, "--mode", "sentinel", "--json"]).success();
    let json: Value = serde_json::from_str(&answer).expect("JSON");
    let size = fs::metadata(&out).expect("written").len();
    assert_eq!((&json["metering"], &json["profile"]), (&"sentinel".into(), &"extended".into()));
    assert_eq!(json["unit_particles"], 10_000);
    assert_eq!((&json["bytes"], &json["metered_bytes"]), (&226.into(), &size.into()));
    // 20 gas, 0.4 for each of 226 bytes, a page of 224 and a local of 0.1, in particles.
    assert_eq!(json["start_particles"], 3_345_000);
    assert_eq!(json["schedule"]["name"], "unit");
    assert_eq!(hebe(["check", &out]).code, 0);
    let ran = hebe(["run", &out, "-o", "metering=none"]).success();
    assert!(ran.contains("\ngas           20571 used, 9979429 left of 10000000\n"), "{ran}");
    // So it is with metering=sentinel, which takes code in the state as it is.
    let ran = hebe(["run", &out, "-o", "metering=sentinel"]).success();
    assert!(ran.contains("\ngas           20571 used, 9979429 left of 10000000\n"), "{ran}");
}

/// The text of what runs: a gas global that is exported, and charges of it. The counter has no recursion, so no depth. From its text
/// it has names as well, 320 bytes in all: 200,000 + 320 × 4,000 + 2,240,000 + 1,000 particles.
#[test]
fn text_goes_to_standard_output() {
    let answer = hebe(["meter", "contracts/counter/counter.wat", "--wat"]);
    assert_eq!(answer.code, 0);
    let wasm = wat::parse_str(&answer.stdout).expect("the text is a module");
    assert!(wasm.starts_with(b"\0asm"));
    assert!(answer.stdout.contains(r#"(export "hebe.gas" (global "#), "{}", answer.stdout);
    assert!(!answer.stdout.contains("hebe.depth"), "{}", answer.stdout);
    for label in [
        "metering      inline, profile extended\n",
        "schedule      unit 1 (0x",
        "start         3721000 particles",
    ] {
        assert!(answer.stderr.contains(label), "{}", answer.stderr);
    }
    let endless = r#"(module (memory (export "memory") 1) (func $f (export "main") (call $f)))"#;
    let answer = hebe_with_input(["meter", "-", "--wat"], endless.as_bytes());
    assert!(answer.stdout.contains("hebe.depth"), "{}", answer.stdout);
}

/// A price list of one's own: here a store costs 1000 gas more.
#[test]
fn a_schedule_of_ones_own() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("mine.toml");
    let unit =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../schedules/unit.toml")).expect("there");
    let mine = unit
        .replace("name = \"unit\"", "name = \"mine\"")
        .replace("\nstore = 10000\n", "\nstore = 10010000\n");
    fs::write(&file, mine).expect("written");
    let schedule = file.display().to_string();
    let ran = hebe(["run", COUNTER, "-o", &format!("schedule={schedule}")]).success();
    assert!(ran.contains("\nmetering      inline, schedule mine 1 (0x"), "{ran}");
    // The counter has one, of a byte.
    assert!(ran.contains("\ngas           21571 used, "), "{ran}");
    assert_eq!(hebe(["meter", COUNTER, "--wat", "--schedule", &schedule]).code, 0);
    fs::write(&file, unit.replace("nop = 10000", "nop = many")).expect("written");
    let error = hebe(["meter", COUNTER, "--wat", "--schedule", &schedule]).usage_error();
    assert!(error.contains("mine.toml\": TOML parse error at line 6"), "{error}");
}

#[test]
fn bad_input() {
    let invalid = hebe_with_input(["meter", "-", "--wat"], b"(module)");
    assert_eq!((invalid.code, invalid.stdout.as_str()), (1, ""));
    assert!(invalid.stderr.starts_with("not a contract: no export `main`"), "{}", invalid.stderr);
    for (line, message) in [
        ("meter contracts/counter/counter.wasm", "the following required arguments were not provided"),
        (
            "meter 0x602a60005260206000f3 --wat",
            "CODE is not wasm: it does not begin with \\0asm. EVM bytecode has its own gas",
        ),
        (
            "meter contracts/counter/counter.wasm -o metering=sentinel",
            "-o is the file to write, not an option; --mode, ",
        ),
        (
            "meter contracts/counter/counter.wasm -o ./contracts/counter/counter.wasm",
            "./contracts/counter/counter.wasm is the contract itself; write the metered one elsewhere",
        ),
        ("meter nowhere.wasm --wat", "cannot read nowhere.wasm: No such file or directory"),
        (
            "meter contracts/counter/counter.wasm -o /nowhere/at/all",
            "cannot write /nowhere/at/all: No such file",
        ),
        (
            "meter contracts/counter/counter.wasm --wat --mode sentinel --schedule haswell",
            "option metering: metering=sentinel charges whole gas, and the schedule haswell has a fraction, then = 90",
        ),
        (
            "meter contracts/counter/counter.wasm --wat --profile r5",
            "option profile: \"r5\" is none of its values",
        ),
    ] {
        let error = words(line).usage_error();
        assert!(error.starts_with(&format!("error: {message}")), "hebe {line}\n  {error}");
    }
}

/// A contract that hands its call data to the system contract and ends with the answer, and how the call went behind it.
#[test]
fn the_sentinel_is_called_by_a_contract() {
    let wat = r#"(module
        (import "ethereum" "getCallDataSize" (func $size (result i32)))
        (import "ethereum" "callDataCopy" (func $data (param i32 i32 i32)))
        (import "ethereum" "callStatic" (func $call (param i64 i32 i32 i32) (result i32)))
        (import "ethereum" "getReturnDataSize" (func $answer (result i32)))
        (import "ethereum" "returnDataCopy" (func $copy (param i32 i32 i32)))
        (import "ethereum" "finish" (func $finish (param i32 i32)))
        (memory (export "memory") 1) (data (i32.const 19) "\0a")
        (func (export "main")
            (call $data (i32.const 32) (i32.const 0) (call $size))
            (i32.store8 (i32.const 30) (call $call (i64.const 100000) (i32.const 0) (i32.const 32) (call $size)))
            (call $copy (i32.const 4096) (i32.const 0) (call $answer))
            (i32.store8 (i32.add (i32.const 4096) (call $answer)) (i32.load8_u (i32.const 30)))
            (call $finish (i32.const 4096) (i32.add (call $answer) (i32.const 1)))))"#;
    let ask = |input: &str| {
        let args = ["run", "-", "--input", input, "--json", "-o", "metering=sentinel"];
        let answer = hebe_with_input(args, wat.as_bytes());
        assert_eq!(answer.code, 0, "{answer:?}");
        // This one came another way than through the sentinel.
        assert!(
            answer.stderr.starts_with("note: with metering=sentinel code in the state is run as it is"),
            "{answer:?}"
        );
        let json: Value = serde_json::from_str(&answer.stdout).expect("JSON");
        json["output"].as_str().expect("hex").to_owned()
    };
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("metered.wasm");
    let metered = hebe(["meter", COUNTER, "-o", &out.display().to_string(), "--mode", "sentinel"]);
    assert_eq!(metered.code, 0);
    let counter =
        fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../contracts/counter/counter.wasm")).expect("there");
    let metered = hex::encode(fs::read(&out).expect("written"));
    assert_eq!(ask(&hex::encode(counter)), format!("0x{metered}00"));
    // A revert without a word.
    assert_eq!(ask("0061736d"), "0x02");
}
