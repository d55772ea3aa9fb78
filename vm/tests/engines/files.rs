//! Machine code in files: a VM that starts anew finds it, and whatever is amiss with a file costs time alone.

use std::{fs, path::PathBuf, sync::Arc};

use hebe_host_ei::{Outcome, mock::MockHost};
use hebe_vm::{
    Config, Vm,
    engine::{EngineChoice, Tiering},
    meter::Metering,
};

use crate::support::{GAS, run, wat};

/// Returns the sum of 0 to 99: 4,950 = 0x1356.
fn sum() -> Vec<u8> {
    wat(r#"(module (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
        (func (export "main") (local $n i32) (local $sum i32)
            (loop $next
                (local.set $sum (i32.add (local.get $sum) (local.get $n)))
                (br_if $next (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 100))))
            (i32.store (i32.const 0) (local.get $sum))
            (call $finish (i32.const 0) (i32.const 4))))"#)
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn vm(&self, engine: EngineChoice) -> Vm<MockHost> {
        self.vm_with(Config { engine, ..Config::default() })
    }

    fn vm_with(&self, mut config: Config) -> Vm<MockHost> {
        let folder = self.0.path().join("cache");
        config.set("cache-dir", folder.to_str()).expect("a folder");
        Vm::new(config)
    }

    fn entries(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.0.path().join("cache")).expect("a folder");
        let files = files.map(|file| file.expect("a file").path());
        files.filter(|file| fs::metadata(file).is_ok_and(|file| file.len() > 1_000)).collect()
    }
}

fn expected() -> Outcome {
    let outcome =
        run(&Vm::new(Config { engine: EngineChoice::Wasmi, ..Config::default() }), &sum(), GAS, &[]);
    assert_eq!(outcome.output, [0x56, 0x13, 0, 0]);
    outcome
}

#[test]
fn the_next_start_finds_what_was_compiled() {
    for engine in [EngineChoice::Winch, EngineChoice::Cranelift] {
        let folder = Folder::new();
        for (compiled, restored) in [(1, 0), (0, 1), (0, 1)] {
            let vm = folder.vm(engine);
            for _ in 0..3 {
                assert_eq!(run(&vm, &sum(), GAS, &[]), expected());
            }
            let made = vm.machine_code();
            assert_eq!((made.winch + made.cranelift, made.restored), (compiled, restored), "{engine:?}");
        }
        assert_eq!(folder.entries().len(), 1);
    }
}

#[test]
fn a_damaged_file_is_compiled_again() {
    let folder = Folder::new();
    run(&folder.vm(EngineChoice::Cranelift), &sum(), GAS, &[]);
    let [file] = &folder.entries()[..] else { panic!("one file") };
    let whole = fs::read(file).expect("readable");
    let damages: [fn(&mut Vec<u8>); 5] = [
        |bytes| bytes.clear(),
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| bytes.push(0),
        |bytes| *bytes.last_mut().expect("bytes") ^= 1,
        |bytes| bytes[0] ^= 0x80,
    ];
    for damage in damages {
        let mut bytes = whole.clone();
        damage(&mut bytes);
        fs::write(file, &bytes).expect("writable");
        let log = folder.0.path().join("log");
        let _ = fs::remove_file(&log);
        let mut config = Config { engine: EngineChoice::Cranelift, ..Config::default() };
        config.set("log", log.to_str()).expect("a file");
        let vm = folder.vm_with(config);
        assert_eq!(run(&vm, &sum(), GAS, &[]), expected());
        assert_eq!((vm.machine_code().cranelift, vm.machine_code().restored), (1, 0));
        let said = fs::read_to_string(&log).expect("a log");
        let start =
            format!("hebe: cache-dir: {} is not loaded: ", fs::canonicalize(file).expect("there").display());
        assert!(said.starts_with(&start) && said.lines().count() == 1, "{said}");
        // It is whole again.
        let vm = folder.vm(EngineChoice::Cranelift);
        assert_eq!(run(&vm, &sum(), GAS, &[]), expected());
        assert_eq!((vm.machine_code().cranelift, vm.machine_code().restored), (0, 1));
    }
}

/// Where nothing is compiled, there is nothing to keep.
#[test]
fn an_interpreter_leaves_no_folder_behind() {
    let folder = Folder::new();
    assert_eq!(run(&folder.vm(EngineChoice::Wasmi), &sum(), GAS, &[]), expected());
    run(&folder.vm(EngineChoice::Tiered), &sum(), GAS, &[]);
    assert_eq!(fs::read_dir(folder.0.path()).expect("there").count(), 0);
    run(&folder.vm(EngineChoice::Winch), &sum(), GAS, &[]);
    assert_eq!(folder.entries().len(), 1);
}

/// Other prices, another meter or another engine are other code: none of them takes what the others compiled.
#[test]
fn other_settings_are_other_code() {
    let folder = Folder::new();
    let configs = [
        Config::default(),
        Config { metering: Metering::None, ..Config::default() },
        Config { prices: hebe_host_ei::Prices::HASWELL, ..Config::default() },
    ];
    for (number, config) in (1..).zip(configs) {
        for engine in [EngineChoice::Winch, EngineChoice::Cranelift] {
            let alone = Vm::new(Config { engine: EngineChoice::Wasmi, ..config.clone() });
            let vm = folder.vm_with(Config { engine, ..config.clone() });
            assert_eq!(run(&vm, &sum(), GAS, &[]), run(&alone, &sum(), GAS, &[]));
            assert_eq!(vm.machine_code().restored, 0);
        }
        assert_eq!(folder.entries().len(), 2 * number);
    }
}

/// With the interpreter first, the thread finds it.
#[test]
fn a_tiered_start_finds_it_behind_the_clients_back() {
    let folder = Folder::new();
    run(&folder.vm(EngineChoice::Cranelift), &sum(), GAS, &[]);
    let vm = folder.vm_with(Config { tiering: Tiering::Earned, ..Config::default() });
    let begun = std::time::Instant::now();
    while vm.machine_code().restored == 0 {
        assert_eq!(run(&vm, &sum(), GAS, &[]), expected());
        assert!(begun.elapsed().as_secs() < 60, "it should have been found by now");
    }
    assert_eq!(run(&vm, &sum(), GAS, &[]), expected());
    assert_eq!(vm.machine_code().winch + vm.machine_code().cranelift, 0);
}

#[test]
fn a_folder_that_cannot_be_is_told() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let mut config = Config::default();
    for value in ["", file.path().to_str().expect("UTF-8"), "/dev/null/such"] {
        let error = config.set("cache-dir", Some(value)).expect_err("no folder").to_string();
        assert!(error.starts_with("option cache-dir: "), "{error}");
    }
    assert!(config.cache_dir.is_none());
    config.set("cache-dir", Some("off")).expect("off");
    let shared: Option<Arc<_>> = config.cache_dir;
    assert!(shared.is_none());
}
