//! Results: ours, given to C with the means to free them, and C's, freed exactly once.

use std::ptr;

use hebe_host_ei::{CallResult, Fault, Gas, Outcome, StatusCode};

use crate::{abi, convert};

/// The result of an execution, for the client.
///
/// Only a success and a revert have gas left and an output; only a success has a refund.
pub(crate) fn execution_out(end: Result<Outcome, Fault>) -> abi::ExecutionResult {
    match end {
        Ok(outcome) => result_out(outcome.status, outcome.gas_left, outcome.gas_refund, outcome.output),
        Err(fault) => failure_out(fault.status()),
    }
}

/// The result of a nested call, for a VM.
pub(crate) fn call_out(result: CallResult) -> abi::ExecutionResult {
    let create_address = convert::address_out(&result.create_address);
    let out = result_out(result.status, result.gas_left, result.gas_refund, result.output);
    abi::ExecutionResult { create_address, ..out }
}

/// A failure: no gas left, no output.
pub(crate) fn failure_out(status: StatusCode) -> abi::ExecutionResult {
    result_out(status, 0, 0, Vec::new())
}

fn result_out(status: StatusCode, gas_left: Gas, gas_refund: Gas, output: Vec<u8>) -> abi::ExecutionResult {
    let size = output.len();
    let (data, release) = if size == 0 {
        (ptr::null(), None)
    } else {
        (Box::into_raw(output.into_boxed_slice()).cast_const().cast(), Some(release as _))
    };
    abi::ExecutionResult {
        status_code: status as i32,
        gas_left,
        gas_refund,
        output_data: data,
        output_size: size,
        release,
        create_address: abi::Address::default(),
        padding: [0; 4],
    }
}

/// Frees the output of a result of ours.
unsafe extern "C" fn release(result: *const abi::ExecutionResult) {
    // SAFETY: EVMC: the result is the one that carried this function, or a copy.
    let Some(result) = (unsafe { result.as_ref() }) else { return };
    if result.output_data.is_null() {
        return;
    }
    let output = ptr::slice_from_raw_parts_mut(result.output_data.cast_mut(), result.output_size);
    // SAFETY: `result_out` got both from a box that it gave up, and EVMC: this is called once.
    drop(unsafe { Box::from_raw(output) });
}

/// A result of C's, released when dropped.
pub(crate) struct Received(abi::ExecutionResult);

impl Received {
    /// Takes charge of a result.
    ///
    /// # Safety
    /// The result is as EVMC wants it, nobody else releases it, and its output is there until then.
    pub(crate) unsafe fn new(result: abi::ExecutionResult) -> Self {
        Self(result)
    }

    /// The fields that need no care.
    pub(crate) fn fields(&self) -> &abi::ExecutionResult {
        &self.0
    }

    /// How it ended.
    pub(crate) fn status(&self) -> StatusCode {
        convert::status_in(self.0.status_code)
    }

    /// A copy of the output.
    pub(crate) fn output(&self) -> Result<Vec<u8>, Fault> {
        // SAFETY: promised in `new`.
        let output = unsafe { convert::items(self.0.output_data, self.0.output_size) };
        convert::copy(output.ok_or(Fault::Host("call"))?).ok_or(Fault::OutOfMemory)
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        if let Some(release) = self.0.release {
            // SAFETY: EVMC: a result brings the function that frees it. Nobody else calls it.
            unsafe { release(&self.0) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_is_null_exactly_when_there_is_none() {
        let empty = execution_out(Ok(Outcome::success(7)));
        assert!(empty.output_data.is_null() && empty.release.is_none());
        assert_eq!((empty.status_code, empty.gas_left, empty.output_size), (0, 7, 0));

        let full = execution_out(Ok(Outcome { output: vec![1, 2, 3], ..Outcome::success(7) }));
        assert!(!full.output_data.is_null() && full.release.is_some());
        // SAFETY: the result is ours and is released here only.
        let received = unsafe { Received::new(full) };
        assert_eq!(received.output(), Ok(vec![1, 2, 3]));
    }

    #[test]
    fn a_fault_has_nothing_but_its_status() {
        let result = execution_out(Err(Fault::OutOfMemory));
        assert_eq!(
            (result.status_code, result.gas_left, result.gas_refund, result.output_size),
            (-3, 0, 0, 0)
        );
    }
}
