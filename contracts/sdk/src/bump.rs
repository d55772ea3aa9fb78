//! An allocator that never frees: a contract's memory lives as long as one call.

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32::{memory_grow, memory_size},
    cell::Cell,
    ptr,
};

const PAGE: usize = 65_536;

struct Bump {
    /// The first free byte, 0 before the first allocation.
    next: Cell<usize>,
}

#[global_allocator]
static ALLOCATOR: Bump = Bump { next: Cell::new(0) };

unsafe extern "C" {
    /// The linker's: where the data and the stack end.
    static __heap_base: u8;
}

// SAFETY: a contract has one thread.
unsafe impl Sync for Bump {}

impl Bump {
    /// Takes `size` bytes from `start` on, if the memory can be as large.
    fn take(&self, start: usize, size: usize) -> *mut u8 {
        let Some(end) = start.checked_add(size) else { return ptr::null_mut() };
        let memory = memory_size(0) * PAGE;
        if end > memory && memory_grow(0, (end - memory).div_ceil(PAGE)) == usize::MAX {
            return ptr::null_mut();
        }
        self.next.set(end);
        ptr::with_exposed_provenance_mut(start)
    }
}

// SAFETY: every allocation is its own part of the memory, aligned, inside of it, and never used for another.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let free = match self.next.get() {
            0 => (&raw const __heap_base).addr(),
            next => next,
        };
        self.take(free.next_multiple_of(layout.align()), layout.size())
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    /// The last allocation grows where it is.
    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size <= layout.size() {
            return old;
        }
        if old.addr() + layout.size() == self.next.get() {
            return self.take(old.addr(), size);
        }
        // SAFETY: the alignment was valid before.
        let new = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        if !new.is_null() {
            // SAFETY: both are allocations, apart from one another, and as long as this.
            unsafe { ptr::copy_nonoverlapping(old, new, layout.size()) };
        }
        new
    }

    /// Memory is zero until it is used, and never used twice.
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { self.alloc(layout) }
    }
}
