//! Why a module is not a contract, for a person.

use std::fmt;

use hebe_host_ei::{Import, Revision, Since};

use super::features;

/// A module that is not a contract: which rule it breaks, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidCode {
    /// The rule.
    pub violation: Violation,
    /// Where in the module, in bytes from its start.
    pub offset: usize,
    /// In which function, if in one.
    pub function: Option<Box<Function>>,
}

/// A function of a module, as a person finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its index, imports first.
    pub index: u32,
    /// Its name, where the module has a name section.
    pub name: Option<String>,
    /// The instruction, in the text format's spelling.
    pub instruction: Option<String>,
}

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// The module's version is not 1.
    #[error("wasm version {0}; a contract has version 1")]
    Version(u32),
    /// Not wasm by the rules of the language.
    #[error("{0}")]
    Wasm(String),
    /// Wasm with a feature that the profile does not have.
    #[error("{words}")]
    Feature {
        /// The feature, by the name of its proposal.
        feature: String,
        /// What is not enabled, in the parser's words.
        words: String,
    },
    /// More than the profile allows.
    #[error("{found} {what}; the limit {limit} is {bound}")]
    Limit {
        /// The limit's name.
        limit: &'static str,
        /// What is counted, in words.
        what: &'static str,
        /// How many there are, or, where counting stopped at the limit, one more than allowed.
        found: u64,
        /// How many there may be.
        bound: u32,
    },
    /// A start function would run before `main`.
    #[error("a start section; only `main` may run")]
    Start,
    /// An import that is not a function.
    #[error("the import {module:?} {name:?} is a {kind}; only functions can be imported")]
    ImportKind {
        /// The module it names.
        module: String,
        /// The name it asks for.
        name: String,
        /// What it is.
        kind: &'static str,
    },
    /// An import from another module.
    #[error("the import {module:?} {name:?} is from another module than `ethereum`")]
    ImportModule {
        /// The module it names.
        module: String,
        /// The name it asks for.
        name: String,
    },
    /// An import of a function that the profile does not have.
    #[error("the import {module:?} {name:?} does not exist{hint}")]
    ImportName {
        /// The module it names.
        module: String,
        /// The name it asks for.
        name: String,
        /// What else may be meant, or nothing.
        hint: &'static str,
    },
    /// An import of a function that is no part of revision 4 of the EEI, under a profile that has no other.
    #[error("the import {:?} {:?} does not exist in the profile {profile}, which has revision 4 of the interface alone",
        import.module, import.name)]
    ImportProfile {
        /// The function.
        import: &'static Import,
        /// The profile's name.
        profile: &'static str,
    },
    /// An import of a function that a later revision of Ethereum brings.
    #[error("the import {:?} {:?} does not exist at {revision}; it does from {} on ({})",
        import.module, import.name, since.revision, since.source)]
    ImportRevision {
        /// The function.
        import: &'static Import,
        /// When it comes.
        since: Since,
        /// When the code runs.
        revision: Revision,
    },
    /// An import with another signature.
    #[error("the import `{}` has the type {found}; its signature is {expected}", expected.name)]
    ImportSignature {
        /// The function.
        expected: &'static Import,
        /// The type that the module gives it.
        found: String,
    },
    /// An export beside `main` and `memory`.
    #[error("the export {0:?}; a contract exports `main` and `memory` and nothing else")]
    Export(String),
    /// No `main`, or one that is something else.
    #[error("{0}; a contract exports a function `main` without parameters and results")]
    Main(String),
    /// No `memory`, or one that is something else.
    #[error("{0}; a contract exports its linear memory as `memory`")]
    Memory(&'static str),
}

impl fmt::Display for InvalidCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at offset {:#x}", self.violation, self.offset)?;
        if let Some(function) = &self.function {
            write!(f, ", in {function}")?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "function {}", self.index)?;
        if let Some(name) = &self.name {
            write!(f, " {name:?}")?;
        }
        self.instruction.as_ref().map_or(Ok(()), |instruction| write!(f, ", `{instruction}`"))
    }
}

impl std::error::Error for InvalidCode {}

impl InvalidCode {
    /// A violation somewhere outside the functions.
    pub(super) fn at(offset: u64, violation: Violation) -> Self {
        Self { violation, offset: offset as usize, function: None }
    }

    /// In this function, whose name is found by [`super::names::name_it`].
    pub(super) fn in_function(self, index: u32) -> Self {
        let instruction = self.function.and_then(|function| function.instruction);
        Self { function: Some(Box::new(Function { index, name: None, instruction })), ..self }
    }

    /// More memory that a refusal takes than its own size: what its texts hold.
    pub(crate) fn text_bytes(&self) -> usize {
        self.to_string().len() * 2
    }
}

impl From<wasmparser::Error> for InvalidCode {
    fn from(error: wasmparser::Error) -> Self {
        let words = error.message().to_owned();
        let feature = error.missing_wasm_feature().and_then(features::name);
        let violation = match feature {
            Some(feature) => Violation::Feature { feature, words },
            None => Violation::Wasm(words),
        };
        Self::at(error.offset(), violation)
    }
}
