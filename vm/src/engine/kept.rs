//! Instances that have run and serve again.
//!
//! An instance that is kept is as new: linear memory is put back (`hebe_memory`), the entry function gives the globals their first
//! values ([`RUN_EXPORT`](crate::meter::RUN_EXPORT)), and an instance whose memory grew, whose table or segments changed,
//! or that a fault ended is not kept.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use hebe_memory::Image;

/// How many idle instances a contract has at the most: as many threads may run it without setting one up.
const MOST_IDLE: usize = 8;

/// Bytes of an instance beside its memory: an estimate.
const INSTANCE: usize = 8 << 10;

/// What all idle instances of an engine share: room for so many bytes and so many instances. The oldest make way.
pub(super) struct Room<I> {
    bytes: usize,
    count: usize,
    used: Arc<AtomicUsize>,
    /// Whose instances are kept, the oldest first.
    order: Mutex<VecDeque<Weak<Kept<I>>>>,
}

/// An instance's place in the room, given back when dropped.
pub(super) struct Place {
    used: Arc<AtomicUsize>,
    bytes: usize,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// The idle instances of a contract.
pub(super) struct Kept<I> {
    idle: Mutex<Vec<I>>,
    image: OnceLock<Image>,
    /// It has run before. An instance of a contract that runs once is not worth keeping.
    has_run: AtomicBool,
    /// No instance of it can be put back.
    never: bool,
}

impl<I> Kept<I> {
    /// No instance yet; `never` will there be one.
    pub(super) fn new(never: bool) -> Arc<Self> {
        let (idle, image) = (Mutex::new(Vec::new()), OnceLock::new());
        Arc::new(Self { idle, image, has_run: AtomicBool::new(false), never })
    }

    /// An idle instance, if there is one.
    pub(super) fn take(&self) -> Option<I> {
        if self.never { None } else { lock(&self.idle).pop() }
    }

    /// Lets go of the idle instances.
    pub(super) fn clear(&self) {
        let idle = std::mem::take(&mut *lock(&self.idle));
        drop(idle);
    }

    /// A place for an instance that was just set up, with this memory; nothing if it is to be dropped after its run.
    pub(super) fn place(self: &Arc<Self>, room: &Room<I>, memory: &[u8]) -> Option<Place> {
        if self.never || !self.has_run.swap(true, Ordering::Relaxed) {
            return None;
        }
        self.image.get_or_init(|| Image::of(memory));
        Some(room.place(self, memory.len()))
    }

    /// Puts memory back to what it was when the instance was set up. False if that cannot be, because it grew. Memory that
    /// nobody wrote to is not looked at.
    pub(super) fn restore(&self, memory: &mut [u8], was_written: bool) -> bool {
        match self.image.get() {
            Some(image) if was_written => image.restore(memory),
            Some(image) => image.size() == memory.len(),
            None => false,
        }
    }

    /// Keeps an instance that is as new.
    pub(super) fn put(&self, instance: I) {
        let mut idle = lock(&self.idle);
        if idle.len() < MOST_IDLE {
            idle.push(instance);
        }
    }
}

impl<I> Room<I> {
    /// Room for idle instances of so many bytes in all, and so many of them.
    pub(super) fn new(bytes: usize, count: usize) -> Self {
        Self { bytes, count, used: Arc::default(), order: Mutex::new(VecDeque::new()) }
    }

    /// A place for an instance with so much memory. For it, the oldest idle ones are dropped.
    fn place(&self, kept: &Arc<Kept<I>>, memory: usize) -> Place {
        let bytes = memory + INSTANCE;
        self.used.fetch_add(bytes, Ordering::Relaxed);
        let place = Place { used: Arc::clone(&self.used), bytes };
        let mut order = lock(&self.order);
        order.push_back(Arc::downgrade(kept));
        while order.len() > self.count || self.used.load(Ordering::Relaxed) > self.bytes {
            let Some(oldest) = order.pop_front() else { break };
            // One that is in use goes unless somebody is quicker to run it again.
            drop(oldest.upgrade().and_then(|kept| lock(&kept.idle).pop()));
        }
        place
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while these locks are held, and what they hold is always whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
