//! The edge, from both sides: C programs and raw calls on ours, other libraries on the loader's.
//!
//! Everything goes through the built shared library, opened as a client opens it.

mod c_client;
mod common;
mod host_answers;
mod loader;
mod nesting;
mod random;
mod refusals;
mod signals;
mod statuses;
mod threads;
mod trouble;
