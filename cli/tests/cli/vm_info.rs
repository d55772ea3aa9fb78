//! `hebe vm-info`.

use tempfile::TempDir;

use crate::support::{hebe, library, other_vm, words};

#[test]
fn the_vm_linked_in() {
    let answer = words("vm-info").success();
    let expected = format!(
        "\
name          hebe
version       {version}
interface     EVMC ABI 12
capabilities  EWASM: runs ewasm contracts
fingerprint   {fingerprint}
options
",
        version = hebe_vm::VERSION,
        fingerprint = hebe_vm::fingerprint(),
    );
    let options = hebe_vm::OPTIONS.iter().map(|option| {
        let default =
            if option.default.is_empty() { String::new() } else { format!(" (default {})", option.default) };
        format!("  {} = {}{default}\n      {}\n", option.name, option.values, option.about)
    });
    assert_eq!(answer, expected + &options.collect::<String>());
}

#[test]
fn the_vm_linked_in_in_json() {
    let answer = words("vm-info --json").success();
    let start = format!(
        r#"{{"name":"hebe","version":"{}","abi":12,"capabilities":["EWASM"],"fingerprint":"{}","probed":false,"options":["#,
        hebe_vm::VERSION,
        hebe_vm::fingerprint(),
    );
    assert!(answer.starts_with(&start), "{answer}");
    let json: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    let described: serde_json::Value = serde_json::from_str(&hebe_vm::describe_json()).expect("JSON");
    assert_eq!(json["options"], described["options"]);
}

#[test]
fn a_library_says_the_same() {
    let path = library().display().to_string();
    let linked_in = words("vm-info").success();
    let answer = hebe(["vm-info", &format!("{path},profile=r4")]).success();
    assert_eq!(answer, linked_in.replace("\ninterface", &format!("\nlibrary       {path}\ninterface")));
}

#[test]
fn options_of_another_vm_are_found_by_trying() {
    let folder = TempDir::new().expect("a folder");
    let path = other_vm(folder.path(), &[]).display().to_string();
    let expected = format!(
        "\
name          other
version       1.2.3
library       {path}
interface     EVMC ABI 12
capabilities  EVM1: runs EVM bytecode
options       found by trying well-known names; there may be others
  O
  trace
"
    );
    assert_eq!(hebe(["vm-info", &path]).success(), expected);
    let expected = format!(
        r#"{{"name":"other","version":"1.2.3","path":"{path}","abi":12,"capabilities":["EVM1"],"probed":true,"options":[{{"name":"O"}},{{"name":"trace"}}]}}"#
    );
    assert_eq!(hebe(["vm-info", &path, "--json"]).success(), expected + "\n");
}

#[test]
fn what_is_no_vm() {
    let error = hebe(["vm-info", "./nothing.so"]).usage_error();
    assert!(error.starts_with("error: there is no file ./nothing.so"), "{error}");
    let error = hebe(["vm-info", "contracts/counter/counter.wasm"]).usage_error();
    assert!(
        error.starts_with("error: cannot open contracts/counter/counter.wasm as a shared library: "),
        "{error}"
    );
    let folder = TempDir::new().expect("a folder");
    let old = other_vm(folder.path(), &["-DABI=9"]).display().to_string();
    let error = hebe(["vm-info", &old]).usage_error();
    assert!(error.contains("speaks EVMC ABI 9, this program speaks ABI 12: use a newer release"), "{error}");
    let spec = format!("{},speed=high", library().display());
    let error = hebe(["vm-info", &spec]).usage_error();
    assert!(error.contains(": there is no option \"speed\"; options are engine, "), "{error}");
}

/// As in `hebe run`: an option is set, or refused with its reason. No folder comes of it.
#[test]
fn options_are_tried() {
    let folder = TempDir::new().expect("a folder");
    let dir = folder.path().join("one,two").display().to_string();
    let plain = words("vm-info").success();
    assert_eq!(
        hebe(["vm-info", "-o", &format!("cache-dir={dir}"), "--option", "engine=wasmi"]).success(),
        plain
    );
    let error = words("vm-info -o profile=r5").usage_error();
    assert!(error.starts_with("error: option profile: \"r5\" is none of its values; it takes r4"), "{error}");
    let path = library().display().to_string();
    let error = hebe(["vm-info", &path, "-o", "profile=r4"]).usage_error();
    assert!(error.contains("behind its path: hebe vm-info PATH,NAME=VALUE"), "{error}");
    // A comma is written twice.
    hebe(["vm-info", &format!("{path},cache-dir={}", dir.replace(',', ",,"))]).success();
    assert_eq!(std::fs::read_dir(folder.path()).expect("there").count(), 0);
    let error = hebe(["vm-info", &format!("{path},cache-dir={dir}")]).usage_error();
    assert!(error.contains("there is no option \"two\"; options are "), "{error}");
    let error = hebe(["vm-info", &format!("{path},cache-dir=/dev/null/x")]).usage_error();
    let reason = ": option cache-dir: cannot open the cache folder /dev/null/x: Not a directory";
    assert!(error.contains(reason), "{error}");
    for command in ["run", "vm-info", "statetest"] {
        let help: String =
            hebe([command, "--help"]).success().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(help.to_lowercase().contains("a comma in its path or in a value is written twice"), "{help}");
    }
}
