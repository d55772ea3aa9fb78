//! What a client asks for, read and checked before anything runs.

use hebe_host_ei::{CallKind, Message, Revision, StatusCode};

use crate::{abi, convert};

/// One call of `execute`, without the client's host.
pub(crate) struct Request<'a> {
    pub(crate) revision: Revision,
    pub(crate) message: Message,
    pub(crate) code: &'a [u8],
}

/// A call of `execute` that no VM could answer, or none that knows EVMC 12 only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadRequest {
    #[error("there is no message")]
    NoMessage,
    #[error("the code of {0} bytes is not there")]
    NoCode(usize),
    #[error("the input of {0} bytes is not there")]
    NoInput(usize),
    #[error("out of memory for an input of {0} bytes")]
    Memory(usize),
    #[error("EVMC {version} has no message kind {0}", version = abi::ABI_VERSION)]
    Kind(i32),
    #[error("EVMC {version} has no revision {0}", version = abi::ABI_VERSION)]
    Revision(i32),
}

impl BadRequest {
    /// What the client is told: a mistake of its own is an internal error, what a newer VM may know
    /// is rejected.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NoMessage | Self::NoCode(_) | Self::NoInput(_) => StatusCode::InternalError,
            Self::Memory(_) => StatusCode::OutOfMemory,
            Self::Kind(_) | Self::Revision(_) => StatusCode::Rejected,
        }
    }
}

impl Request<'_> {
    /// # Safety
    /// The message is null or a message; its input and the code are as [`convert::items`] wants them.
    pub(crate) unsafe fn read(
        revision: i32,
        message: *const abi::Message,
        code: *const u8,
        code_size: usize,
    ) -> Result<Self, BadRequest> {
        // SAFETY: the caller's promise.
        let (message, code) = unsafe { (message.as_ref(), convert::items(code, code_size)) };
        let message = message.ok_or(BadRequest::NoMessage)?;
        Ok(Self {
            code: code.ok_or(BadRequest::NoCode(code_size))?,
            // SAFETY: the caller's promise.
            message: unsafe { message_in(message) }?,
            revision: Revision::from_i32(revision).ok_or(BadRequest::Revision(revision))?,
        })
    }
}

/// A message from C.
///
/// # Safety
/// The input is as [`convert::items`] wants it, for the time of this call.
pub(crate) unsafe fn message_in(message: &abi::Message) -> Result<Message, BadRequest> {
    let size = message.input_size;
    // SAFETY: the caller's promise.
    let input = unsafe { convert::items(message.input_data, size) }.ok_or(BadRequest::NoInput(size))?;
    Ok(Message {
        kind: CallKind::from_i32(message.kind).ok_or(BadRequest::Kind(message.kind))?,
        is_static: message.flags & abi::FLAG_STATIC != 0,
        is_delegated: message.flags & abi::FLAG_DELEGATED != 0,
        depth: message.depth,
        gas: message.gas,
        recipient: convert::address_in(&message.recipient),
        sender: convert::address_in(&message.sender),
        input: convert::copy(input).ok_or(BadRequest::Memory(size))?,
        value: convert::number_in(&message.value),
        create2_salt: convert::word_in(&message.create2_salt),
        code_address: convert::address_in(&message.code_address),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes back from C is what went there.
    #[test]
    fn a_message_survives_the_edge() {
        for is_static in [false, true] {
            let message = Message {
                kind: CallKind::Create2,
                is_static,
                is_delegated: !is_static,
                depth: -7,
                gas: i64::MAX - 1,
                recipient: hebe_host_ei::Address([1; 20]),
                sender: hebe_host_ei::Address([2; 20]),
                input: vec![3; 33],
                value: u64::MAX.into(),
                create2_salt: 4.into(),
                code_address: hebe_host_ei::Address([5; 20]),
            };
            let out = convert::message_out(&message);
            // SAFETY: `message` lives.
            assert_eq!(unsafe { message_in(&out) }, Ok(message));
        }
    }
}
