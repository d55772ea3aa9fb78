//! Tests of the whole: contracts in a local Ethereum, run by Hebe linked in and by `libhebe.so`.

mod bindings;
mod conformance;
mod contracts;
mod dispatch;
mod documents;
mod evm;
mod extensions;
mod kernels;
mod oracle;
mod precompiles;
mod rules;
mod sdk;
mod support;
