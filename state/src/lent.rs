//! The EVM while a VM runs one of its frames.
//!
//! A [`Host`](hebe_host_ei::Host) is moved into an execution and must be `Send + 'static`, which an EVM is
//! not: its memory is shared by reference counts. So the EVM stays on its thread, in a slot, and the
//! host holds the slot's number. Whatever becomes of the host, the EVM comes back.

use std::{
    cell::RefCell,
    mem,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::evm::Evm;

/// The number of a slot, different from every other in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot(u64);

thread_local! {
    static SLOTS: RefCell<Vec<(Slot, Evm)>> = const { RefCell::new(Vec::new()) };
}

/// Keeps the EVM in a slot while `run` runs, which must not panic.
pub(crate) fn lend<R>(evm: &mut Evm, run: impl FnOnce(Slot) -> R) -> R {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let slot = Slot(NEXT.fetch_add(1, Ordering::Relaxed));
    SLOTS.with_borrow_mut(|slots| slots.push((slot, mem::replace(evm, Evm::away()))));
    let result = run(slot);
    if let Some((_, back)) = SLOTS.with_borrow_mut(Vec::pop) {
        *evm = back;
    }
    result
}

/// Takes the EVM out of its slot for `work`, and puts it back even if that panics.
///
/// # Panics
/// If the slot is not of this thread or its execution is over: a host was kept or moved.
pub(crate) fn with<R>(slot: Slot, work: impl FnOnce(&mut Evm) -> R) -> R {
    let mut taken = Taken { slot, evm: exchange(slot, Evm::away()) };
    work(&mut taken.evm)
}

struct Taken {
    slot: Slot,
    evm: Evm,
}

impl Drop for Taken {
    fn drop(&mut self) {
        exchange(self.slot, mem::replace(&mut self.evm, Evm::away()));
    }
}

fn exchange(slot: Slot, evm: Evm) -> Evm {
    SLOTS.with_borrow_mut(|slots| {
        let place = slots.iter_mut().rev().find(|(s, _)| *s == slot);
        let (_, place) = place.expect("a host is used on its thread and during its execution");
        mem::replace(place, evm)
    })
}
