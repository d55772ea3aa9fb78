//! `hebe run --vm`.

use std::fs;

use tempfile::TempDir;

use crate::support::{hebe, library, other_vm, words};

/// The same answer but for how instructions are metered, which a library does not say.
#[test]
fn a_library_gives_the_same() {
    let parsed = |answer: &str| {
        let mut answer: serde_json::Value = serde_json::from_str(answer).expect("JSON");
        let answer = answer.as_object_mut().expect("an object");
        (answer.remove("metering"), answer.remove("schedule"), answer.clone())
    };
    let (metering, schedule, linked_in) =
        parsed(&words("run contracts/token/token-init.wasm --create --json").success());
    let spec = format!("{},profile=r4", library().display());
    let args = ["run", "contracts/token/token-init.wasm", "--create", "--json", "--vm", &spec];
    assert_eq!(parsed(&hebe(args).success()), (None, None, linked_in));
    assert_eq!(metering, Some("inline".into()));
    let schedule = schedule.expect("a schedule");
    assert_eq!((&schedule["name"], &schedule["version"]), (&"unit".into(), &1.into()));
}

#[test]
fn another_vm_runs_what_it_can() {
    let folder = TempDir::new().expect("a folder");
    let spec = format!("{},trace,O=2", other_vm(folder.path(), &[]).display());
    let answer = hebe(["run", "0x00", "--vm", &spec, "--gas", "10"]).success();
    let expected = "\
status        success (SUCCESS)
vm            other 1.2.3, at Byzantium
gas           7 used, 3 left of 10
output        0x2a
              = \"*\"
";
    assert_eq!(answer, expected);
    let error = hebe(["run", "contracts/counter/counter.wasm", "--vm", &spec]).usage_error();
    assert!(error.starts_with("error: other 1.2.3 does not run wasm: "), "{error}");
    let spec = spec.replace("O=2", "O=3");
    let error = hebe(["run", "0x00", "--vm", &spec]).usage_error();
    assert!(error.contains("option \"O\" with value \"3\": the VM does not accept this value"), "{error}");
}

#[test]
fn a_fault_of_this_node_is_no_failure_of_the_contract() {
    let folder = TempDir::new().expect("a folder");
    let library = other_vm(folder.path(), &[]).display().to_string();
    let error = "error: this node failed, not the contract: the engine failed: the VM answered status -1\n";
    let answer = hebe(["run", "0xfe", "--vm", &library]);
    assert_eq!((answer.code, answer.stdout.as_str(), answer.stderr.as_str()), (3, "", error));
    let answer = hebe(["run", "0xfe", "--vm", &library, "--json"]);
    let expected = concat!(
        r#"{"status":"INTERNAL_ERROR","status_code":-1,"words":"internal error of this node","#,
        r#""reason":"the engine failed: the VM answered status -1","#,
        r#""vm":"other 1.2.3","revision":"Byzantium","gas":10000000}"#,
        "\n"
    );
    assert_eq!((answer.code, answer.stdout.as_str(), answer.stderr.as_str()), (3, expected, error));
}

/// A library answers a status: what it means is said, and no log is promised that says nothing.
#[test]
fn a_library_gives_no_reasons() {
    let library = library().display().to_string();
    let folder = TempDir::new().expect("a folder");
    let contract = |name: &str, main: &str| {
        let file = folder.path().join(name);
        let text = format!(r#"(module (memory (export "memory") 1) (func (export "main") {main}))"#);
        fs::write(&file, text).expect("written");
        file.display().to_string()
    };
    let trap = contract("trap.wat", "(drop (i32.div_u (i32.const 1) (i32.const 0)))");
    let unknown = "a library answers the status alone; without --vm, the VM linked in may say more";
    let refused = "a library answers the status alone; if it is a Hebe that refused the code, its log says why \
                   (log=stderr behind its path)";
    let float = contract("float.wat", "(drop (f32.const 1))");
    for (code, options, status, reason) in [
        (trap.as_str(), "", "WASM_TRAP", unknown),
        ("contracts/counter/counter.wasm", "--gas 400", "OUT_OF_GAS", unknown),
        ("contracts/counter/counter.wasm", "--static", "STATIC_MODE_VIOLATION", unknown),
        ("contracts/counter/counter-init.wasm", "--create --gas 45000", "OUT_OF_GAS", unknown),
        (float.as_str(), "", "CONTRACT_VALIDATION_FAILURE", refused),
    ] {
        let args = ["run", code, "--vm", &library, "--json"].into_iter().chain(options.split_whitespace());
        let answer = hebe(args);
        assert_eq!((answer.code, answer.stderr.as_str()), (1, ""), "{answer:?}");
        let answer: serde_json::Value = serde_json::from_str(&answer.stdout).expect("JSON");
        assert_eq!((&answer["status"], &answer["reason"]), (&status.into(), &reason.into()), "{answer}");
    }
    // What the hint promises: the VM linked in says more, and the log has what was refused.
    let answer = hebe(["run", &trap]);
    assert!(answer.stdout.contains("\nreason        ") && !answer.stdout.contains(unknown), "{answer:?}");
    let answer = hebe(["run", &float, "--vm", &format!("{library},log=stderr")]);
    assert!(answer.stderr.starts_with("hebe: CONTRACT_VALIDATION_FAILURE: "), "{answer:?}");
    let answer = hebe(["run", &trap, "--vm", &format!("{library},log=stderr")]);
    assert_eq!((answer.code, answer.stderr.as_str()), (1, ""));
}

/// How a library meters cannot be asked, and the help says so.
#[test]
fn what_is_known_of_a_library_is_documented() {
    let help = words("run --help").success();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("metering and schedule are there when the VM linked in runs wasm"), "{help}");
}

/// The folder of compiled code has a comma in its name, which is written twice.
#[test]
#[cfg(feature = "wasmtime")]
fn a_comma_in_an_option() {
    let folder = TempDir::new().expect("a folder");
    let dir = folder.path().join("one,two");
    let twice = dir.display().to_string().replace(',', ",,");
    let spec = format!("{},cache-dir={twice},engine=winch", library().display());
    hebe(["run", "contracts/counter/counter.wasm", "--vm", &spec]).success();
    let contents =
        hebe_artifacts::Artifacts::open_existing(&dir).expect("a cache").contents().expect("readable");
    assert_eq!((contents.entries.len(), contents.others), (1, 0));
    assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 1);
}
