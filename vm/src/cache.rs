//! Compiled contracts in memory, bounded in bytes.
//!
//! A contract is found by its bytes: a hash with a secret seed finds the place, then all bytes are
//! compared. A pointer is never trusted (clients reuse buffers), and neither is a hash that a client
//! hands over. Whether something is in the cache decides speed, never a result.

use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use foldhash::quality::RandomState;
use hebe_host_ei::{Profile, Revision};
use quick_cache::{
    Equivalent, OptionsBuilder, Weighter,
    sync::{Cache as Map, DefaultLifecycle},
};

use crate::{meter::Metering, validate::InvalidCode};

/// All that shapes what becomes of a code's bytes, beside the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// The name of the profile. Profiles with different rules have different names.
    pub profile: &'static str,
    /// The revision, and with it what host functions exist and cost.
    pub revision: Revision,
    /// Who pays for wasm instructions.
    pub metering: Metering,
    /// Whether imports from `debug` are allowed.
    pub debug: bool,
}

impl Shape {
    /// The shape of code that runs at `revision` with these settings.
    pub fn new(profile: &Profile, revision: Revision, metering: Metering, debug: bool) -> Self {
        Self { profile: profile.name, revision, metering, debug }
    }
}

/// A contract that can run.
#[derive(Debug)]
pub struct Contract<C> {
    /// The bytes as they stand in the state.
    pub bytes: Arc<[u8]>,
    /// What the engine made of them.
    pub code: C,
}

/// What the cache knows of some bytes: a contract, or why they are none.
pub type Known<C> = Result<Arc<Contract<C>>, Arc<InvalidCode>>;

struct Key {
    shape: Shape,
    bytes: Arc<[u8]>,
}

#[derive(PartialEq)]
struct Lookup<'a> {
    shape: Shape,
    bytes: &'a [u8],
}

impl Key {
    fn lookup(&self) -> Lookup<'_> {
        Lookup { shape: self.shape, bytes: &self.bytes }
    }
}

impl Hash for Key {
    fn hash<S: Hasher>(&self, state: &mut S) {
        self.lookup().hash(state);
    }
}

impl Hash for Lookup<'_> {
    fn hash<S: Hasher>(&self, state: &mut S) {
        self.shape.hash(state);
        self.bytes.hash(state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.lookup() == other.lookup()
    }
}

impl Eq for Key {}

impl Equivalent<Key> for Lookup<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        *self == key.lookup()
    }
}

/// What an entry weighs, in bytes.
#[derive(Clone)]
struct Weight;

/// Bytes of translated code for a byte of wasm, and of an entry without its code: estimates, on the high side.
/// With wasmi 2.0 a token of 2,221 bytes took 7,123 bytes after a call that translated a third of it.
const CODE_FACTOR: u64 = 8;
const ENTRY: u64 = 4_096;

impl<C> Weighter<Key, Known<C>> for Weight {
    fn weight(&self, key: &Key, known: &Known<C>) -> u64 {
        let bytes = key.bytes.len() as u64;
        match known {
            Ok(_) => ENTRY + bytes * (1 + CODE_FACTOR),
            Err(invalid) => ENTRY + bytes + invalid.text_bytes() as u64,
        }
    }
}

/// Compiled contracts and refused code.
pub struct Cache<C> {
    map: Map<Key, Known<C>, Weight, RandomState>,
}

/// With more than this, the cache is split into parts with a lock each.
const SPLIT: usize = 64 << 20;

impl<C> Cache<C> {
    /// A cache that holds up to `bytes`. 0 is a cache that holds nothing.
    pub fn new(bytes: usize) -> Self {
        let options = OptionsBuilder::new()
            .shards(if bytes < SPLIT { 1 } else { 4 })
            .estimated_items_capacity((bytes / (16 << 10)).clamp(32, 16_384))
            .weight_capacity(bytes as u64)
            .build()
            .expect("both capacities are given");
        let map = Map::with_options(options, Weight, RandomState::default(), DefaultLifecycle::default());
        Self { map }
    }

    /// What is known of these bytes, or what `make` finds out, which is then known.
    ///
    /// `make` may fail with a fault of the node; that is not remembered. No lock is held while it runs.
    pub fn get_or_make<E>(
        &self,
        shape: Shape,
        bytes: &[u8],
        make: impl FnOnce() -> Result<Result<C, InvalidCode>, E>,
    ) -> Result<Known<C>, E> {
        if let Some(known) = self.map.get(&Lookup { shape, bytes }) {
            return Ok(known);
        }
        let bytes: Arc<[u8]> = bytes.into();
        let known = match make()? {
            Ok(code) => Ok(Arc::new(Contract { bytes: Arc::clone(&bytes), code })),
            Err(invalid) => Err(Arc::new(invalid)),
        };
        self.map.insert(Key { shape, bytes }, known.clone());
        Ok(known)
    }

    /// What its entries weigh, in bytes.
    pub fn weight(&self) -> u64 {
        self.map.weight()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    const SHAPE: Shape =
        Shape { profile: "r4", revision: Revision::Byzantium, metering: Metering::None, debug: false };

    /// Looks bytes up and says whether they had to be made.
    fn made(cache: &Cache<u8>, shape: Shape, bytes: &[u8]) -> bool {
        let mut made = false;
        let known = cache.get_or_make::<Infallible>(shape, bytes, || {
            made = true;
            Ok(Ok(bytes[0]))
        });
        let contract = known.expect("no fault").expect("valid");
        assert_eq!((&*contract.bytes, contract.code), (bytes, bytes[0]));
        made
    }

    #[test]
    fn found_by_bytes_and_shape_and_nothing_else() {
        let cache = Cache::new(1 << 20);
        let mut buffer = vec![1; 100];
        assert!(made(&cache, SHAPE, &buffer));
        assert!(!made(&cache, SHAPE, &buffer.clone()));
        // The same buffer with other bytes, as a client that reuses its memory has it.
        buffer[0] = 2;
        assert!(made(&cache, SHAPE, &buffer));
        assert!(made(&cache, SHAPE, &buffer[..99]));
        assert!(made(&cache, Shape { debug: true, ..SHAPE }, &buffer));
        assert!(made(&cache, Shape { profile: "extended", ..SHAPE }, &buffer));
        assert!(made(&cache, Shape { revision: Revision::Osaka, ..SHAPE }, &buffer));
        assert_eq!(cache.len(), 6);
    }

    #[test]
    fn stays_within_its_bytes() {
        for bytes in [0, 1, 5_000, 50_000, 1 << 20] {
            let cache = Cache::new(bytes);
            for n in 0..2_000_u32 {
                made(&cache, SHAPE, &n.to_le_bytes().repeat(100));
                assert!(cache.weight() <= bytes as u64, "{} of {bytes} bytes", cache.weight());
            }
            // An entry of 400 bytes weighs 4,096 + 9 × 400 = 7,696.
            assert_eq!(cache.is_empty(), bytes < 7_696);
        }
    }

    #[test]
    fn a_fault_is_not_remembered() {
        let cache = Cache::<u8>::new(1 << 20);
        assert!(matches!(cache.get_or_make(SHAPE, b"x", || Err("fault")), Err("fault")));
        assert!(made(&cache, SHAPE, b"x"));
    }
}
