//! Compiled contracts in memory, bounded in bytes.
//!
//! A contract is found by its bytes: a hash with a secret seed finds the place, then all bytes are
//! compared. A pointer is never trusted (clients reuse buffers), and neither is a hash that a client
//! hands over. Whether something is in the cache decides speed, never a result.

mod recent;

use std::{
    hash::{Hash, Hasher},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use foldhash::quality::RandomState;
use hebe_host_ei::{Profile, Revision};
use quick_cache::{
    Equivalent, OptionsBuilder, Weighter,
    sync::{Cache as Map, DefaultLifecycle},
};

use self::recent::Recent;
use crate::{
    meter::{METER_VERSION, Metering},
    validate::InvalidCode,
};

/// All that shapes what becomes of a code's bytes, beside the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// The name of the profile. Profiles with different rules have different names.
    pub profile: &'static str,
    /// The revision, and with it what host functions exist and cost.
    pub revision: Revision,
    /// Who pays for wasm instructions.
    pub metering: Metering,
    /// Init code of a create. It is metered before it runs where code is metered before it is deployed.
    pub is_create: bool,
    /// The hash of the prices.
    pub schedule: [u8; 32],
    /// The version of the meter.
    pub meter: u32,
    /// Whether imports from `debug` are allowed.
    pub debug: bool,
}

impl Shape {
    /// The shape of code that runs at `revision` with these settings, and is no init code.
    pub fn new(
        profile: &Profile,
        revision: Revision,
        metering: Metering,
        schedule: [u8; 32],
        debug: bool,
    ) -> Self {
        let meter = METER_VERSION;
        Self { profile: profile.name, revision, metering, is_create: false, schedule, meter, debug }
    }
}

/// A contract that can run.
#[derive(Debug)]
pub struct Contract<C> {
    /// The bytes as they stand in the state.
    pub bytes: Arc<[u8]>,
    /// What the engine made of them.
    pub code: C,
    /// What that takes, in bytes.
    weight: u64,
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

/// Bytes of an entry beside its code: an estimate, on the high side.
const ENTRY: u64 = 4_096;

/// With a cache smaller than this, so much compiled code may still be there.
const LEAST: u64 = 4 << 20;

impl<C> Weighter<Key, Known<C>> for Weight {
    fn weight(&self, key: &Key, known: &Known<C>) -> u64 {
        let bytes = key.bytes.len() as u64;
        match known {
            Ok(contract) => ENTRY + bytes + contract.weight,
            Err(invalid) => ENTRY + bytes + invalid.text_bytes() as u64,
        }
    }
}

/// Compiled contracts and refused code.
pub struct Cache<C> {
    map: Map<Key, Known<C>, Weight, RandomState>,
    recent: Recent<C>,
    bytes: u64,
    /// What was compiled since the cache was last emptied, in bytes.
    compiled: AtomicU64,
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
        Self { map, recent: Recent::new(), bytes: bytes as u64, compiled: AtomicU64::new(0) }
    }

    /// What is known of these bytes, or what `make` finds out, which is then known.
    ///
    /// `make` gives a contract with what it takes in bytes. It may fail with a fault of the node; that is not
    /// remembered. No lock is held while it runs.
    pub fn get_or_make<E>(
        &self,
        shape: Shape,
        bytes: &[u8],
        make: impl FnOnce() -> Result<Result<(C, u64), InvalidCode>, E>,
    ) -> Result<Known<C>, E> {
        let sample = self.recent.sample(shape, bytes);
        if let Some(contract) = self.recent.get(sample, shape, bytes) {
            return Ok(Ok(contract));
        }
        if let Some(known) = self.map.get(&Lookup { shape, bytes }) {
            if let Ok(contract) = &known {
                self.recent.put(sample, shape, contract);
            }
            return Ok(known);
        }
        let bytes: Arc<[u8]> = bytes.into();
        let known = match make()? {
            Ok((code, weight)) => Ok(Arc::new(Contract { bytes: Arc::clone(&bytes), code, weight })),
            Err(invalid) => Err(Arc::new(invalid)),
        };
        self.map.insert(Key { shape, bytes }, known.clone());
        Ok(known)
    }

    /// Makes room for a contract that is about to be compiled. True if everything was let go for that: then the engine
    /// should let go of what it compiled, too, since it cannot free a single contract.
    pub fn make_room(&self, weight: u64) -> bool {
        let compiled = self.compiled.fetch_add(weight, Ordering::Relaxed).saturating_add(weight);
        if compiled <= self.bytes.max(LEAST) {
            return false;
        }
        self.compiled.store(weight, Ordering::Relaxed);
        self.map.clear();
        self.recent.clear();
        true
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.compiled.store(0, Ordering::Relaxed);
        self.map.clear();
        self.recent.clear();
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

    const SHAPE: Shape = Shape {
        profile: "r4",
        revision: Revision::Byzantium,
        metering: Metering::None,
        is_create: false,
        schedule: [0; 32],
        meter: 1,
        debug: false,
    };

    /// Looks bytes up and says whether they had to be made.
    fn made(cache: &Cache<u8>, shape: Shape, bytes: &[u8]) -> bool {
        let mut made = false;
        let known = cache.get_or_make::<Infallible>(shape, bytes, || {
            made = true;
            Ok(Ok((bytes[0], 100)))
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
        assert!(made(&cache, Shape { schedule: [1; 32], ..SHAPE }, &buffer));
        assert!(made(&cache, Shape { metering: Metering::Sentinel, ..SHAPE }, &buffer));
        assert!(made(&cache, Shape { metering: Metering::Sentinel, is_create: true, ..SHAPE }, &buffer));
        assert!(made(&cache, Shape { meter: 2, ..SHAPE }, &buffer));
        assert_eq!(cache.len(), 10);
    }

    /// Few of these bytes are looked at before all are compared; each of them makes another contract, also when it comes back.
    #[test]
    fn each_byte_counts() {
        let cache = Cache::new(64 << 20);
        let buffer = vec![1; 1_000];
        assert!(
            made(&cache, SHAPE, &buffer) && !made(&cache, SHAPE, &buffer) && !made(&cache, SHAPE, &buffer)
        );
        for at in 1..1_000 {
            let mut other = buffer.clone();
            other[at] = 2;
            assert!(made(&cache, SHAPE, &other), "{at}");
            for _ in 0..3 {
                assert!(!made(&cache, SHAPE, &other) && !made(&cache, SHAPE, &buffer), "{at}");
            }
        }
    }

    /// What is gone from the map is not found by its sample either.
    #[test]
    fn nothing_outlives_the_map() {
        let cache = Cache::new(1 << 20);
        let held = cache.get_or_make::<Infallible>(SHAPE, b"held", || Ok(Ok((b'h', 1)))).expect("no fault");
        assert!(!made(&cache, SHAPE, b"held") && !made(&cache, SHAPE, b"held"));
        cache.clear();
        assert!(made(&cache, SHAPE, b"held"));
        drop(held);
    }

    #[test]
    fn stays_within_its_bytes() {
        for bytes in [0, 1, 4_500, 50_000, 1 << 20] {
            let cache = Cache::new(bytes);
            for n in 0..2_000_u32 {
                made(&cache, SHAPE, &n.to_le_bytes().repeat(100));
                assert!(cache.weight() <= bytes as u64, "{} of {bytes} bytes", cache.weight());
            }
            // An entry of 400 bytes whose code takes 100 weighs 4,096 + 400 + 100 = 4,596.
            assert_eq!(cache.is_empty(), bytes < 4_596);
        }
    }

    /// Whatever is evicted one by one, all is let go when as much was compiled as there is room for.
    #[test]
    fn all_is_let_go_when_enough_was_compiled() {
        let cache = Cache::new(10 << 20);
        made(&cache, SHAPE, b"x");
        assert!(!cache.make_room(6 << 20) && !cache.make_room(4 << 20));
        assert_eq!(cache.len(), 1);
        assert!(cache.make_room(1));
        assert!(cache.is_empty());
        assert!(!cache.make_room(9 << 20) && cache.make_room(2 << 20));
    }

    #[test]
    fn a_fault_is_not_remembered() {
        let cache = Cache::<u8>::new(1 << 20);
        assert!(matches!(cache.get_or_make(SHAPE, b"x", || Err("fault")), Err("fault")));
        assert!(made(&cache, SHAPE, b"x"));
    }
}
