//! Who has machine code when there is not room for all.

use hebe_host_ei::{Prices, Profile, Revision, mock::MockHost};

use super::*;
use crate::{
    meter::{Metering, meter},
    validate::validate,
};

/// Contracts alike, but for their number.
fn contracts(count: u32) -> Vec<Arc<Compiled<MockHost>>> {
    (1000..1000 + count).map(|number| contract(&format!("(drop (i32.const {number}))"))).collect()
}

/// A contract whose `main` is this.
fn contract(main: &str) -> Arc<Compiled<MockHost>> {
    let text = format!(r#"(module (memory (export "memory") 1) (func (export "main") {main}))"#);
    let code = wat::parse_str(text).expect("wat");
    let validated = validate(&code, &Profile::R4, Revision::Byzantium, false).expect("valid");
    let module = meter(&validated, Metering::Inline, &Prices::UNIT);
    Arc::new(Compiled { module, wasmi: OnceLock::new(), tiers: Slots::default() })
}

/// Room for the machine code of so many contracts.
fn room(count: usize) -> Shared<MockHost> {
    let mut shared = Arc::into_inner(Tiers::new(&Config::default()).shared).expect("nobody else has it");
    shared.most = count * one() + one() / 2;
    shared
}

/// Bytes that one of them takes.
fn one() -> usize {
    let shared = Tiers::new(&Config::default()).shared;
    let contract = contracts(1);
    assert!(shared.make(&contract[0], Strategy::Cranelift));
    shared.used.load(Ordering::Relaxed)
}

fn compiled(contracts: &[Arc<Compiled<MockHost>>]) -> Vec<usize> {
    let has = |index: &usize| contracts[*index].tiers.cranelift.load().is_some();
    (0..contracts.len()).filter(has).collect()
}

/// Room for three. What ran since room was last wanted stays; who finds none has to earn it again.
#[test]
fn what_nobody_runs_makes_way() {
    let (shared, contracts) = (room(3), contracts(5));
    let make = |index: usize| {
        let code: &Arc<Compiled<MockHost>> = &contracts[index];
        code.tiers.heat.store(1 << 40, Ordering::Relaxed);
        code.tiers.cranelift_asked.store(true, Ordering::Relaxed);
        shared.make(code, Strategy::Cranelift)
    };
    let ran = |index: usize| contracts[index].tiers.is_used.store(true, Ordering::Relaxed);
    assert!(make(0) && make(1) && make(2));
    assert!(!make(3), "each of them is new");
    let tiers = &contracts[3].tiers;
    assert!(!tiers.cranelift_asked.load(Ordering::Relaxed));
    assert_eq!(tiers.heat.load(Ordering::Relaxed), 0);
    ran(0);
    ran(2);
    assert!(make(3));
    assert_eq!(compiled(&contracts), [0, 2, 3]);
    // The one that went begins anew.
    let tiers = &contracts[1].tiers;
    assert!(!tiers.cranelift_asked.load(Ordering::Relaxed));
    assert_eq!(tiers.heat.load(Ordering::Relaxed), 0);
    assert_eq!(shared.used.load(Ordering::Relaxed), 3 * one());
    // 3 is new, and 0 has not run since.
    ran(2);
    assert!(make(4));
    assert_eq!(compiled(&contracts), [2, 3, 4]);
}

/// What the cache let go counts no more, and is not remembered for ever.
#[test]
fn what_is_gone_leaves_no_trace() {
    let shared = room(3);
    for _ in 0..100 {
        assert!(shared.make(&contracts(1)[0], Strategy::Cranelift));
        assert_eq!(shared.used.load(Ordering::Relaxed), 0);
    }
    assert!(lock(&shared.ring).len() <= 8, "{}", lock(&shared.ring).len());
}

/// One that runs on keeps its machine code until it ends.
#[test]
fn making_way_waits_for_who_runs() {
    let (shared, contracts) = (room(1), contracts(2));
    assert!(shared.make(&contracts[0], Strategy::Cranelift));
    let running = contracts[0].tiers.cranelift.load_full();
    contracts[0].tiers.is_used.store(false, Ordering::Relaxed);
    assert!(!shared.make(&contracts[1], Strategy::Cranelift), "its code still takes its bytes");
    assert_eq!(compiled(&contracts), Vec::<usize>::new());
    drop(running);
    assert!(shared.make(&contracts[1], Strategy::Cranelift));
    assert_eq!(compiled(&contracts), [1]);
}

/// With Cranelift's code there, Winch's is of no use.
#[test]
fn the_better_code_replaces_the_other() {
    let (shared, contract) = (room(3), contracts(1));
    assert!(shared.make(&contract[0], Strategy::Winch) && shared.make(&contract[0], Strategy::Cranelift));
    assert!(contract[0].tiers.winch.load().is_none());
    assert_eq!(shared.used.load(Ordering::Relaxed), one());
}

/// A version with other bounds may have left machine code that this one would not make.
#[test]
fn what_cranelift_may_not_compile_is_not_taken_from_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = Arc::new(Artifacts::open(folder.path()).expect("opened"));
    let is_taken = |code: &Arc<Compiled<MockHost>>| {
        let config = Config { cache_dir: Some(Arc::clone(&files)), ..Config::default() };
        let tiers = Tiers::<MockHost>::new(&config);
        let compiler = tiers.shared.compiler(Strategy::Cranelift).expect("there is one");
        let module = compiler.compile(&code.module).expect("compiled");
        files.put_module(&compiler.key(&code.module), &module).expect("written");
        tiers.load(code);
        tiers.worker.finish();
        code.tiers.cranelift.load().is_some()
    };
    let long = contract(&"(drop (i32.const 1))".repeat(8_000));
    assert!(!suits_cranelift(&long.module), "24,000 bytes of a body are more than 16 KiB");
    assert!(is_taken(&contracts(1)[0]));
    assert!(!is_taken(&long));
}
