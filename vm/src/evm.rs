//! EVM bytecode and precompiled contracts: which messages are theirs, and the way there. Without the feature `evm` none is.

use hebe_host_ei::{Fault, Host, Message, Outcome, Revision};

use crate::options::Config;

#[cfg(feature = "evm")]
pub(crate) use with::{precompile, run, takes};
#[cfg(not(feature = "evm"))]
pub(crate) use without::{precompile, run, takes};

impl Config {
    /// True if EVM bytecode runs here.
    pub fn runs_evm(&self) -> bool {
        #[cfg(feature = "evm")]
        return self.evm1mode == crate::Evm1Mode::Native;
        #[cfg(not(feature = "evm"))]
        return false;
    }

    /// True if precompiled contracts answer.
    pub fn runs_precompiles(&self) -> bool {
        cfg!(feature = "evm") && self.precompiles
    }
}

#[cfg(feature = "evm")]
mod with {
    use hebe_evm::Precompile;

    use super::{Config, Fault, Host, Message, Outcome, Revision};
    use crate::{client::Client, fault::caught, validate::MAGIC};

    /// A precompiled contract's answer, if it is one that is called. An account that has code runs that.
    pub(crate) fn precompile(
        config: &Config,
        revision: Revision,
        code: &[u8],
        message: &Message,
    ) -> Option<Result<Outcome, Fault>> {
        // A delegation to a precompile runs no code at all (EIP-7702).
        let is_call = !message.kind.is_create() && !message.is_delegated && message.gas >= 0;
        let is_bare = code.is_empty() && !config.system.contains_key(&message.code_address);
        if !config.runs_precompiles() || !is_call || !is_bare {
            return None;
        }
        let is_ewasm = !config.profile.proposals;
        let precompile = Precompile::at(&message.code_address, revision, is_ewasm)?;
        Some(caught(|| precompile.run(&message.input, message.gas)))
    }

    /// True if the message runs EVM bytecode here.
    pub(crate) fn takes(config: &Config, code: &[u8], message: &Message) -> bool {
        let is_replaced = !message.kind.is_create() && config.system.contains_key(&message.code_address);
        let is_evm = !code.is_empty() && !code.starts_with(MAGIC) && !is_replaced;
        config.runs_evm() && is_evm && message.gas >= 0
    }

    /// Runs EVM bytecode.
    pub(crate) fn run<H: Host>(
        revision: Revision,
        code: &[u8],
        message: Message,
        host: H,
    ) -> (H, Result<Outcome, Fault>) {
        let mut client = Client(host);
        let outcome = caught(|| hebe_evm::execute(revision, code, message, &mut client));
        (client.0, outcome)
    }
}

#[cfg(not(feature = "evm"))]
mod without {
    use super::{Config, Fault, Host, Message, Outcome, Revision};

    pub(crate) fn precompile(
        _: &Config,
        _: Revision,
        _: &[u8],
        _: &Message,
    ) -> Option<Result<Outcome, Fault>> {
        None
    }

    pub(crate) fn takes(_: &Config, _: &[u8], _: &Message) -> bool {
        false
    }

    pub(crate) fn run<H: Host>(_: Revision, _: &[u8], _: Message, host: H) -> (H, Result<Outcome, Fault>) {
        (host, Err(Fault::Engine("this VM was built without EVM bytecode".to_owned())))
    }
}
