//! Contracts of every kind, on every engine, with switches between them.
#![no_main]

use hebe_fuzz::{
    engines::{Script, Verdict, WAYS, engines},
    generate::{Kind, contract},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Kind, u8, [u8; 64], &[u8])| {
    let (kind, switch, script, bytes) = input;
    let Ok(code) = contract(kind, bytes) else { return };
    let script = Script::new(kind, &script, usize::from(switch) % WAYS, 2);
    if let Err(Verdict::Differs(text)) = engines(&code, &script) {
        panic!("{text}");
    }
});
