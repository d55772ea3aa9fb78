//! The filled state tests of the ewasm project (`stEWASMTests`), by state root and logs hash.
//!
//! They are not part of this project. They are looked for in the folder that `EWASM_STATE_TESTS` names, else
//! beside the project in `shared/corpora/ewasm-state-tests`; if they are in neither, this test says so and
//! passes.

use std::{fs, path::PathBuf, sync::Arc};

use hebe_state::{FailingVm, FrameVm, statetest::StateTest};

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
    let failing: Arc<dyn FrameVm> = Arc::new(FailingVm);
    for (name, vm) in vms(&[("metering", "none"), ("profile", "r4")]) {
        let (mut cases, mut successes) = (0, 0);
        for test in &tests {
            for case in &test.cases {
                let report = test.run(case, &vm).expect("the fork is known");
                assert!(report.passed(), "{name}: {}: {:?}", test.name, report.failures);
                let without_vm = test.run(case, &failing).expect("the fork is known");
                assert_eq!(
                    without_vm.passed(),
                    !report.expects_success,
                    "{}: {:?}",
                    test.name,
                    without_vm.failures
                );
                cases += 1;
                successes += u32::from(report.expects_success);
            }
        }
        println!("{name}: {cases} cases, {successes} of them expect success");
        // What is handed out of the suite: 147 cases, of which a VM that fails every call passes 87. A folder that
        // EWASM_STATE_TESTS names may hold others, but not none.
        let handed_out = std::env::var_os("EWASM_STATE_TESTS").is_none();
        assert!(
            if handed_out { (cases, successes) == (147, 60) } else { successes > 0 },
            "{name}: {cases}, {successes}"
        );
    }
}
