//! Why a command ends early, and with which exit code.

use std::{io, process::ExitCode};

use crate::print::{self, Style};

/// The contract or a test failed. Said by the answer itself, so no error.
pub(crate) const FAILED: u8 = 1;
/// What was asked cannot be done as it was asked.
pub(crate) const USAGE: u8 = 2;
/// This node failed, not the contract.
const NODE_FAULT: u8 = 3;
/// The reader of the output went away: what a shell shows for a program that SIGPIPE ended.
const BROKEN_PIPE: u8 = 128 + 13;

/// Why a command ends early. The text says what to do about it.
#[derive(Debug)]
pub(crate) enum Error {
    /// Bad arguments or input.
    Usage(String),
    /// This node failed.
    Node(String),
    /// The answer could not be written.
    Output(io::Error),
}

impl Error {
    /// Bad arguments or input.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    /// Tells the person, unless nobody listens any more.
    pub(crate) fn tell(&self) {
        let text = match self {
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return,
            Self::Output(error) => &format!("cannot write the answer: {error}"),
            Self::Usage(text) | Self::Node(text) => text,
        };
        print::to_stderr(&format!("{} {text}\n", Style::stderr().bad("error:")));
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Usage(_) => USAGE,
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => BROKEN_PIPE,
            Self::Node(_) | Self::Output(_) => NODE_FAULT,
        })
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
