//! A client that says what it wants in raw EVMC, and checks what holds for every result.

use std::{
    env,
    ffi::{CStr, CString, c_void},
    mem,
    path::{Path, PathBuf},
    ptr, slice,
};

use hebe::abi;

pub(crate) const BYZANTIUM: i32 = 4;

/// The shared library that this test was built with: cargo puts it beside the test.
pub(crate) fn library() -> PathBuf {
    let test = env::current_exe().expect("the path of this test");
    let name = format!("{}hebe{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let library = test.with_file_name(name);
    assert!(library.exists(), "{} is not built", library.display());
    library
}

/// The folder of the example contracts.
pub(crate) fn contracts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts")
}

pub(crate) fn counter() -> Vec<u8> {
    std::fs::read(contracts().join("counter/counter.wasm")).expect("the counter")
}

/// A contract with these imports and this `main`.
pub(crate) fn contract(imports: &str, main: &str) -> Vec<u8> {
    let text = format!(r#"(module {imports} (memory (export "memory") 1) (func (export "main") {main}))"#);
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A VM of the shared library.
pub(crate) struct RawVm(*mut abi::Vm);

// SAFETY: EVMC: a VM belongs to no thread; `execute` may be called from many at once, and Hebe says the
// same of `set_option`.
unsafe impl Send for RawVm {}
// SAFETY: as above.
unsafe impl Sync for RawVm {}

impl RawVm {
    /// Host functions alone cost gas there.
    pub(crate) fn new() -> Self {
        let vm = Self::with_defaults();
        vm.set("metering", "none");
        vm
    }

    pub(crate) fn with_defaults() -> Self {
        // SAFETY: the library is ours.
        let library = unsafe { libloading::Library::new(library()) }.expect("the library opens");
        // SAFETY: this is the type of the symbol.
        let create = *unsafe { library.get::<abi::CreateFn>("evmc_create_hebe") }.expect("the symbol");
        mem::forget(library);
        // SAFETY: it may be called at any time.
        Self(unsafe { create() })
    }

    /// What `evmc_create_hebe` gave.
    pub(crate) fn pointer(&self) -> *mut abi::Vm {
        self.0
    }

    /// What the client knows of the VM.
    pub(crate) fn functions(&self) -> abi::Vm {
        // SAFETY: the VM lives as long as we do.
        unsafe { *self.0 }
    }

    /// Sets an option; `None` is a null pointer.
    pub(crate) fn set_option(&self, name: Option<&CStr>, value: Option<&CStr>) -> i32 {
        let pointer = |text: Option<&CStr>| text.map_or(ptr::null(), CStr::as_ptr);
        let set_option = self.functions().set_option.expect("set_option");
        // SAFETY: both are null or strings.
        unsafe { set_option(self.0, pointer(name), pointer(value)) }
    }

    pub(crate) fn set(&self, name: &str, value: &str) {
        let c = |text| CString::new(text).expect("no NUL");
        assert_eq!(self.set_option(Some(&c(name)), Some(&c(value))), 0, "{name}={value}");
    }

    /// Runs.
    pub(crate) fn execute(&self, call: &Call) -> Answer {
        let execute = self.functions().execute.expect("execute");
        let (code, size) = call.code;
        let message = call.message.as_ref().map_or(ptr::null(), ptr::from_ref);
        let host = call.host.as_ref().map_or(ptr::null(), ptr::from_ref);
        let vm = if call.no_vm { ptr::null_mut() } else { self.0 };
        // SAFETY: every pointer of a call is null or good, or has a size that no memory has, and Hebe
        // promises a result for all of these.
        let result = unsafe { execute(vm, host, call.context, call.revision, message, code, size) };
        Answer::of(&result, call.message.map_or(0, |message| message.gas))
    }
}

impl Drop for RawVm {
    fn drop(&mut self) {
        let destroy = self.functions().destroy.expect("destroy");
        // SAFETY: the VM is ours.
        unsafe { destroy(self.0) };
    }
}

/// One call of `execute`.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) no_vm: bool,
    pub(crate) host: Option<abi::HostInterface>,
    pub(crate) context: *mut c_void,
    pub(crate) revision: i32,
    pub(crate) message: Option<abi::Message>,
    pub(crate) code: (*const u8, usize),
}

impl Call {
    /// A message call with a million gas at Byzantium, to a client that can do nothing.
    pub(crate) fn of(code: impl Into<Vec<u8>>) -> Self {
        // A test's code may stay until the test ends.
        let code: &'static [u8] = code.into().leak();
        Self {
            no_vm: false,
            host: Some(abi::HostInterface::default()),
            context: ptr::null_mut(),
            revision: BYZANTIUM,
            message: Some(message(1_000_000)),
            code: (code.as_ptr(), code.len()),
        }
    }

    /// The same with another message.
    pub(crate) fn with(self, change: impl FnOnce(&mut abi::Message)) -> Self {
        let mut message = self.message.expect("a message");
        change(&mut message);
        Self { message: Some(message), ..self }
    }
}

/// A message of zeros with gas.
pub(crate) fn message(gas: i64) -> abi::Message {
    // SAFETY: numbers and pointers may be zero.
    abi::Message { gas, ..unsafe { mem::zeroed() } }
}

/// A result, copied and released.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: i32,
    pub(crate) gas_left: i64,
    pub(crate) gas_refund: i64,
    pub(crate) output: Vec<u8>,
}

impl Answer {
    /// Source of the rules: `evmc.h` of EVMC 12, `evmc_result`.
    fn of(result: &abi::ExecutionResult, gas: i64) -> Self {
        assert_eq!(result.output_data.is_null(), result.output_size == 0, "{result:?}");
        assert_eq!(result.create_address, abi::Address::default(), "{result:?}");
        assert!((0..=gas.max(0)).contains(&result.gas_left), "{result:?} of {gas}");
        if !matches!(result.status_code, 0 | 2) {
            assert_eq!((result.gas_left, result.output_size), (0, 0), "{result:?}");
        }
        if result.status_code != 0 {
            assert_eq!(result.gas_refund, 0, "{result:?}");
        }
        let output = if result.output_size == 0 {
            Vec::new()
        } else {
            // SAFETY: a result's output is there until it is released.
            unsafe { slice::from_raw_parts(result.output_data, result.output_size) }.to_vec()
        };
        if let Some(release) = result.release {
            // SAFETY: once.
            unsafe { release(result) };
        }
        Self { status: result.status_code, gas_left: result.gas_left, gas_refund: result.gas_refund, output }
    }
}

/// A client with one storage slot.
#[derive(Default)]
pub(crate) struct Slot(pub(crate) abi::Bytes32);

impl Slot {
    pub(crate) fn call(&mut self, code: &[u8]) -> Call {
        let host = abi::HostInterface {
            get_storage: Some(Self::get),
            set_storage: Some(Self::set),
            ..abi::HostInterface::default()
        };
        Call { host: Some(host), context: ptr::from_mut(self).cast(), ..Call::of(code) }
    }

    unsafe extern "C" fn get(
        context: *mut c_void,
        _: *const abi::Address,
        _: *const abi::Bytes32,
    ) -> abi::Bytes32 {
        // SAFETY: `call` sets this context, and the test keeps it as long as the call runs.
        unsafe { &*context.cast::<Self>() }.0
    }

    unsafe extern "C" fn set(
        context: *mut c_void,
        _: *const abi::Address,
        _: *const abi::Bytes32,
        value: *const abi::Bytes32,
    ) -> i32 {
        // SAFETY: as above; the value is good during this call.
        unsafe { (*context.cast::<Self>()).0 = *value };
        0
    }
}
