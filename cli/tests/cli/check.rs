//! `hebe check`.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Answer, hebe, hebe_with_input, words};

/// A contract with two functions of its own and a table.
const CONTRACT: &str = r#"(module
    (import "ethereum" "useGas" (func $use (param i64)))
    (memory (export "memory") 2)
    (table 3 funcref) (elem (i32.const 0) $twice)
    (data (i32.const 0) "abc")
    (func $twice (param i32) (result i32) (local i64) (i32.add (local.get 0) (local.get 0)))
    (func (export "main")
        (call $use (i64.const 1))
        (drop (call $twice (i32.extend8_s (i32.const 1))))))"#;

fn check(text: &str, args: &[&str]) -> Answer {
    hebe_with_input([&["check", "-"], args].concat(), text.as_bytes())
}

/// The lines of a field, without its label.
fn field(text: &str, label: &str) -> Vec<String> {
    let mut lines = text.lines().skip_while(|line| !line.starts_with(label));
    let first = lines.next().unwrap_or_default().trim_start_matches(label).trim_start().to_owned();
    let more = lines.take_while(|line| line.starts_with(' ')).map(|line| line.trim_start().to_owned());
    [first].into_iter().chain(more).collect()
}

#[test]
fn a_contract() {
    let text = check(CONTRACT, &[]).success();
    let code = wat::parse_str(CONTRACT).expect("wat").len();
    assert_eq!(field(&text, "contract"), ["valid under the profile extended at Byzantium"]);
    assert_eq!(field(&text, "size"), [format!("{code} bytes")]);
    assert_eq!(field(&text, "imports"), ["ethereum.useGas(amount: i64)"]);
    let feature = "sign-extension: 1 place, first at offset ";
    assert!(field(&text, "features")[0].starts_with(feature), "{text}");
    assert!(field(&text, "features")[0].ends_with(", in function 2, `i32.extend8_s`"), "{text}");
    // A frame takes 16, its parameters, locals and operands: 16 + 0 + 0 + 1, and 16 + 1 + 1 + 2.
    let depth = ["at most 37 of 32768 (<1 %)", "17  function 2, main", "20  function 1 \"twice\""];
    assert_eq!(field(&text, "call depth"), depth);
    assert!(!text.contains("reason"), "{text}");
    // The fullest limit first: one table of one.
    assert_eq!(field(&text, "limits")[0], "tables           ##########  100 %  1 of 1 tables");
    assert_eq!(field(&text, "limits").len(), 22);
    let memory = "memory_pages     #.........   <1 %  2 of 256 memory pages";
    assert!(field(&text, "limits").iter().any(|line| line == memory), "{text}");
}

/// `docs/metering.md`: 200,000 particles once, 4,000 for a byte of code, 2,240,000 for a page, 100 for a byte of data, 1,000
/// for an element and for a local; 10,000 particles are a gas.
#[test]
fn what_starting_costs() {
    let code = wat::parse_str(CONTRACT).expect("wat").len();
    let text = check(CONTRACT, &["--schedule", "haswell"]).success();
    let particles = 200_000 + 4_000 * code + 2 * 2_240_000 + 3 * 100 + 1_000 + 1_000;
    let hash = hex::encode(&hebe_vm::schedule::hash(&hebe_host_ei::Prices::HASWELL)[..4]);
    let gas = |particles: usize| {
        let text = format!("{}.{:04}", particles / 10_000, particles % 10_000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    assert_eq!(
        field(&text, "start"),
        [
            format!("{} gas, by the schedule haswell 1 (0x{hash}…)", gas(particles)),
            "20  once".to_owned(),
            format!("{}  {code} × 0.4 for bytes of code", gas(4_000 * code)),
            "448  2 × 224 for pages of memory".to_owned(),
            "0.03  3 × 0.01 for bytes of active data segments".to_owned(),
            "0.1  1 × 0.1 for elements of active element segments".to_owned(),
            "0.1  1 × 0.1 for declared locals".to_owned(),
        ]
    );
}

/// Each reason with its place and what to do, in the order of their places; what is said alike is told together.
#[test]
fn every_reason_at_once() {
    let text = r#"(module
        (import "ethereum" "getGasLef" (func (result i64)))
        (import "env" "abort" (func (param i32 i32 i32 i32)))
        (memory (export "memory") 1)
        (global (export "__heap_base") i32 (i32.const 1024))
        (start $a)
        (func $a (drop (i32.extend8_s (i32.const 0))))
        (func $b (drop (i32.extend8_s (i32.const 0))))
        (func $c (drop (f32.const 0)))
        (func (export "main") (i32.const 0)))"#;
    let answer = check(text, &["--profile", "r4"]);
    assert_eq!((answer.code, answer.stderr.as_str()), (1, ""));
    assert_eq!(field(&answer.stdout, "contract"), ["not valid under the profile r4 at Byzantium: 8 reasons"]);
    let reasons: Vec<_> = answer.stdout.split("\nreason        ").skip(1).collect();
    let expected = [
        (r#"the import "ethereum" "getGasLef" does not exist"#, "", "to do: did you mean `getGasLeft`?"),
        (r#"the import "env" "abort" is from another module than `ethereum`"#, "", "to do: asc --use abort="),
        (r#"the export "__heap_base"; a contract exports"#, "", "to do: the linker's own: LLD without"),
        ("a start section; only `main` may run", "", "to do: move what it does into main. asc makes one"),
        (
            "sign extension operations support is not enabled",
            ", in function 2 \"a\", `i32.extend8_s`",
            "to do: --profile extended takes it; for r4, build for the first release of wasm: clang -mcpu=mvp",
        ),
        (
            "floating-point instruction disallowed",
            ", in function 4 \"c\", `f32.const`",
            "to do: contracts compute with integers",
        ),
        ("type mismatch: values remaining on stack at end of block", ", in function 5, `end`", ""),
    ];
    assert_eq!(reasons.len(), expected.len(), "{}", answer.stdout);
    for (reason, (message, place, to_do)) in reasons.iter().zip(expected) {
        assert!(reason.starts_with(message), "{reason}");
        assert!(
            reason.lines().nth(1).is_some_and(|line| line.contains("at offset 0x") && line.ends_with(place)),
            "{reason}"
        );
        assert!(reason.contains(to_do), "{reason}");
    }
    assert!(reasons[4].contains("in function 3 \"b\", `i32.extend8_s`"), "{}", reasons[4]);
    // There is no contract to start or to run.
    assert!(
        !answer.stdout.contains("\nstart ") && !answer.stdout.contains("\ncall depth"),
        "{}",
        answer.stdout
    );
}

#[test]
fn json_is_one_line_with_everything() {
    let answer = check(CONTRACT, &["--json"]).success();
    assert_eq!(answer.matches('\n').count(), 1);
    let json: Value = serde_json::from_str(&answer).expect("JSON");
    let code = wat::parse_str(CONTRACT).expect("wat").len();
    assert_eq!(json["valid"], true);
    assert_eq!((&json["profile"], &json["revision"]), (&"extended".into(), &"Byzantium".into()));
    assert_eq!(json["size"], code);
    assert_eq!(json["reasons"], json!([]));
    assert_eq!(
        json["depth"],
        json!({
            "recursive": false,
            "frames": [{"function": 2, "takes": 17}, {"function": 1, "name": "twice", "takes": 20}],
            "takes": 37,
            "budget": 32768,
        })
    );
    assert_eq!(
        (&json["start"]["schedule"]["name"], &json["start"]["schedule"]["version"]),
        (&"unit".into(), &1.into())
    );
    assert_eq!(json["start"]["particles"], 200_000 + 4_000 * code + 2 * 2_240_000 + 3 * 100 + 1_000 + 1_000);
    assert_eq!(
        json["limits"][0],
        json!({"name": "module_bytes", "words": "bytes of the module", "used": code, "bound": 1_048_576})
    );
    assert_eq!(json["features"][0]["name"], "sign-extension");
    assert_eq!(json["features"][0]["taken"], true);

    let answer = check("(module)", &["--json"]);
    assert_eq!(answer.code, 1);
    let json: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    assert_eq!(json["valid"], false);
    // An empty module is its header of 8 bytes.
    assert_eq!(
        json["reasons"][0]["message"],
        "no export `main`; a contract exports a function `main` without parameters and results"
    );
    assert_eq!(json["reasons"][0]["place"], json!({"offset": 8}));
    assert_eq!(json["reasons"].as_array().map(Vec::len), Some(2));
    assert_eq!(json.get("start"), None);
}

#[test]
fn recursion_is_bounded_by_the_budget_alone() {
    let text = r#"(module (memory (export "memory") 1)
        (func $even (call $odd)) (func $odd (call $even)) (func (export "main") (call $even)))"#;
    let answer = check(text, &[]).success();
    let depth = [
        "recursive: each round of these calls takes 32 of 32768, which alone bounds it",
        "16  function 0 \"even\"",
        "16  function 1 \"odd\"",
    ];
    assert_eq!(field(&answer, "call depth"), depth);
}

/// 4096 functions that call the next one: 65,536 of 32,768. Of a long chain both ends are shown.
#[test]
fn a_chain_that_does_not_fit() {
    let functions: String = (1..4095).map(|i| format!("(func $f{i} (call $f{}))", i + 1)).collect();
    let text = format!(
        r#"(module (memory (export "memory") 1) (func (export "main") (call $f1)) {functions} (func $f4095))"#
    );
    let answer = check(&text, &[]).success();
    let depth = field(&answer, "call depth");
    assert_eq!(
        depth[0],
        "at most 65536 of 32768 (200 %): this chain does not fit, it ends with STACK_OVERFLOW"
    );
    assert_eq!(depth.len(), 1 + 8 + 1 + 8);
    assert_eq!((depth[1].as_str(), depth[9].as_str()), ("16  function 0, main", "… 4080 more frames …"));
    assert_eq!(depth[17], "16  function 4095 \"f4095\"");
}

/// `debug` is an import when it is allowed.
#[test]
fn debugging() {
    let text = r#"(module (import "debug" "print32" (func (param i32)))
        (memory (export "memory") 1) (func (export "main")))"#;
    assert!(check(text, &["--debug"]).success().contains("debug.print32(value: i32)"));
    let answer = check(text, &[]);
    assert_eq!(answer.code, 1);
    assert!(answer.stdout.contains("to do: --debug allows it here"), "{}", answer.stdout);
}

/// Every contract of this repository is one under both profiles.
#[test]
fn the_contracts_here() {
    for name in ["counter/counter", "factory/factory", "keccak256/keccak256", "sha256/sha256", "token/token"]
    {
        for profile in ["r4", "extended"] {
            let text = words(&format!("check contracts/{name}.wasm --profile {profile}")).success();
            assert!(
                text.starts_with(&format!("contract      valid under the profile {profile} at Byzantium\n")),
                "{text}"
            );
        }
    }
}

/// Input that is no wasm, and arguments that are none.
#[test]
fn bad_input() {
    for (line, message) in [
        ("check", "the following required arguments were not provided"),
        ("check nowhere.wasm", "cannot read nowhere.wasm: No such file or directory"),
        ("check contracts", "cannot read contracts: Is a directory"),
        ("check Cargo.toml", "Cargo.toml is neither wasm"),
        ("check 0x6001", "CODE is not wasm: it does not begin with \\0asm. EVM bytecode has its own gas"),
        ("check /dev/null", "/dev/null is empty"),
        ("check /dev/zero", "cannot read /dev/zero: it has more than 64 MiB"),
        ("check x.wasm --profile r5", "invalid value 'r5' for '--profile <NAME>'"),
        (
            "check contracts/counter/counter.wasm --schedule dear",
            "option schedule: \"dear\" is neither unit nor haswell nor a file",
        ),
    ] {
        let error = words(line).usage_error();
        assert!(error.starts_with(&format!("error: {message}")), "hebe {line}\n  {error}");
    }
    for garbage in [&b"\xff\xfe\x00garbage"[..], &[0; 1 << 16]] {
        assert_eq!(hebe_with_input(["check", "-"], garbage).code, 2);
    }
}

/// A module cut anywhere is told to be none, in a sentence.
#[test]
fn truncated_modules() {
    let code = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../contracts/counter/counter.wasm"))
        .expect("a contract");
    for length in (4..code.len()).step_by(7) {
        let answer = hebe_with_input(["check", "-"], &code[..length]);
        assert_eq!((answer.code, answer.stderr.as_str()), (1, ""), "{length}: {answer:?}");
        assert!(answer.stdout.starts_with("contract      not valid"), "{answer:?}");
    }
}

/// As large as is read at all: 64 MiB that begin like a module.
#[test]
fn a_huge_file() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("huge.wasm");
    let mut code = b"\0asm\x01\0\0\0".to_vec();
    code.resize(64 << 20, 0);
    fs::write(&path, code).expect("written");
    let answer = hebe(["check".as_ref(), path.as_os_str()]);
    assert_eq!((answer.code, answer.stderr.as_str()), (1, ""));
    let message = "67108864 bytes of the module; the limit module_bytes is 1048576";
    assert_eq!(field(&answer.stdout, "reason")[0], message);
}

/// Names are the module's, and could otherwise colour or clear the terminal.
#[test]
fn names_cannot_command_the_terminal() {
    let text = r#"(module (import "\1b[2J" "\1b[31m" (func)) (memory (export "memory") 1)
        (func (export "\1b[0m")) (func $"\1b[5m" (i32.add)) (func (export "main")))"#;
    let answer = check(text, &[]);
    assert_eq!(answer.code, 1);
    assert!(!answer.stdout.contains('\u{1b}'), "{answer:?}");
    for name in [
        r#""\u{1b}[2J" "\u{1b}[31m""#,
        r#"the export "\u{1b}[0m""#,
        r#"in function 2 "\u{1b}[5m", `i32.add`"#,
    ] {
        assert!(answer.stdout.contains(name), "{name}\n{}", answer.stdout);
    }
}

#[test]
fn help_teaches() {
    let help = words("check --help").success();
    assert!(help.contains("\nExamples:\n  hebe check contracts/token/token.wasm\n"), "{help}");
    assert!(help.contains("Exit code: 0 a contract, 1 not a contract, 2 bad"), "{help}");
}
