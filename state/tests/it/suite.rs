//! State tests in the folder that `HEBE_STATE_TESTS` names, with a VM that fails each frame.

use std::{env, fs, path::PathBuf, sync::Arc};

use hebe_state::{FailingVm, FrameVm, statetest::StateTest};

/// What fails is then exactly what needs a VM that works.
#[test]
fn only_expected_successes_fail_without_a_vm() {
    let Some(folder) = env::var_os("HEBE_STATE_TESTS").map(PathBuf::from) else {
        println!("skipped: HEBE_STATE_TESTS does not name a folder of state tests");
        return;
    };
    let vm: Arc<dyn FrameVm> = Arc::new(FailingVm);
    let mut counts = [0; 3];
    for entry in fs::read_dir(&folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        let text = fs::read_to_string(&path).expect("the file can be read");
        for test in StateTest::parse(&path.to_string_lossy(), &text).expect("the file is a state test") {
            for case in &test.cases {
                let Ok(report) = test.run(case, &vm) else {
                    counts[2] += 1;
                    continue;
                };
                assert_eq!(report.passed(), !report.expects_success, "{}: {:?}", test.name, report.failures);
                counts[usize::from(report.expects_success)] += 1;
            }
        }
    }
    let [passed, needing_a_vm, skipped] = counts;
    println!("{passed} pass with a VM that fails, {needing_a_vm} need one that works, {skipped} skipped");
    assert!(passed > 0, "no state test in {}", folder.display());
}
