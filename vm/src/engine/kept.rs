//! Instances that have run and serve again.
//!
//! An instance that is kept is as new: linear memory is put back (`hebe_memory`), the entry function gives the globals their first
//! values ([`RUN_EXPORT`](crate::meter::RUN_EXPORT)), and an instance whose memory grew, whose table or segments changed,
//! or that a fault ended is not kept.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use hebe_memory::Image;

/// How many idle instances a contract has at the most: as many levels of a nest, or threads, may run it without setting one up. It is the
/// depth to which messages nest; what bounds the memory is the room.
const MOST_IDLE: usize = 1_024;

/// Bytes of an instance beside its memory: an estimate.
const INSTANCE: usize = 8 << 10;

/// A contract whose memory is not zero in more than this, in bytes, as [`Image::weight`] has it, keeps no instance.
const MOST_IMAGE: usize = 256 << 10;

/// What the instances of an engine that are kept share: room for so many bytes, and for so many contracts. Those that have been
/// there for longest make way.
pub(super) struct Room<I> {
    bytes: usize,
    contracts: usize,
    used: Arc<AtomicUsize>,
    /// Whose instances are kept, the first listed first.
    order: Mutex<VecDeque<Weak<Kept<I>>>>,
}

/// An instance's share of the room, given back when dropped, and what its memory is put back to.
pub(super) struct Place {
    used: Arc<AtomicUsize>,
    bytes: usize,
    image: Arc<Image>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl Place {
    /// Puts memory back to what it was when the instance was set up. False if that cannot be, because it grew. Memory that
    /// nobody wrote to is not looked at.
    pub(super) fn restore(&self, memory: &mut [u8], was_written: bool) -> bool {
        if was_written { self.image.restore(memory) } else { self.image.size() == memory.len() }
    }
}

/// The idle instances of a contract.
pub(super) struct Kept<I> {
    idle: Mutex<Vec<I>>,
    /// There while an instance is.
    image: Mutex<Weak<Image>>,
    /// It is in the room's order.
    is_listed: AtomicBool,
    /// It has run before. An instance of a contract that runs once is not worth keeping.
    has_run: AtomicBool,
    /// No instance of it is kept.
    never: AtomicBool,
}

impl<I> Kept<I> {
    /// No instance yet; `never` will there be one.
    pub(super) fn new(never: bool) -> Arc<Self> {
        Arc::new(Self {
            idle: Mutex::default(),
            image: Mutex::default(),
            is_listed: AtomicBool::new(false),
            has_run: AtomicBool::new(false),
            never: AtomicBool::new(never),
        })
    }

    /// An idle instance, if there is one.
    pub(super) fn take(&self) -> Option<I> {
        lock(&self.idle).pop()
    }

    /// Lets go of the idle instances.
    pub(super) fn clear(&self) {
        let idle = std::mem::take(&mut *lock(&self.idle));
        drop(idle);
    }

    /// A place for an instance that was just set up, with this memory; nothing if it is to be dropped after its run.
    pub(super) fn place(self: &Arc<Self>, room: &Room<I>, memory: &[u8]) -> Option<Place> {
        if self.never.load(Ordering::Relaxed) || !self.has_run.swap(true, Ordering::Relaxed) {
            return None;
        }
        let image = self.image(memory);
        if image.weight() > MOST_IMAGE {
            self.never.store(true, Ordering::Relaxed);
            return None;
        }
        let bytes = memory.len() + image.weight() + INSTANCE;
        room.used.fetch_add(bytes, Ordering::Relaxed);
        let place = Place { used: Arc::clone(&room.used), bytes, image };
        room.list(self);
        Some(place)
    }

    fn image(&self, memory: &[u8]) -> Arc<Image> {
        let mut known = lock(&self.image);
        known.upgrade().unwrap_or_else(|| {
            let image = Arc::new(Image::of(memory));
            *known = Arc::downgrade(&image);
            image
        })
    }

    /// Keeps an instance that is as new, if there is room for it.
    pub(super) fn put(self: &Arc<Self>, room: &Room<I>, instance: I) {
        if room.used.load(Ordering::Relaxed) > room.bytes {
            return;
        }
        let mut idle = lock(&self.idle);
        if idle.len() < MOST_IDLE {
            idle.push(instance);
            drop(idle);
            room.list(self);
        }
    }
}

impl<I> Room<I> {
    /// Room for instances of so many bytes in all, of so many contracts.
    pub(super) fn new(bytes: usize, contracts: usize) -> Self {
        Self { bytes, contracts, used: Arc::default(), order: Mutex::new(VecDeque::new()) }
    }

    /// Sees to it that a contract is in the order, and lets go of the first ones' idle instances if there is too much.
    fn list(&self, kept: &Arc<Kept<I>>) {
        let is_listed = kept.is_listed.swap(true, Ordering::Relaxed);
        if is_listed && !self.is_full() {
            return;
        }
        let mut order = lock(&self.order);
        if !is_listed {
            order.push_back(Arc::downgrade(kept));
        }
        while order.len() > self.contracts || (self.is_full() && order.len() > 1) {
            let Some(first) = order.pop_front() else { break };
            if let Some(first) = first.upgrade() {
                // One that is in use is listed again when it comes back.
                first.is_listed.store(false, Ordering::Relaxed);
                first.clear();
            }
        }
    }

    fn is_full(&self) -> bool {
        self.used.load(Ordering::Relaxed) > self.bytes
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while these locks are held, and what they hold is always whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An instance, as far as it matters here.
    struct Instance {
        _place: Place,
    }

    fn set_up(kept: &Arc<Kept<Instance>>, room: &Room<Instance>, memory: &[u8]) -> Option<Instance> {
        kept.place(room, memory).map(|place| Instance { _place: place })
    }

    fn kept() -> Arc<Kept<Instance>> {
        let kept = Kept::new(false);
        // The first run is of an instance that is not kept.
        kept.has_run.store(true, Ordering::Relaxed);
        kept
    }

    /// Whatever is in use at once, the idle ones are within the room: a nest of five large ones first, then many small ones.
    #[test]
    fn idle_instances_stay_within_the_room() {
        let room = Room::new(1 << 20, 1_000);
        let (large, small) = (vec![0; 400 << 10], vec![0; 4 << 10]);
        let nest: Vec<_> = (0..5).map(|_| kept()).collect();
        let running: Vec<_> = nest.iter().map(|kept| set_up(kept, &room, &large).expect("kept")).collect();
        for (kept, instance) in nest.iter().zip(running) {
            kept.put(&room, instance);
        }
        let others: Vec<_> = (0..2_000).map(|_| kept()).collect();
        for round in 0..3 {
            for kept in &others {
                let instance = kept.take().or_else(|| set_up(kept, &room, &small)).expect("kept");
                kept.put(&room, instance);
                assert!(room.used.load(Ordering::Relaxed) <= (1 << 20), "round {round}");
                assert!(lock(&room.order).len() <= 1_000);
            }
        }
        let idle: usize = nest.iter().chain(&others).map(|kept| lock(&kept.idle).len()).sum();
        // 12 KiB and an image of 16 bytes each.
        assert!((40..=(1 << 20) / (12 << 10)).contains(&idle), "{idle}");
        drop((nest, others));
        assert_eq!(room.used.load(Ordering::Relaxed), 0);
    }

    /// 65 chunks of 4 KiB that are not zero are more than 256 KiB; 60 are not.
    #[test]
    fn a_large_image_is_not_kept() {
        let room = Room::new(64 << 20, 10);
        for (chunks, is_kept) in [(60, true), (65, false)] {
            let mut memory = vec![0; 1 << 20];
            (0..chunks).for_each(|chunk| memory[chunk * 4_096] = 1);
            let kept = kept();
            assert_eq!(set_up(&kept, &room, &memory).is_some(), is_kept);
            assert!(
                kept.image.lock().expect("no panic").upgrade().is_none(),
                "it goes with the last instance"
            );
        }
    }
}
