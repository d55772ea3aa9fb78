//! Modules of wasmtime, in and out.

use wasmtime::{Engine, Module};

use crate::{Artifact, Artifacts, PutError, entry::Kind};

impl Artifacts {
    /// Stores a compiled module under a key; [`Artifact::load`] brings it back. The key must cover all that shapes what the code
    /// does: the contract, and how it was metered and compiled.
    ///
    /// # Errors
    ///
    /// See [`PutError`]. The folder is as before, but for entries that made room.
    pub fn put_module(&self, key: &[u8; 32], module: &Module) -> Result<(), PutError> {
        let bytes = module.serialize().map_err(|error| PutError::Serialize(error.to_string()))?;
        self.put_kind(key, &bytes, Kind::Module)
    }
}

impl Artifact {
    /// The module that [`Artifacts::put_module`] stored. None if it was [`put`](Artifacts::put) as bytes, or if the engine has
    /// another version of wasmtime, other settings or a processor without what the code needs: compile it then.
    #[must_use]
    #[allow(unsafe_code)]
    pub fn load(&self, engine: &Engine) -> Option<Module> {
        if self.kind != Kind::Module {
            return None;
        }
        // SAFETY: `deserialize` wants exactly what `Module::serialize` gave, of any version of wasmtime; it looks at version,
        // settings and processor itself. An `Artifact` is made in `entry::read` alone, from bytes with a valid MAC under the
        // folder's secret key, which covers the kind. Only processes that read the key file know that key, so they run as this
        // user; this crate hands it to nobody, and uses it for kind `Module` in `put_module` alone, whose bytes are from
        // `Module::serialize`. The bytes are a copy in our memory and do not change any more.
        unsafe { Module::deserialize(engine, self.bytes()) }.ok()
    }
}
