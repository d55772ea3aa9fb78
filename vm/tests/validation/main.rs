//! What is a contract, and what is told of code that is none.
//!
//! Rules: `contract_interface.md` of the ewasm design documents; the wasm spec for the language.

mod depth;
mod facts;
mod features;
mod limits;
mod property;
mod shape;
mod support;
mod survey;
