//! Any bytes as code, in any message, under any setting.
#![no_main]

use hebe_fuzz::{Input, check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Input, &[u8])| {
    let (input, code) = input;
    // Half of the codes begin like wasm, so that the fuzzer gets past the first check.
    let code = if input.with_header { [b"\0asm\x01\0\0\0", code].concat() } else { code.to_vec() };
    check(&input, &code);
});
