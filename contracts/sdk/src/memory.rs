//! Memory for data whose size is known: it lives as long as the call, so nobody gives it back.

/// So many zeros.
#[cfg(target_family = "wasm")]
#[inline(never)]
pub(crate) fn zeros(length: usize) -> &'static mut [u8] {
    use core::{alloc::Layout, slice};
    // A length is never negative as an `isize`: sizes in this interface are 32 bits, and memory ends before.
    let Ok(layout) = Layout::from_size_align(length, 1) else { core::arch::wasm32::unreachable() };
    if length == 0 {
        return &mut [];
    }
    // SAFETY: the layout is not empty.
    let start = unsafe { alloc::alloc::alloc_zeroed(layout) };
    if start.is_null() {
        core::arch::wasm32::unreachable()
    }
    // SAFETY: an allocation of this length, zero, and never freed.
    unsafe { slice::from_raw_parts_mut(start, length) }
}

/// Two parts, one behind the other.
#[cfg(target_family = "wasm")]
#[inline(never)]
pub(crate) fn join(first: &[u8], second: &[u8]) -> &'static [u8] {
    let out = zeros(first.len() + second.len());
    // SAFETY: `out` is new, and as long as both together.
    unsafe {
        core::ptr::copy_nonoverlapping(first.as_ptr(), out.as_mut_ptr(), first.len());
        core::ptr::copy_nonoverlapping(second.as_ptr(), out.as_mut_ptr().add(first.len()), second.len());
    }
    out
}

/// Two parts, one behind the other.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn join(first: &[u8], second: &[u8]) -> &'static [u8] {
    [first, second].concat().leak()
}

/// So many zeros.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn zeros(length: usize) -> &'static mut [u8] {
    alloc::vec![0; length].leak()
}

/// A word that lives as long as the call.
pub(crate) fn keep(word: [u8; 32]) -> &'static [u8; 32] {
    join(&word, &[]).first_chunk().unwrap_or(&[0; 32])
}

/// A prefix, and bytes as the only value behind it: their offset, their length, themselves, and zeros up to a whole word.
#[inline(never)]
pub(crate) fn bytes_behind(prefix: &[u8], bytes: &[u8]) -> &'static [u8] {
    let mut head = [0; 64];
    head[31] = 32;
    if let Some(length) = head.last_chunk_mut() {
        *length = (bytes.len() as u32).to_be_bytes();
    }
    let padding = zeros(bytes.len().wrapping_neg() % 32);
    join(join(prefix, &head), join(bytes, padding))
}
