//! A folder of compiled code, from outside.

mod damage;
#[cfg(unix)]
mod folders;
mod format;
mod limits;
mod modules;
mod processes;
mod support;
#[cfg(unix)]
mod ulimit;
