//! `docs/statuses.md`, row by row. The tables are the test's data: a row that no case here carries out
//! fails, and so does a case without a row.

mod cases;

use std::{collections::BTreeSet, ffi::CString, fs, path::Path};

use hebe_host_ei::StatusCode;
use hebe_vm::OPTIONS;

use crate::common::{Call, RawVm, Slot, counter};

/// The rows of the table under a heading, without the markup of code.
fn table(heading: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/statuses.md");
    let text = fs::read_to_string(path).expect("docs/statuses.md");
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).expect("the heading");
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect())
        .collect()
}

/// Runs a call in a new VM with these options, and gives the status and what the log says.
fn run(options: &[(&str, &str)], call: &Call) -> (String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let log = folder.path().join("log");
    let vm = RawVm::new();
    vm.set("log", log.to_str().expect("UTF-8"));
    for (name, value) in options {
        vm.set(name, value);
    }
    let answer = vm.execute(call);
    let status = StatusCode::from_i32(answer.status).expect("a status of EVMC 12").name();
    (status.to_owned(), fs::read_to_string(log).expect("the log").replace('`', ""))
}

#[test]
fn every_input_has_the_status_of_the_table() {
    let rows = table("Inputs");
    let mut cases = cases::cases();
    for row in &rows {
        let [input, status, log] = &row[..] else { panic!("a row of {} cells: {row:?}", row.len()) };
        let case = cases.remove(input.as_str()).unwrap_or_else(|| panic!("no case for the row {input:?}"));
        for call in &case.calls {
            let (found, logged) = run(case.options, call);
            assert_eq!(&found, status, "{input}: {logged}");
            let line = format!("hebe: {status}: ");
            let fits = if log == "nothing" {
                logged.is_empty()
            } else {
                logged.contains(log) && logged.contains(&line)
            };
            assert!(fits, "{input}: expected {log:?}, found {logged:?}");
        }
    }
    assert!(cases.is_empty(), "cases without a row: {:?}", cases.keys());
    assert!(rows.len() > 60, "{} rows", rows.len());
}

/// What a cell stands for, as C text; `None` is a null pointer.
fn c_text(cell: &str) -> Option<CString> {
    let bytes = match cell {
        "(null)" => return None,
        "(empty)" => Vec::new(),
        "(not UTF-8)" => vec![0xff, 0xfe],
        "(a contract's file)" => {
            let path = crate::common::contracts().join("counter/counter.wasm");
            path.into_os_string().into_string().expect("UTF-8").into_bytes()
        }
        text => text.into(),
    };
    Some(CString::new(bytes).expect("no NUL"))
}

#[test]
fn every_option_answers_as_the_table_says() {
    let mut accepted = BTreeSet::new();
    let mut refused = BTreeSet::new();
    for row in table("Options") {
        let [name, value, answer] = &row[..] else { panic!("a row of {} cells: {row:?}", row.len()) };
        let expected = match answer.as_str() {
            "OK" => 0,
            "INVALID_NAME" => 1,
            "INVALID_VALUE" => 2,
            other => panic!("no answer of EVMC: {other}"),
        };
        let vm = RawVm::new();
        let found = vm.set_option(c_text(name).as_deref(), c_text(value).as_deref());
        assert_eq!(found, expected, "{name}={value}");
        let seen = if expected == 0 { &mut accepted } else { &mut refused };
        seen.insert(if name.starts_with("sys:") { "sys:ADDRESS".to_owned() } else { name.clone() });

        // Whatever was set or refused, the VM goes on.
        let answer = vm.execute(&Slot::default().call(&counter()));
        assert_eq!(answer.status, 0, "{name}={value}");
        // With metering the instructions cost gas, too; how much is for the tests of the meter.
        let is_metered = name == "metering" && value == "inline";
        assert_eq!(answer.gas_left == 1_000_000 - 20_202, !is_metered, "{name}={value}");
    }
    for option in OPTIONS {
        assert!(accepted.contains(option.name), "no row accepts {}", option.name);
        assert!(refused.contains(option.name), "no row refuses {}", option.name);
    }
}
