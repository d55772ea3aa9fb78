//! The filled state tests of the ewasm project (`stEWASMTests`), by state root and logs hash.
//!
//! They are not part of this project. They are looked for in the folder that `EWASM_STATE_TESTS` names, else
//! beside the project in `shared/corpora/ewasm-state-tests`; if they are in neither, this test says so and
//! passes.

use std::{fs, path::PathBuf};

use hebe_state::statetest::StateTest;

use crate::support::{project, skipped, vms};

fn folder() -> Option<PathBuf> {
    let beside = || project().parent().map(|parent| parent.join("shared/corpora/ewasm-state-tests"));
    std::env::var_os("EWASM_STATE_TESTS").map(PathBuf::from).or_else(beside).filter(|path| path.is_dir())
}

fn read(folder: &PathBuf) -> Vec<StateTest> {
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    files.sort();
    let parse = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("text");
        StateTest::parse(&path.display().to_string(), &text).expect("a state test")
    };
    files.into_iter().flat_map(parse).collect()
}

#[test]
fn ewasm_state_tests_pass_by_root_and_logs() {
    let Some(folder) = folder() else {
        skipped("the ewasm state tests are not here (EWASM_STATE_TESTS names another folder)");
        return;
    };
    let tests = read(&folder);
    for (name, vm) in vms(&[("metering", "none"), ("profile", "r4")]) {
        let (mut cases, mut successes) = (0, 0);
        for test in &tests {
            for case in &test.cases {
                let report = test.run(case, &vm).expect("the fork is known");
                assert!(report.passed(), "{name}: {}: {:?}", test.name, report.failures);
                cases += 1;
                successes += u32::from(report.expects_success);
            }
        }
        println!("{name}: {cases} cases, {successes} of them expect success");
        // Of the whole suite's cases most also pass in a VM that fails every call. Those that do not must be there.
        assert!(successes * 3 > cases, "{name}: only {successes} of {cases} cases expect success");
    }
}
