//! What there is of a contract beside the interpreter's form of it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
};

use arc_swap::ArcSwapOption;
use hebe_host_ei::Host;

use crate::engine::wasmtime::{Code, Strategy};

/// Machine code, heat, and what was asked for.
pub(in crate::engine) struct Slots<H: Host> {
    pub(super) winch: ArcSwapOption<Machine<H>>,
    pub(super) cranelift: ArcSwapOption<Machine<H>>,
    pub(super) heat: AtomicU64,
    /// A compiler was asked for it, and is not asked again.
    pub(super) winch_asked: AtomicBool,
    pub(super) cranelift_asked: AtomicBool,
    /// Its machine code ran since room was last made.
    pub(super) is_used: AtomicBool,
    /// It is in the ring of those that may make way.
    pub(super) is_listed: AtomicBool,
}

impl<H: Host> Default for Slots<H> {
    fn default() -> Self {
        Self {
            winch: ArcSwapOption::empty(),
            cranelift: ArcSwapOption::empty(),
            heat: AtomicU64::new(0),
            winch_asked: AtomicBool::new(false),
            cranelift_asked: AtomicBool::new(false),
            is_used: AtomicBool::new(false),
            is_listed: AtomicBool::new(false),
        }
    }
}

/// Machine code, with its share of the bytes that there may be.
pub(super) struct Machine<H: Host> {
    pub(super) code: Code<H>,
    pub(super) _share: Share,
}

pub(super) struct Share {
    pub(super) used: Arc<AtomicUsize>,
    pub(super) bytes: usize,
}

impl Drop for Share {
    fn drop(&mut self) {
        self.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl<H: Host> Slots<H> {
    pub(super) fn of(&self, strategy: Strategy) -> &ArcSwapOption<Machine<H>> {
        match strategy {
            Strategy::Winch => &self.winch,
            Strategy::Cranelift => &self.cranelift,
        }
    }

    pub(super) fn asked(&self, strategy: Strategy) -> &AtomicBool {
        match strategy {
            Strategy::Winch => &self.winch_asked,
            Strategy::Cranelift => &self.cranelift_asked,
        }
    }

    /// It has to earn a compiler's time again for what it does not have.
    pub(super) fn cool_down(&self) {
        self.heat.store(0, Ordering::Relaxed);
        self.winch_asked.store(self.winch.load().is_some(), Ordering::Relaxed);
        self.cranelift_asked.store(self.cranelift.load().is_some(), Ordering::Relaxed);
    }

    /// Lets its machine code go. Who runs it now, runs on.
    pub(super) fn make_way(&self) {
        self.winch.store(None);
        self.cranelift.store(None);
        self.cool_down();
    }
}
