//! Texts that the compiler puts together: signatures and the ABI's JSON. Nothing of them is in a contract.

/// A text of at most `N` bytes. A longer one is a compile error.
#[derive(Clone, Copy)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Default for Text<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> Text<N> {
    /// An empty text.
    pub const fn new() -> Self {
        Self { bytes: [0; N], length: 0 }
    }

    /// With a text behind it.
    #[must_use]
    pub const fn push(self, text: &str) -> Self {
        self.push_bytes(text.as_bytes())
    }

    /// With another text behind it.
    #[must_use]
    pub const fn append<const M: usize>(self, text: &Text<M>) -> Self {
        self.push_bytes(text.as_bytes())
    }

    /// With a comma, unless it is empty or has just been opened.
    #[must_use]
    pub const fn comma(self) -> Self {
        match self.as_bytes() {
            [] | [.., b'(' | b'['] => self,
            _ => self.push(","),
        }
    }

    /// With a number behind it.
    #[must_use]
    pub const fn push_number(self, number: usize) -> Self {
        let rest = if number >= 10 { self.push_number(number / 10) } else { self };
        rest.push_bytes(&[b'0' + (number % 10) as u8])
    }

    const fn push_bytes(mut self, bytes: &[u8]) -> Self {
        assert!(self.length + bytes.len() <= N, "too many or too long parameters for a signature");
        let mut at = 0;
        while at < bytes.len() {
            self.bytes[self.length + at] = bytes[at];
            at += 1;
        }
        self.length += bytes.len();
        self
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8] {
        self.bytes.split_at(self.length).0
    }

    /// How many.
    pub const fn length(&self) -> usize {
        self.length
    }

    /// The same as an array of exactly this many.
    pub const fn array<const M: usize>(&self) -> [u8; M] {
        assert!(M == self.length, "the length of the text");
        let mut array = [0; M];
        let mut at = 0;
        while at < M {
            array[at] = self.bytes[at];
            at += 1;
        }
        array
    }

    /// The Keccak-256: the topic of an event, and where a selector comes from.
    pub const fn hash(&self) -> [u8; 32] {
        crate::hash::at_compile_time(self.as_bytes())
    }

    /// The first four bytes of the hash.
    pub const fn selector(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = self.hash();
        [a, b, c, d]
    }
}
