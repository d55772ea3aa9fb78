//! LEB128 (wasm spec, "Integers").

/// Appends an unsigned number.
pub(crate) fn unsigned(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a signed number.
pub(crate) fn signed(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let byte = value as u8 & 0x7f;
        value >>= 7;
        if (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0) {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Oracle: wasm-encoder.
    #[test]
    fn numbers_are_written_as_the_encoder_writes_them() {
        let edges = (0..63).flat_map(|bit| [(1_i64 << bit) - 1, 1 << bit, -(1 << bit), -(1 << bit) - 1]);
        for value in edges {
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            signed(&mut ours, value);
            wasm_encoder::Encode::encode(&value, &mut theirs);
            assert_eq!(ours, theirs, "{value}");
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            unsigned(&mut ours, value as u32);
            wasm_encoder::Encode::encode(&(value as u32), &mut theirs);
            assert_eq!(ours, theirs, "{value}");
        }
    }
}
