//! EVM bytecode through the VM (`evm1mode=native`), beside revm running it itself.

mod mixed;
mod program;
mod world;

use std::{collections::BTreeMap, sync::Arc};

use hebe_host_ei::Revision;
use hebe_state::FrameVm;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, TestRunner},
};

use crate::support::native;
use world::{Nothing, scenes};

/// Scenes for each revision, unless the environment names another number.
const SCENES: u32 = 150;

/// The same status, gas, refund, output, logs, new address and state, in every revision that revm has, with the VM linked in and
/// behind the C interface. (revm has no Constantinople: `evm/tests` has EIP-1283's own table.)
#[test]
fn native_does_what_revm_does() {
    let scenes_each = std::env::var("EVM_SCENES").ok().and_then(|n| n.parse().ok()).unwrap_or(SCENES);
    let revm: Arc<dyn FrameVm> = Arc::new(Nothing);
    let vms = native();
    let mut ends = BTreeMap::<_, usize>::new();
    for revision in Revision::ALL.iter().copied().filter(|r| *r != Revision::Constantinople) {
        let config = Config { cases: scenes_each, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, seed(revision));
        let mut count = |end: &'static str| *ends.entry(end).or_default() += 1;
        let counted = std::cell::RefCell::new(&mut count);
        let result = runner.run(&scenes(revision), |scene| {
            let expected = scene.run(&revm);
            // Too little gas for the transaction itself is an end, too.
            let end = expected.0.as_ref().map_or("invalid", |receipt| receipt.outcome.status.name());
            (counted.borrow_mut())(end);
            for (name, vm) in &vms {
                let found = scene.run(vm);
                proptest::prop_assert_eq!(&found.0, &expected.0, "{} at {}", name, revision);
                proptest::prop_assert!(
                    found.1 == expected.1,
                    "{name} at {revision}: {:?}",
                    expected.1.diff(&found.1)
                );
                proptest::prop_assert_eq!(found.1.root(), expected.1.root());
            }
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{revision}: {error}"));
    }
    println!("{ends:?}");
    let (successes, failures) = (ends["SUCCESS"], ends.len());
    let all: usize = ends.values().sum();
    assert!(successes * 3 > all && failures > 6, "generated code ends in few ways: {ends:?}");
}

/// The same scenes every time.
fn seed(revision: Revision) -> proptest::test_runner::TestRng {
    let algorithm = proptest::test_runner::RngAlgorithm::ChaCha;
    proptest::test_runner::TestRng::from_seed(algorithm, &[revision as u8 + 1; 32])
}

/// A scene's tree is only there for its first value.
#[test]
fn scenes_are_the_same_each_time() {
    let scene = || {
        let mut runner = TestRunner::new_with_rng(Config::default(), seed(Revision::Prague));
        format!("{:?}", scenes(Revision::Prague).new_tree(&mut runner).expect("a scene").current())
    };
    assert_eq!(scene(), scene());
}
