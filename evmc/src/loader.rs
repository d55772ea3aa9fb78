//! Opens any VM that speaks EVMC 12: Hebe's own shared library or another.
//!
//! ```no_run
//! use hebe::loader::Spec;
//!
//! let spec: Spec = "./libhebe.so,metering=none".parse()?;
//! let vm = spec.load()?;
//! println!("{} {}", vm.name(), vm.version());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Instance::execute`] runs code with any [`Host`](hebe_host_ei::Host) written in Rust.

mod instance;
mod spec;
mod trampolines;

use std::{
    ffi::{OsStr, c_char},
    mem,
    path::{Path, PathBuf},
};

pub use instance::{Instance, OptionRefused};
pub use spec::{Spec, SpecError};

use crate::abi::{self, ABI_VERSION};

/// Why there is no VM.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// No such file, neither at this path nor where the system looks for libraries.
    #[error("there is no file {}, and the system finds no library of that name: {reason}", path.display())]
    NotFound {
        /// What was asked for.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file is no shared library for this machine, or it needs another that is not there.
    #[error("cannot open {} as a shared library: {reason}", path.display())]
    NotALibrary {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The library is no EVMC VM.
    #[error(
        "{} is no EVMC VM: it exports neither {} (a library's file name decides the first)",
        path.display(),
        tried.join(" nor ")
    )]
    NoCreateFunction {
        /// The library.
        path: PathBuf,
        /// The names that were looked for.
        tried: Vec<String>,
    },
    /// The library's create function gave no VM.
    #[error("{} could not create its VM: it answered a null pointer", path.display())]
    NullVm {
        /// The library.
        path: PathBuf,
    },
    /// The library speaks another version of EVMC.
    #[error(
        "{} speaks EVMC ABI {found}, this program speaks ABI {ABI_VERSION}: {}",
        path.display(),
        what_to_do(*found)
    )]
    WrongAbi {
        /// The library.
        path: PathBuf,
        /// Its version of the interface.
        found: i32,
    },
    /// The VM lacks what EVMC says it must have.
    #[error("the VM of {} is incomplete: its {field} is null", path.display())]
    Incomplete {
        /// The library.
        path: PathBuf,
        /// The field of `evmc_vm`.
        field: &'static str,
    },
    /// The VM refuses an option.
    #[error("{}: {}", path.display(), words.clone().unwrap_or_else(|| format!("option {name:?} with value {value:?}: {reason}")))]
    Option {
        /// The library.
        path: PathBuf,
        /// The option.
        name: String,
        /// Its value.
        value: String,
        /// Why, as EVMC has it.
        reason: OptionRefused,
        /// Why, in words, if the library is a Hebe.
        words: Option<String>,
    },
}

fn what_to_do(found: i32) -> &'static str {
    if found < ABI_VERSION {
        "use a newer release of that library, one built for EVMC 12"
    } else {
        "use an older release of that library, one built for EVMC 12, or a newer release of this program"
    }
}

/// An open library that exports a VM.
///
/// It stays loaded until the process ends: a VM may have left threads, signal handlers or
/// thread-local destructors behind, whose code must not go away.
#[derive(Debug)]
pub struct Library {
    path: PathBuf,
    create: abi::CreateFn,
    texts: Texts,
}

/// What only a Hebe has, beside EVMC.
#[derive(Clone, Copy, Debug)]
struct Texts {
    describe: Option<TextFn>,
    last_error: Option<TextFn>,
}

type TextFn = unsafe extern "C" fn() -> *const c_char;

impl Library {
    /// Opens a library: the file at `path`, or else the one that the system finds by that name.
    ///
    /// This runs the library's code, which is trusted as this program is: who names the path decides.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = path.as_ref().to_path_buf();
        let file = path.canonicalize().ok();
        // SAFETY: loading runs the library's initialisers, which the operator trusts by naming it.
        let library = unsafe { libloading::Library::new(file.as_ref().unwrap_or(&path)) };
        let library = library.map_err(|error| match (path.clone(), words(&error)) {
            (path, reason) if file.is_none() => LoadError::NotFound { path, reason },
            (path, reason) => LoadError::NotALibrary { path, reason },
        })?;
        let tried = create_names(&path);
        // SAFETY: EVMC: functions of these names are of this type.
        let mut found = tried.iter().filter_map(|name| unsafe { symbol::<abi::CreateFn>(&library, name) });
        let Some(create) = found.next() else {
            return Err(LoadError::NoCreateFunction { path, tried });
        };
        drop(found);
        // SAFETY: Hebe's own symbols, of this type.
        let [describe, last_error] =
            ["hebe_describe", "hebe_last_error"].map(|name| unsafe { symbol(&library, name) });
        mem::forget(library);
        Ok(Self { path, create, texts: Texts { describe, last_error } })
    }

    /// Creates a VM. Each is independent of the others.
    pub fn create(&self) -> Result<Instance, LoadError> {
        // SAFETY: the library stays loaded, and EVMC: the function may be called at any time.
        let vm = unsafe { (self.create)() };
        // SAFETY: the VM was just made for us.
        unsafe { Instance::new(vm, self) }
    }

    /// The path that was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// What the system says, without repeating the path.
fn words(error: &libloading::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

/// A symbol of the library, if it is there and not null.
///
/// # Safety
/// `F` is the function pointer type of what the library has under that name.
unsafe fn symbol<F: Copy>(library: &libloading::Library, name: &str) -> Option<F> {
    // SAFETY: the caller's promise; a null symbol reads as `None`, for `F` is a function pointer.
    let found = unsafe { library.get::<Option<F>>(name) };
    found.ok().and_then(|found| *found)
}

/// The names under which EVMC's loaders look for the create function: first `evmc_create_` and the
/// file's name, without `lib` in front and from the first dot on, with `_` for `-`; then `evmc_create`.
fn create_names(path: &Path) -> Vec<String> {
    let file = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    let base = file.strip_prefix("lib").unwrap_or(&file);
    let name = base.split('.').next().unwrap_or_default().replace('-', "_");
    vec![format!("evmc_create_{name}"), "evmc_create".to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: EVMC 12 `evmc/loader.h`, `evmc_load`.
    #[test]
    fn names_of_the_create_function() {
        let table = [
            ("libhebe.so", "hebe"),
            ("/opt/a.b/libhebe.so.0.1", "hebe"),
            ("hebe.dll", "hebe"),
            ("./my-fast-vm.so", "my_fast_vm"),
            ("liblib.so", "lib"),
            ("evmone", "evmone"),
        ];
        for (path, name) in table {
            let expected = [format!("evmc_create_{name}"), "evmc_create".to_owned()];
            assert_eq!(create_names(Path::new(path)), expected, "{path}");
        }
    }
}
