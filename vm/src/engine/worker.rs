//! One thread that compiles, behind the client's back.
//!
//! It never decides a result, only when a contract gets faster. What waits is bounded; the smallest goes first, so that one large contract
//! does not hold up many small ones, but every fourth time the one that has waited longest, so that it comes at all.

use std::{
    process,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError},
    thread::{self, JoinHandle},
};

use crate::fault::caught;

/// What waits at the most. What is turned away asks again after its next run.
const MOST_WAITING: usize = 256;

/// Something to compile.
pub(super) struct Job {
    /// How much it is, in bytes.
    pub(super) size: usize,
    pub(super) work: Box<dyn FnOnce() + Send>,
}

/// The thread, from the first job on. Dropping this waits for the job that it is at, and forgets the others.
#[derive(Default)]
pub(super) struct Worker {
    shared: Arc<Shared>,
    thread: Mutex<Option<(JoinHandle<()>, u32)>>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    wake: Condvar,
}

#[derive(Default)]
struct Queue {
    /// In the order in which they came.
    jobs: Vec<Job>,
    taken: u64,
    /// A job is being done.
    busy: bool,
    stop: bool,
}

impl Queue {
    fn next(&mut self) -> Option<Job> {
        self.taken += 1;
        let smallest = (0..self.jobs.len()).min_by_key(|index| self.jobs[*index].size)?;
        let index = if self.taken.is_multiple_of(4) { 0 } else { smallest };
        Some(self.jobs.remove(index))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // No job runs while a lock is held, so what it holds is whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Worker {
    /// Hands a job over. False if it was turned away: too much waits, somebody else is at the queue, or the system gives no thread.
    /// A client never waits here.
    pub(super) fn hand_over(&self, job: Job) -> bool {
        let mut queue = match self.shared.queue.try_lock() {
            Ok(queue) => queue,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return false,
        };
        if queue.jobs.len() >= MOST_WAITING || !self.is_there() {
            return false;
        }
        queue.jobs.push(job);
        drop(queue);
        self.shared.wake.notify_one();
        true
    }

    /// True if the thread runs, in this process: after a fork it is the parent's.
    fn is_there(&self) -> bool {
        let Ok(mut thread) = self.thread.try_lock() else { return false };
        if thread.is_none() {
            let shared = Arc::clone(&self.shared);
            let spawned = thread::Builder::new().name("hebe-compile".to_owned()).spawn(move || work(&shared));
            *thread = spawned.ok().map(|handle| (handle, process::id()));
        }
        thread.as_ref().is_some_and(|(_, process)| *process == process::id())
    }

    /// Waits until nothing is left to do.
    #[cfg(test)]
    pub(super) fn finish(&self) {
        let mut queue = lock(&self.shared.queue);
        while queue.busy || !queue.jobs.is_empty() {
            queue = self.shared.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let thread = lock(&self.thread).take();
        let Some((thread, process)) = thread else { return };
        if process != process::id() {
            // The parent's thread. Its queue may be locked forever here.
            return;
        }
        let mut queue = lock(&self.shared.queue);
        queue.stop = true;
        let forgotten = std::mem::take(&mut queue.jobs);
        drop(queue);
        drop(forgotten);
        self.shared.wake.notify_all();
        // Its panics are caught. If this is the thread itself, it ends by itself.
        if thread.thread().id() != thread::current().id() {
            let _ = thread.join();
        }
    }
}

fn work(shared: &Shared) {
    let mut queue = lock(&shared.queue);
    while !queue.stop {
        let Some(job) = queue.next() else {
            queue = shared.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        queue.busy = true;
        drop(queue);
        // A panic of a compiler costs speed alone.
        let _ = caught(|| {
            (job.work)();
            Ok(())
        });
        queue = lock(&shared.queue);
        queue.busy = false;
        shared.wake.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn job(size: usize, work: impl FnOnce() + Send + 'static) -> Job {
        Job { size, work: Box::new(work) }
    }

    /// The smallest first, and every fourth the oldest: by hand, of sizes 9 5 3 7 1 that come in this order, 1 3 5, then the oldest, 9,
    /// then 7.
    #[test]
    fn small_ones_first_and_old_ones_at_last() {
        let mut queue = Queue::default();
        queue.jobs.extend([9, 5, 3, 7, 1].map(|size| job(size, || {})));
        let order: Vec<usize> = std::iter::from_fn(|| queue.next()).map(|job| job.size).collect();
        assert_eq!(order, [1, 3, 5, 9, 7]);
    }

    #[test]
    fn what_waits_is_bounded_and_forgotten_at_the_end() {
        let worker = Worker::default();
        let (begun, has_begun) = mpsc::channel();
        let (go, may_go) = mpsc::channel::<()>();
        assert!(worker.hand_over(job(1, move || {
            begun.send(()).expect("there");
            let _ = may_go.recv();
        })));
        has_begun.recv().expect("begun");
        let done = Arc::new(Mutex::new(0));
        let more = || {
            let done = Arc::clone(&done);
            worker.hand_over(job(1, move || *lock(&done) += 1))
        };
        assert_eq!((0..MOST_WAITING + 50).filter(|_| more()).count(), MOST_WAITING);
        drop(go);
        worker.finish();
        assert_eq!(*lock(&done), MOST_WAITING);
        drop(worker);
        assert_eq!(Arc::strong_count(&done), 1);
    }

    #[test]
    fn a_panic_ends_one_job() {
        let worker = Worker::default();
        assert!(worker.hand_over(job(1, || std::panic::resume_unwind(Box::new(1)))));
        worker.finish();
        let done = Arc::new(Mutex::new(false));
        let flag = Arc::clone(&done);
        assert!(worker.hand_over(job(1, move || *lock(&flag) = true)));
        worker.finish();
        assert!(*lock(&done));
    }
}
