//! A VM of a library.

use std::ffi::{CStr, CString, c_char};

use hebe_host_ei::{Fault, Host, Message, Outcome, Revision, StatusCode};

use super::{Library, LoadError, TextFn, Texts, trampolines};
use crate::{abi, convert, result::Received};

/// A VM. It lives until this is dropped.
#[derive(Debug)]
pub struct Instance {
    vm: *mut abi::Vm,
    name: String,
    version: String,
    capabilities: u32,
    get_capabilities: abi::GetCapabilitiesFn,
    execute: abi::ExecuteFn,
    texts: Texts,
}

// SAFETY: EVMC: a VM belongs to no thread.
unsafe impl Send for Instance {}
// SAFETY: EVMC: `execute` may be called from many threads and again while it runs. All else that
// touches the VM happens before there is an `Instance`, or wants it exclusively.
unsafe impl Sync for Instance {}

/// Why an option was not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionRefused {
    /// No option of that name.
    #[error("the VM knows no option of this name")]
    InvalidName,
    /// The option exists and does not take this value.
    #[error("the VM does not accept this value")]
    InvalidValue,
    /// The VM has no options at all.
    #[error("the VM has no options")]
    NoOptions,
    /// An answer that EVMC 12 does not know.
    #[error("the VM answered {0}, which means nothing in EVMC 12")]
    Unknown(i32),
}

impl Instance {
    /// # Safety
    /// `vm` is null or was just made by the library and belongs to nobody else.
    pub(super) unsafe fn new(vm: *mut abi::Vm, library: &Library) -> Result<Self, LoadError> {
        let path = || library.path().to_owned();
        if vm.is_null() {
            return Err(LoadError::NullVm { path: path() });
        }
        // SAFETY: not null; every version of EVMC begins with its number, and nothing more is read of another one.
        let found = unsafe { (*vm).abi_version };
        if found != abi::ABI_VERSION {
            // SAFETY: as EVMC's own loader does: `destroy` has had one place in every version so far.
            unsafe { destroy(vm) };
            return Err(LoadError::WrongAbi { path: path(), found });
        }
        // SAFETY: not null, and of our version.
        let instance = unsafe { Self::read(vm, library.texts) };
        instance.map_err(|field| {
            // SAFETY: the VM is ours and is used no more.
            unsafe { destroy(vm) };
            LoadError::Incomplete { path: path(), field }
        })
    }

    /// What the VM says of itself, or the name of the field that is null.
    ///
    /// # Safety
    /// `vm` points to a VM of ABI 12.
    unsafe fn read(vm: *mut abi::Vm, texts: Texts) -> Result<Self, &'static str> {
        // SAFETY: the caller's promise.
        let fields = unsafe { *vm };
        let execute = fields.execute.ok_or("execute")?;
        fields.destroy.ok_or("destroy")?;
        let get_capabilities = fields.get_capabilities.ok_or("get_capabilities")?;
        // SAFETY: EVMC: name and version are strings that live as long as the VM.
        let text = |text: *const c_char| unsafe { convert::text(text) }.map(owned);
        Ok(Self {
            vm,
            name: text(fields.name).ok_or("name")?,
            version: text(fields.version).ok_or("version")?,
            // SAFETY: the VM's own function.
            capabilities: unsafe { get_capabilities(vm) },
            get_capabilities,
            execute,
            texts,
        })
    }

    /// The VM's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The VM's version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What the VM runs, as bits: [`abi::CAPABILITY_EVM1`], [`abi::CAPABILITY_EWASM`],
    /// [`abi::CAPABILITY_PRECOMPILES`].
    pub fn capabilities(&self) -> u32 {
        self.capabilities
    }

    /// The VM's description of itself in JSON, if the library is a Hebe (symbol `hebe_describe`).
    pub fn describe(&self) -> Option<String> {
        said(self.texts.describe)
    }

    /// Why the option that this thread set last was refused, in words, if the library is a Hebe (symbol `hebe_last_error`).
    pub fn last_error(&self) -> Option<String> {
        said(self.texts.last_error)
    }

    /// Sets an option. `None` passes a null pointer, `Some("")` is how loaders set a bare flag.
    pub fn set_option(&mut self, name: &str, value: Option<&str>) -> Result<(), OptionRefused> {
        // SAFETY: the VM is there as long as we are.
        let set_option = unsafe { (*self.vm).set_option }.ok_or(OptionRefused::NoOptions)?;
        let name = CString::new(name).map_err(|_| OptionRefused::InvalidName)?;
        let value = value.map(CString::new).transpose().map_err(|_| OptionRefused::InvalidValue)?;
        let value = value.as_ref().map_or(std::ptr::null(), |value| value.as_ptr());
        // SAFETY: the VM's own function; both strings live until it returns; nobody else uses the VM now.
        match unsafe { set_option(self.vm, name.as_ptr(), value) } {
            abi::OPTION_SUCCESS => {
                // An option may decide what the VM runs.
                // SAFETY: the VM's own function.
                self.capabilities = unsafe { (self.get_capabilities)(self.vm) };
                Ok(())
            }
            abi::OPTION_INVALID_NAME => Err(OptionRefused::InvalidName),
            abi::OPTION_INVALID_VALUE => Err(OptionRefused::InvalidValue),
            unknown => Err(OptionRefused::Unknown(unknown)),
        }
    }

    /// Runs code, and hands the host back.
    ///
    /// An answer of the VM that makes no sense is brought into sense: gas left is between 0 and the
    /// message's, a failure has no gas left and no output. A failure of the node, in the VM or in the
    /// host (a panic too), is a [`Fault`].
    #[expect(clippy::needless_pass_by_value, reason = "one signature for a VM linked in and for one loaded")]
    pub fn execute<H: Host>(
        &self,
        revision: Revision,
        code: &[u8],
        message: Message,
        host: H,
    ) -> (H, Result<Outcome, Fault>) {
        let mut context = trampolines::Context::new(host);
        // SAFETY: the VM's own function, which may run on any thread; message, code and context live
        // until it returns, and the functions of the interface are those for this context.
        let result = unsafe {
            Received::new((self.execute)(
                self.vm,
                trampolines::interface::<H>(),
                (&raw mut context).cast(),
                revision as i32,
                &convert::message_out(&message),
                convert::pointer(code),
                code.len(),
            ))
        };
        let (host, fault) = context.end();
        (host, fault.map_or_else(|| outcome(&result, &message), Err))
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // SAFETY: the VM is ours and is used no more.
        unsafe { destroy(self.vm) };
    }
}

/// # Safety
/// `vm` points to a VM that nobody uses any more.
unsafe fn destroy(vm: *mut abi::Vm) {
    // SAFETY: the caller's promise.
    if let Some(destroy) = unsafe { (*vm).destroy } {
        // SAFETY: the VM's own function, called once.
        unsafe { destroy(vm) };
    }
}

/// What a function of Hebe's says.
fn said(function: Option<TextFn>) -> Option<String> {
    // SAFETY: Hebe's own function, which may be called at any time.
    let text = unsafe { function?() };
    // SAFETY: it answers null or a string that lives as long as the library, or until this thread sets an option.
    unsafe { convert::text(text) }.map(owned)
}

fn owned(text: &CStr) -> String {
    text.to_string_lossy().into_owned()
}

fn outcome(result: &Received, message: &Message) -> Result<Outcome, Fault> {
    let fields = result.fields();
    let status = result.status();
    let succeeded = status == StatusCode::Success;
    match status {
        StatusCode::OutOfMemory => return Err(Fault::OutOfMemory),
        StatusCode::InternalError => {
            return Err(Fault::Engine(format!("the VM answered status {}", fields.status_code)));
        }
        _ => {}
    }
    if !succeeded && status != StatusCode::Revert {
        return Ok(Outcome { status, ..Outcome::success(0) });
    }
    let nonsense = |_| Fault::Engine(format!("an output of {} bytes that is not there", fields.output_size));
    Ok(Outcome {
        status,
        gas_left: fields.gas_left.clamp(0, message.gas.max(0)),
        gas_refund: if succeeded { fields.gas_refund } else { 0 },
        output: result.output().map_err(nonsense)?,
        reason: None,
    })
}
