//! The contracts that ran last, found without hashing all of their bytes.
//!
//! A few words of the code and its length choose a place; then all bytes are compared. Who makes contracts that share these words makes
//! them share a place, and has them looked up the longer way, by all their bytes: that is all.

use std::{
    hash::BuildHasher,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use foldhash::quality::RandomState;

use super::{Contract, Shape};

/// Places for contracts whose samples choose the same set.
const WAYS: usize = 4;
/// Sets, a power of two.
const SETS: usize = 64;
/// Words of the code that are looked at.
const SAMPLES: usize = 8;
/// Every so often a contract is looked up the longer way, so that the map knows that it is in use.
const TOUCH: u32 = 64;

pub(super) struct Recent<C> {
    sets: Box<[Mutex<Set<C>>]>,
    seed: RandomState,
}

struct Set<C> {
    ways: [Option<Way<C>>; WAYS],
    /// The way that makes room for the next.
    oldest: usize,
}

struct Way<C> {
    sample: u64,
    shape: Shape,
    contract: Weak<Contract<C>>,
    hits: u32,
}

impl<C> Recent<C> {
    pub(super) fn new() -> Self {
        let set = || Mutex::new(Set { ways: [const { None }; WAYS], oldest: 0 });
        Self { sets: (0..SETS).map(|_| set()).collect(), seed: RandomState::default() }
    }

    /// A secret number of some of the code's words.
    pub(super) fn sample(&self, shape: Shape, bytes: &[u8]) -> u64 {
        let mut words = [0; SAMPLES];
        if let Some(last) = bytes.len().checked_sub(8) {
            for (index, word) in words.iter_mut().enumerate() {
                let at = last * index / (SAMPLES - 1);
                *word = u64::from_le_bytes(*bytes[at..].first_chunk().unwrap_or(&[0; 8]));
            }
        }
        self.seed.hash_one((words, bytes.len(), shape))
    }

    /// The contract with these bytes, if it ran lately.
    pub(super) fn get(&self, sample: u64, shape: Shape, bytes: &[u8]) -> Option<Arc<Contract<C>>> {
        let contract = self.set(sample).ways.iter_mut().flatten().find_map(|way| {
            way.hits = way.hits.wrapping_add(1);
            let fits = way.sample == sample && way.shape == shape && way.hits % TOUCH != 0;
            if fits { way.contract.upgrade() } else { None }
        });
        contract.filter(|contract| *contract.bytes == *bytes)
    }

    pub(super) fn put(&self, sample: u64, shape: Shape, contract: &Arc<Contract<C>>) {
        let mut set = self.set(sample);
        let way = Way { sample, shape, contract: Arc::downgrade(contract), hits: 0 };
        let same = set
            .ways
            .iter()
            .position(|way| way.as_ref().is_none_or(|way| way.sample == sample && way.shape == shape));
        let place = same.unwrap_or(set.oldest);
        set.ways[place] = Some(way);
        set.oldest = (place + 1) % WAYS;
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        for number in 0..SETS as u64 {
            self.set(number).ways = [const { None }; WAYS];
        }
    }

    fn set(&self, sample: u64) -> MutexGuard<'_, Set<C>> {
        // Nothing panics while a lock is held.
        self.sets[sample as usize % SETS].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
