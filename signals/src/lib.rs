//! What a process does with the signals of faults, and where it handles them.
//!
//! Code of the compiler Winch ends a division by zero, say, with a signal, and wasmtime's handler makes a trap of it. A library has
//! no right to the process's handlers: whoever loaded it may set its own at any time. So before such code runs, [`Handlers`] tells whether
//! wasmtime's are still in place. And wasmtime gives each thread an alternate signal stack, if the thread's own is smaller;
//! [`keeping_alternate_stack`] gives the thread its own back.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
pub use unix::{Handlers, keeping_alternate_stack};

#[cfg(not(unix))]
mod other;
#[cfg(not(unix))]
pub use other::{Handlers, keeping_alternate_stack};
