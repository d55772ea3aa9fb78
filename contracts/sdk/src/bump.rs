//! An allocator that never frees: a contract's memory lives as long as one call.

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32::{memory_grow, memory_size, unreachable},
    cell::Cell,
    ptr,
};

const PAGE: usize = 65_536;

struct Bump {
    /// The first free byte.
    next: Cell<*const u8>,
}

#[global_allocator]
static ALLOCATOR: Bump = Bump { next: Cell::new(&raw const __heap_base) };

unsafe extern "C" {
    /// The linker's: where the data and the stack end.
    static __heap_base: u8;
}

// SAFETY: a contract has one thread.
unsafe impl Sync for Bump {}

/// The next `size` bytes, zero. A memory that can not be as large is a trap.
#[inline(never)]
pub(crate) fn take(size: usize) -> *mut u8 {
    let start = ALLOCATOR.next.get();
    let Some(end) = start.addr().checked_add(size) else { unreachable() };
    let memory = memory_size(0) * PAGE;
    if end > memory && memory_grow(0, (end - memory).div_ceil(PAGE)) == usize::MAX {
        unreachable()
    }
    ALLOCATOR.next.set(start.with_addr(end));
    start.cast_mut()
}

// SAFETY: every allocation is its own part of the memory, aligned, inside of it, and never used for another.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let free = self.next.get();
        self.next.set(free.map_addr(|free| free.wrapping_add(layout.align() - 1) & !(layout.align() - 1)));
        take(layout.size())
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    /// The last allocation grows where it is.
    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size <= layout.size() {
            return old;
        }
        if old.addr() + layout.size() == self.next.get().addr() {
            take(size - layout.size());
            return old;
        }
        // SAFETY: the alignment was valid before.
        let new = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        // SAFETY: both are allocations, apart from one another, and as long as this.
        unsafe { ptr::copy_nonoverlapping(old, new, layout.size()) };
        new
    }

    /// Memory is zero until it is used, and never used twice.
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { self.alloc(layout) }
    }
}
