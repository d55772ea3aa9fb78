//! The one place for status codes. Numbers and names are EVMC 12's.

use std::fmt;

macro_rules! status_codes {
    ($( $(#[doc = $doc:literal])* $name:ident = $code:literal, $evmc:literal, $words:literal; )*) => {
        /// How an execution ended, with EVMC's number.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(i32)]
        pub enum StatusCode { $( $(#[doc = $doc])* $name = $code, )* }

        impl StatusCode {
            /// Every status code, in EVMC's order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The status with this EVMC number, or `None` for a number that EVMC 12 does not know.
            pub const fn from_i32(code: i32) -> Option<Self> {
                match code {
                    $($code => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// EVMC's name for it, without the `EVMC_` in front.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $evmc,)* }
            }

            /// What it means, in words for a person.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }
        }
    };
}

status_codes! {
    /// Finished, with output.
    Success = 0, "SUCCESS", "success";
    /// Failed for a reason that has no code of its own.
    Failure = 1, "FAILURE", "failure";
    /// The contract undid its changes and gives its output and the gas left back.
    Revert = 2, "REVERT", "reverted by the contract";
    /// Out of gas.
    OutOfGas = 3, "OUT_OF_GAS", "out of gas";
    /// The designated invalid instruction of the EVM.
    InvalidInstruction = 4, "INVALID_INSTRUCTION", "invalid instruction";
    /// An EVM instruction that does not exist.
    UndefinedInstruction = 5, "UNDEFINED_INSTRUCTION", "undefined instruction";
    /// The wasm call stack (or the EVM stack) is exhausted.
    StackOverflow = 6, "STACK_OVERFLOW", "stack overflow";
    /// The EVM stack held too few items.
    StackUnderflow = 7, "STACK_UNDERFLOW", "stack underflow";
    /// An EVM jump to a place that is no jump destination.
    BadJumpDestination = 8, "BAD_JUMP_DESTINATION", "bad jump destination";
    /// A host function was given memory, or a part of call data, code or return data, that is not there.
    InvalidMemoryAccess = 9, "INVALID_MEMORY_ACCESS", "invalid memory access";
    /// The message is nested too deep.
    CallDepthExceeded = 10, "CALL_DEPTH_EXCEEDED", "call depth exceeded";
    /// A change of state inside a static call.
    StaticModeViolation = 11, "STATIC_MODE_VIOLATION", "change of state in a static call";
    /// A precompiled contract failed.
    PrecompileFailure = 12, "PRECOMPILE_FAILURE", "precompile failure";
    /// The code is not a valid contract.
    ContractValidationFailure = 13, "CONTRACT_VALIDATION_FAILURE", "the contract is not valid";
    /// A host function was given a value outside its range.
    ArgumentOutOfRange = 14, "ARGUMENT_OUT_OF_RANGE", "argument out of range";
    /// The contract executed wasm's `unreachable`.
    WasmUnreachableInstruction = 15, "WASM_UNREACHABLE_INSTRUCTION", "wasm unreachable instruction";
    /// Any other wasm trap.
    WasmTrap = 16, "WASM_TRAP", "wasm trap";
    /// The sender has less than the value it wants to transfer.
    InsufficientBalance = 17, "INSUFFICIENT_BALANCE", "insufficient balance";
    /// This node failed. Never a result of the contract.
    InternalError = -1, "INTERNAL_ERROR", "internal error of this node";
    /// This VM does not execute this code or this message; another may.
    Rejected = -2, "REJECTED", "rejected: not for this VM";
    /// This node has no memory left. Never a result of the contract.
    OutOfMemory = -3, "OUT_OF_MEMORY", "this node is out of memory";
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: EVMC 12 `enum evmc_status_code`.
    #[test]
    fn numbers_are_evmcs() {
        let numbers: Vec<i32> = StatusCode::ALL.iter().map(|s| *s as i32).collect();
        let expected: Vec<i32> = (0..=17).chain([-1, -2, -3]).collect();
        assert_eq!(numbers, expected);
        for status in StatusCode::ALL {
            assert_eq!(StatusCode::from_i32(*status as i32), Some(*status));
        }
        for unknown in [i32::MIN, -4, 18, i32::MAX] {
            assert_eq!(StatusCode::from_i32(unknown), None);
        }
    }
}
