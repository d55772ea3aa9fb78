//! VMs and files for the tests.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use hebe::loader::Library;
use hebe_state::FrameVm;
use hebe_vm::{Config, Vm};

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

/// Hebe linked in, and Hebe behind the C interface, with the same options. Every test runs on both.
pub(crate) fn vms(options: &[(&str, &str)]) -> [(&'static str, Arc<dyn FrameVm>); 2] {
    let mut config = Config::default();
    let library = Library::open(library()).expect("the library was built with this test");
    let mut loaded = library.create().expect("a VM");
    for (name, value) in options {
        config.set(name, Some(value)).expect("an option");
        loaded.set_option(name, Some(value)).expect("an option");
    }
    [("linked in", Arc::new(Vm::new(config))), ("libhebe.so", Arc::new(loaded))]
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
