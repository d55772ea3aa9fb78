//! Hebe as an EVMC 12 shared library, and a loader for every EVMC 12 VM.
//!
//! A client opens `libhebe.so` and calls [`evmc_create_hebe`]; what it gets is an [`abi::Vm`]. A Rust
//! program that wants to run code through any EVMC library uses [`loader`].
//!
//! This crate is the edge: it holds all the `unsafe` there is for it, knows nothing of wasm, and gives
//! every input a defined outcome, a client's mistakes included. No panic crosses it.

pub mod abi;
mod convert;
mod host;
pub mod loader;
mod refusal;
mod request;
mod result;

use std::{
    ffi::{CStr, CString, c_char, c_void},
    mem, ptr,
    sync::{Arc, Mutex, OnceLock, PoisonError, RwLock},
};

use hebe_host_ei::{Fault, StatusCode};
use hebe_vm::{OptionError, Vm, caught};

use host::EvmcHost;
pub use refusal::hebe_last_error;
use request::{BadRequest, Request};

/// What a client's pointer to a VM points to.
#[repr(C)]
struct Instance {
    /// What the client knows of it. First, so that both have the same address.
    evmc: abi::Vm,
    /// Replaced as a whole when an option is set: an execution keeps the one it began with, and holds
    /// no lock while it runs.
    vm: RwLock<Arc<Vm<EvmcHost>>>,
    /// Held while an option is set, which may take as long as a file does.
    setting: Mutex<()>,
}

/// Creates a VM with the default options. The client ends it with [`abi::Vm::destroy`]. Null if that
/// fails.
#[unsafe(no_mangle)]
pub extern "C" fn evmc_create_hebe() -> *mut abi::Vm {
    create()
}

/// The same as [`evmc_create_hebe`], for a library whose file has another name.
#[unsafe(no_mangle)]
pub extern "C" fn evmc_create() -> *mut abi::Vm {
    create()
}

/// Describes the VM in JSON: name, version, options, consensus fingerprint. Not part of EVMC. The
/// text ends with a NUL and lives as long as the library; null if there is none.
#[unsafe(no_mangle)]
pub extern "C" fn hebe_describe() -> *const c_char {
    static TEXT: OnceLock<CString> = OnceLock::new();
    let text = caught(|| {
        Ok(TEXT.get_or_init(|| CString::new(hebe_vm::describe_json()).unwrap_or_default()).as_ptr())
    });
    text.unwrap_or(ptr::null())
}

fn create() -> *mut abi::Vm {
    let evmc = abi::Vm {
        abi_version: abi::ABI_VERSION,
        name: c"hebe".as_ptr(),
        version: concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast(),
        destroy: Some(destroy),
        execute: Some(execute),
        get_capabilities: Some(get_capabilities),
        set_option: Some(set_option),
    };
    let instance = caught(|| {
        let vm = RwLock::new(Arc::new(Vm::new(hebe_vm::Config::default())));
        Ok(Instance { evmc, vm, setting: Mutex::new(()) })
    });
    instance.map_or(ptr::null_mut(), |instance| Box::into_raw(Box::new(instance)).cast())
}

unsafe extern "C" fn destroy(vm: *mut abi::Vm) {
    if vm.is_null() {
        return;
    }
    // SAFETY: EVMC: the VM is one of ours (`create`), and the client uses it no more.
    let instance = unsafe { Box::from_raw(vm.cast::<Instance>()) };
    // A panic could only come from dropping the VM; what is left of it is gone with the client's pointer.
    let _ = caught(|| {
        drop(instance);
        Ok(())
    });
}

unsafe extern "C" fn get_capabilities(vm: *mut abi::Vm) -> u32 {
    // SAFETY: EVMC: the VM is null or one of ours (`create`).
    let Some(instance) = (unsafe { vm.cast::<Instance>().as_ref() }) else { return 0 };
    caught(|| Ok(capabilities(instance.vm().config()))).unwrap_or(0)
}

/// What a VM with these settings runs, as bits of [`abi`].
pub fn capabilities(config: &hebe_vm::Config) -> u32 {
    let also = |is_run, bit| if is_run { bit } else { 0 };
    abi::CAPABILITY_EWASM
        | also(config.runs_evm(), abi::CAPABILITY_EVM1)
        | also(config.runs_precompiles(), abi::CAPABILITY_PRECOMPILES)
}

unsafe extern "C" fn set_option(vm: *mut abi::Vm, name: *const c_char, value: *const c_char) -> i32 {
    // SAFETY: EVMC: the VM is null or one of ours (`create`); so are name and value null or strings.
    let (instance, name, value) =
        unsafe { (vm.cast::<Instance>().as_ref(), convert::text(name), convert::text(value)) };
    let (Some(instance), Some(Ok(name))) = (instance, name.map(CStr::to_str)) else {
        refusal::set(Some("there is no VM, or no option's name in UTF-8"));
        return abi::OPTION_INVALID_NAME;
    };
    // A panic leaves the VM as it was.
    let answer = caught(|| {
        refusal::set(None);
        // No option takes what is not UTF-8; the name may be none either.
        let value = value.and_then(|value| value.to_str().ok());
        Ok(instance.set_option(name, value).inspect_err(|error| refusal::set(Some(&error.to_string()))))
    });
    match answer {
        Ok(Ok(())) => abi::OPTION_SUCCESS,
        Ok(Err(OptionError::UnknownName(_))) => abi::OPTION_INVALID_NAME,
        Ok(Err(_)) | Err(_) => abi::OPTION_INVALID_VALUE,
    }
}

unsafe extern "C" fn execute(
    vm: *mut abi::Vm,
    host: *const abi::HostInterface,
    context: *mut c_void,
    revision: i32,
    message: *const abi::Message,
    code: *const u8,
    code_size: usize,
) -> abi::ExecutionResult {
    // SAFETY: EVMC: the VM is null or one of ours (`create`).
    let Some(instance) = (unsafe { vm.cast::<Instance>().as_ref() }) else {
        return result::failure_out(StatusCode::InternalError);
    };
    let work = || {
        // SAFETY: EVMC: message, input and code stay as they are until this function returns.
        let request = unsafe { Request::read(revision, message, code, code_size) };
        // SAFETY: EVMC: so do the host interface and its context.
        let host = unsafe { EvmcHost::new(host, context) };
        instance.execute(request, host)
    };
    // After a panic nothing is used that it may have left half-changed: the VM takes care of itself. Of the client's
    // stack, which a nest of calls may need 1024 times, no more is used than this takes.
    let end = caught(|| hebe_stack::run(work).map_err(|hebe_stack::NoStack| Fault::OutOfMemory));
    end.unwrap_or_else(|fault| {
        let _ = caught(|| {
            tell(&instance.vm(), &format!("{}: {fault}", fault.status().name()));
            Ok(())
        });
        result::failure_out(fault.status())
    })
}

impl Instance {
    /// The VM as it is now.
    fn vm(&self) -> Arc<Vm<EvmcHost>> {
        // A setter that panicked has not replaced the VM.
        Arc::clone(&self.vm.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the VM by one with another option. What runs now goes on with the old one.
    fn set_option(&self, name: &str, value: Option<&str>) -> Result<(), OptionError> {
        let _one_at_a_time = self.setting.lock().unwrap_or_else(PoisonError::into_inner);
        let vm = self.vm();
        let mut config = vm.config().clone();
        config.set(name, value).inspect_err(|error| tell(&vm, &error.to_string()))?;
        let vm = Arc::new(Vm::new(config));
        let _old = mem::replace(&mut *self.vm.write().unwrap_or_else(PoisonError::into_inner), vm);
        Ok(())
    }

    fn execute(&self, request: Result<Request<'_>, BadRequest>, host: EvmcHost) -> abi::ExecutionResult {
        let vm = self.vm();
        let Request { revision, message, code } = match request {
            Ok(request) => request,
            Err(bad) => {
                tell(&vm, &format!("{}: {bad}", bad.status().name()));
                return result::failure_out(bad.status());
            }
        };
        let (host, end) = vm.execute(revision, code, message, host);
        if host.was_missed() {
            tell(&vm, "REJECTED: there is no host, and the contract needs one");
            return result::failure_out(StatusCode::Rejected);
        }
        result::execution_out(end)
    }
}

/// Tells the operator, as the VM itself does.
fn tell(vm: &Vm<EvmcHost>, text: &str) {
    if let Some(log) = &vm.config().log {
        log.line(&format!("hebe: {text}"));
    }
}
