//! VMs and files for the tests.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use hebe::loader::Library;
use hebe_state::FrameVm;
use hebe_vm::{
    Config, Vm,
    engine::{EngineChoice, Tiering},
};

/// The project's folder.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the project").to_owned()
}

/// `libhebe.so` as it was built for this test, next to it.
pub(crate) fn library() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    let name = format!("{}hebe{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    test.with_file_name(name)
}

/// Hebe linked in, with every engine and with switches between them, and Hebe behind the C interface with every engine, all
/// with the same options. Every test runs on all of them.
pub(crate) fn vms(options: &[(&str, &str)]) -> Vec<(String, Arc<dyn FrameVm>)> {
    let mut vms: Vec<(String, Arc<dyn FrameVm>)> = Vec::new();
    let library = Library::open(library()).expect("the library was built with this test");
    for (engine, choice) in EngineChoice::ALL {
        let mut loaded = library.create().expect("a VM");
        let mut config = Config { engine: *choice, ..Config::default() };
        loaded.set_option("engine", Some(engine)).expect("an option");
        for (name, value) in options {
            config.set(name, Some(value)).expect("an option");
            loaded.set_option(name, Some(value)).expect("an option");
        }
        if *choice == EngineChoice::Tiered {
            config.tiering = Tiering::AtCall { winch: 1, cranelift: 2 };
        }
        vms.push((format!("linked in, {engine}"), Arc::new(Vm::new(config))));
        vms.push((format!("libhebe.so, {engine}"), Arc::new(loaded)));
    }
    vms
}

/// A contract from `contracts/`, by folder and name.
pub(crate) fn contract(path: &str) -> Vec<u8> {
    let file = project().join("contracts").join(path).with_extension("wasm");
    fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A module from its text.
pub(crate) fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Says on the terminal that something is left out. `println!` would be kept from it.
pub(crate) fn skipped(why: &str) {
    // Nobody can be told when standard error is closed.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

/// Hebe with EVM bytecode, linked in and behind the C interface.
pub(crate) fn native() -> Vec<(String, Arc<dyn FrameVm>)> {
    let options = [("evm1mode", "native"), ("precompiles", "on"), ("metering", "none"), ("engine", "wasmi")];
    let library = Library::open(library()).expect("the library was built with this test");
    let (mut config, mut loaded) = (Config::default(), library.create().expect("a VM"));
    for (name, value) in options {
        config.set(name, Some(value)).expect("an option");
        loaded.set_option(name, Some(value)).expect("an option");
    }
    vec![("linked in".to_owned(), Arc::new(Vm::new(config))), ("libhebe.so".to_owned(), Arc::new(loaded))]
}
