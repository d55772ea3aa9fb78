//! [`Validated`] → [`Metered`]: the module that an engine gets.

use crate::validate::Validated;

/// Who pays for wasm instructions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Metering {
    /// Nobody: only host functions and the contract's own `useGas` cost gas. This does not bound the
    /// time of an execution, so it is for trusted code.
    #[default]
    None,
}

impl Metering {
    /// The name under which it is chosen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
        }
    }
}

/// A module as an engine gets it. There is no other way to one than [`meter`].
#[derive(Clone, Copy, Debug)]
pub struct Metered<'a> {
    bytes: &'a [u8],
}

impl Metered<'_> {
    /// The module's bytes.
    pub fn bytes(&self) -> &[u8] {
        self.bytes
    }
}

/// Makes of a contract the module that an engine gets.
pub fn meter(module: Validated<'_>, metering: Metering) -> Metered<'_> {
    match metering {
        Metering::None => Metered { bytes: module.bytes() },
    }
}
