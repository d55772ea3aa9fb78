//! Wasm's binary format, as far as validated modules are read and written here. Nothing in it checks anything: bytes that
//! were not validated end in wrong numbers, never in a panic or an endless walk.

pub(crate) mod leb;
pub(crate) mod opcode;
pub(crate) mod section;

pub(crate) use opcode::Cursor;
