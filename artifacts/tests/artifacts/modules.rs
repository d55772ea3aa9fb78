//! Modules of wasmtime come back and run.

use std::fs;

use wasmtime::{Config, Engine, Instance, Module, Store};

use crate::support::{bytes, file, new};

const KEY: [u8; 32] = [7; 32];

fn module(engine: &Engine) -> Module {
    let wat =
        r#"(module (func (export "square") (param i32) (result i32) (i32.mul (local.get 0) (local.get 0))))"#;
    Module::new(engine, wat::parse_str(wat).expect("text")).expect("compiles")
}

/// 1234² by hand.
fn assert_runs(engine: &Engine, module: &Module) {
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, module, &[]).expect("no imports");
    let square = instance.get_typed_func::<i32, i32>(&mut store, "square").expect("exported");
    assert_eq!(square.call(&mut store, 1234).expect("no trap"), 1_522_756);
}

#[test]
fn a_module_comes_back() {
    let (folder, artifacts) = new();
    let engine = Engine::default();
    let compiled = module(&engine);
    artifacts.put_module(&KEY, &compiled).expect("room");
    drop(artifacts);
    // As another process would.
    let artifacts = hebe_artifacts::Artifacts::open(folder.path()).expect("opens");
    let engine = Engine::default();
    let artifact = artifacts.get(&KEY).expect("there");
    assert_eq!(artifact.bytes(), compiled.serialize().expect("serialises"));
    assert_runs(&engine, &artifact.load(&engine).expect("the same engine"));
}

/// A changed byte of machine code is a miss, so there is nothing that could be loaded.
#[test]
fn a_changed_module_does_not_reach_wasmtime() {
    let (folder, artifacts) = new();
    artifacts.put_module(&KEY, &module(&Engine::default())).expect("room");
    let path = file(folder.path(), &KEY);
    let good = fs::read(&path).expect("there");
    for at in (0..good.len()).step_by(97) {
        let mut bad = good.clone();
        bad[at] ^= 0x40;
        fs::write(&path, bad).expect("written");
        assert!(artifacts.get(&KEY).is_none(), "byte {at}");
    }
}

#[test]
fn another_engine_compiles_itself() {
    let (_folder, artifacts) = new();
    artifacts.put_module(&KEY, &module(&Engine::default())).expect("room");
    let artifact = artifacts.get(&KEY).expect("there");
    let mut config = Config::new();
    config.consume_fuel(true);
    let other = Engine::new(&config).expect("an engine");
    assert!(artifact.load(&other).is_none());
    // It puts its own there.
    artifacts.put_module(&KEY, &module(&other)).expect("room");
    assert!(artifacts.get(&KEY).expect("there").load(&other).is_some());
}

/// Safe code can put any bytes. If they could be loaded, safe code could run any machine code.
#[test]
fn bytes_are_no_module() {
    let (folder, artifacts) = new();
    let engine = Engine::default();
    let serialized = module(&engine).serialize().expect("serialises");
    artifacts.put(&KEY, &serialized).expect("room");
    let artifact = artifacts.get(&KEY).expect("there");
    assert_eq!(artifact.bytes(), serialized);
    assert!(artifact.load(&engine).is_none());
    // Nor are they with the other kind in the header.
    let path = file(folder.path(), &KEY);
    let mut file = fs::read(&path).expect("there");
    file[12] = 1;
    fs::write(&path, file).expect("written");
    assert_eq!(bytes(&artifacts, &KEY), None);
}
