//! The built program, as a person or a script meets it.

mod cache;
mod check;
mod garbage;
mod library;
mod meter;
mod run;
mod schedule;
mod statetest;
mod support;
mod vm_info;
