//! The `debug` module: prints for a person, costs nothing, changes nothing.

use std::fmt::Write;

use crate::{Guest, Halt, Host};

/// `print32(value)`.
pub fn print32<H: Host>(g: &mut Guest<'_, H>, value: i32) -> Result<(), Halt> {
    print(g, || format!("print32: {value} {value:#x}"))
}

/// `print64(value)`.
pub fn print64<H: Host>(g: &mut Guest<'_, H>, value: i64) -> Result<(), Halt> {
    print(g, || format!("print64: {value} {value:#x}"))
}

/// `printMem(offset, length)`: memory as text.
pub fn print_mem<H: Host>(g: &mut Guest<'_, H>, offset: i32, length: i32) -> Result<(), Halt> {
    let bytes = g.bytes(offset, length)?;
    print(g, || format!("printMem {:#x}: \"{}\"", offset as u32, bytes.escape_ascii()))
}

/// `printMemHex(offset, length)`: memory in hex.
pub fn print_mem_hex<H: Host>(g: &mut Guest<'_, H>, offset: i32, length: i32) -> Result<(), Halt> {
    let bytes = g.bytes(offset, length)?;
    print(g, || format!("printMemHex {:#x}: {}", offset as u32, hex(bytes)))
}

/// `printStorage(key)`: the slot under the 32 bytes at `key`, as text.
pub fn print_storage<H: Host>(g: &mut Guest<'_, H>, key: i32) -> Result<(), Halt> {
    let key = g.bytes32(key)?;
    let value = g.frame.host.get_storage(&g.frame.message.recipient, &key);
    print(g, || format!("printStorage {key}: \"{}\"", value.0.escape_ascii()))
}

/// `printStorageHex(key)`: the slot under the 32 bytes at `key`, in hex.
pub fn print_storage_hex<H: Host>(g: &mut Guest<'_, H>, key: i32) -> Result<(), Halt> {
    let key = g.bytes32(key)?;
    let value = g.frame.host.get_storage(&g.frame.message.recipient, &key);
    print(g, || format!("printStorageHex {key}: {value}"))
}

/// `evmTrace(pc, opcode, cost, stack)`: a step of EVM code that was translated to wasm.
pub fn evm_trace<H: Host>(
    g: &mut Guest<'_, H>,
    pc: i32,
    opcode: i32,
    cost: i32,
    stack: i32,
) -> Result<(), Halt> {
    print(g, || format!("evmTrace pc {pc} opcode {opcode:#04x} cost {cost} stack {stack}"))
}

fn print<H: Host>(g: &Guest<'_, H>, line: impl FnOnce() -> String) -> Result<(), Halt> {
    if let Some(sink) = &g.frame.debug {
        sink.line(&line());
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    let start = String::from("0x");
    bytes.iter().fold(start, |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
