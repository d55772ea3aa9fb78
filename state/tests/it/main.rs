//! Tests of the local Ethereum. Expected values come from EIPs, the Yellow Paper, other tools or arithmetic on
//! their gas tables; each test names its source.

mod create;
mod faults;
mod frames;
mod gas;
mod host;
mod roots;
mod stack;
mod statetests;
mod support;
