//! Work on many threads, results in order.

use std::{
    collections::BTreeMap,
    io,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

/// Does the work for each item, and hands the results over on this thread in the order of the items, each
/// as soon as it and those before it are there. An error of `each` ends everything.
pub(super) fn in_order<T: Sync, R: Send>(
    threads: usize,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut each: impl FnMut(R) -> io::Result<()>,
) -> io::Result<()> {
    let next = AtomicUsize::new(0);
    let (results, done) = mpsc::channel();
    let worker = |results: mpsc::Sender<(usize, R)>| {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(number) else { return };
            if results.send((number, work(item))).is_err() {
                // Nobody wants the rest.
                return;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads.clamp(1, items.len().max(1)) {
            let results = results.clone();
            scope.spawn(|| worker(results));
        }
        drop(results);
        Ordered::new(done).try_for_each(&mut each)
    })
}

/// Results in the order of their numbers, which come in any order and begin with 0.
struct Ordered<R> {
    done: mpsc::Receiver<(usize, R)>,
    early: BTreeMap<usize, R>,
    expected: usize,
}

impl<R> Ordered<R> {
    const fn new(done: mpsc::Receiver<(usize, R)>) -> Self {
        Self { done, early: BTreeMap::new(), expected: 0 }
    }
}

impl<R> Iterator for Ordered<R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        loop {
            if let Some(result) = self.early.remove(&self.expected) {
                self.expected += 1;
                return Some(result);
            }
            let (number, result) = self.done.recv().ok()?;
            self.early.insert(number, result);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order() {
        let items: Vec<u64> = (0..200).collect();
        for threads in [1, 3, 500] {
            let mut results = Vec::new();
            let slow_first = |item: &u64| {
                thread::sleep(std::time::Duration::from_micros(200 - item));
                item * 2
            };
            in_order(threads, &items, slow_first, |result| {
                results.push(result);
                Ok(())
            })
            .expect("no error");
            assert_eq!(results, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_ends_the_work() {
        let items = vec![0; 100_000];
        let done = AtomicUsize::new(0);
        // All of the items would take a minute: there is time to notice, however busy the machine is.
        let count = |_: &i32| {
            thread::sleep(std::time::Duration::from_millis(1));
            done.fetch_add(1, Ordering::Relaxed)
        };
        let result = in_order(2, &items, count, |_| Err(io::ErrorKind::BrokenPipe.into()));
        assert!(result.is_err());
        assert!(done.into_inner() < items.len());
    }

    #[test]
    fn no_items_are_no_work() {
        assert!(in_order(4, &[(); 0], |()| (), |()| Ok(())).is_ok());
    }
}
