//! Memory for data whose size is known: it lives as long as the call, so nobody gives it back.

#[cfg(all(target_family = "wasm", feature = "bump"))]
use crate::bump::take;

/// Where so many zeros are.
#[cfg(not(all(target_family = "wasm", feature = "bump")))]
fn take(length: usize) -> *mut u8 {
    alloc::vec![0; length].leak().as_mut_ptr()
}

/// So many zeros.
pub(crate) fn zeros(length: usize) -> &'static mut [u8] {
    // SAFETY: an allocation of this length, never freed and nobody else's.
    unsafe { core::slice::from_raw_parts_mut(take(length), length) }
}

/// Words of zeros.
pub(crate) fn words<const N: usize>() -> &'static mut [[u8; 32]; N] {
    // SAFETY: as above; the array has no alignment.
    unsafe { &mut *take(32 * N).cast() }
}

/// Copies `from` to the start of `to`, or as much of it as there is room for.
pub(crate) fn copy(to: &mut [u8], from: &[u8]) {
    let length = from.len().min(to.len());
    // SAFETY: `length` is inside both, and `to` is nobody else's.
    unsafe { core::ptr::copy_nonoverlapping(from.as_ptr(), to.as_mut_ptr(), length) }
}
