//! Contracts that are valid by construction, with host functions to call.
#![no_main]

use hebe_fuzz::{Contract, Input, check};
use hebe_host_ei::StatusCode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Input, Contract)| {
    let (input, Contract(code)) = input;
    let status = check(&input, &code);
    // A module made for the profile is refused only for what the profile limits.
    if status == Some(StatusCode::ContractValidationFailure) {
        hebe_fuzz::check_refusal(&input, &code);
    }
});
