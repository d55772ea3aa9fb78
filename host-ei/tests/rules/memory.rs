//! Copies: their gas, their bounds, at both ends.

use hebe_host_ei::{Fault, Halt, Message, functions::*, mock::MockAccount};

use crate::{MEMORY, OTHER, Run};

fn run_with_input(input: &[u8]) -> Run {
    Run::with(Message { input: input.to_vec(), ..Message::default() })
}

/// Yellow Paper, G_verylow + G_copy × words = 3 + 3 × ⌈length ÷ 32⌉.
#[test]
fn copies_cost_3_and_3_for_each_word() {
    for (length, gas) in [(0, 3), (1, 6), (32, 6), (33, 9), (64, 9), (100, 15)] {
        let mut run = run_with_input(&[0xcd; 100]);
        assert_eq!(run.call(|g| call_data_copy(g, 8, 0, length)), Ok(()));
        assert_eq!(run.used(), gas, "{length} bytes");
        assert_eq!(run.memory.iter().filter(|byte| **byte == 0xcd).count(), length as usize);
    }
}

/// The charge comes first: what cannot be paid is out of gas, wherever it points.
#[test]
fn copies_are_paid_before_they_are_checked() {
    let mut run = run_with_input(&[]);
    // ⌈(2^32 − 1) ÷ 32⌉ = 2^27 words: 3 + 3 × 134,217,728.
    let halt = Halt::OutOfGas { charge: 402_653_187, left: 1_000_000 };
    assert_eq!(run.call(|g| call_data_copy(g, -1, -1, -1)), Err(halt.into()));
}

/// `eth_interface.md`: reading past the end of the source traps; nothing is padded.
#[test]
fn copies_do_not_read_past_the_source() {
    for (offset, length, fits) in [
        (0, 4, true),
        (4, 0, true),
        (3, 1, true),
        (0, 5, false),
        (3, 2, false),
        (5, 0, false),
        (-1, 1, false),
    ] {
        let mut run = run_with_input(&[1, 2, 3, 4]);
        run.frame.return_data = vec![1, 2, 3, 4];
        run.frame.code = (&[1, 2, 3, 4][..]).into();
        let account = MockAccount { code: vec![1, 2, 3, 4], ..MockAccount::default() };
        run.frame.host.accounts.insert(OTHER, account);
        run.put(100, &OTHER.0);
        let halt = Halt::SourceOutOfBounds { offset: offset as u32, length: length as u32, size: 4 };
        let expected = if fits { Ok(()) } else { Err(halt.into()) };
        assert_eq!(run.call(|g| call_data_copy(g, 0, offset, length)), expected, "{offset} {length}");
        assert_eq!(run.call(|g| return_data_copy(g, 0, offset, length)), expected, "{offset} {length}");
        assert_eq!(run.call(|g| code_copy(g, 0, offset, length)), expected, "{offset} {length}");
        assert_eq!(
            run.call(|g| external_code_copy(g, 100, 0, offset, length)),
            expected,
            "{offset} {length}"
        );
    }
}

/// A pointer is a u32. One outside memory traps even where nothing is written; its last byte may be used.
#[test]
fn copies_do_not_write_past_memory() {
    for (result, length, fits) in [
        (MEMORY - 4, 4, true),
        (MEMORY, 0, true),
        (MEMORY - 3, 4, false),
        (MEMORY + 1, 0, false),
        (-1, 0, false),
        (-4, 4, false),
    ] {
        let mut run = run_with_input(&[9; 4]);
        let halt =
            Halt::MemoryOutOfBounds { offset: result as u32, length: length as u32, size: MEMORY as u64 };
        let expected = if fits { Ok(()) } else { Err(halt.into()) };
        assert_eq!(run.call(|g| call_data_copy(g, result, 0, length)), expected, "{result} {length}");
        let account = MockAccount { code: vec![9; 4], ..MockAccount::default() };
        run.frame.host.accounts.insert(OTHER, account);
        run.put(100, &OTHER.0);
        assert_eq!(
            run.call(|g| external_code_copy(g, 100, result, 0, length)),
            expected,
            "{result} {length}"
        );
    }
}

/// 2 for each size; `getCodeSize` is that of the code in the state.
#[test]
fn sizes_cost_2() {
    let mut run = run_with_input(&[0; 77]);
    run.frame.return_data = vec![0; 5];
    assert_eq!(run.call(get_call_data_size), Ok(77));
    assert_eq!(run.call(get_return_data_size), Ok(5));
    assert_eq!(run.call(get_code_size), Ok(run.frame.code.len() as i32));
    assert_eq!(run.used(), 6);
}

/// Yellow Paper, G_extcode = 700, and 3 for each word of the copy.
#[test]
fn external_code_costs_700() {
    let mut run = Run::new();
    let account = MockAccount { code: (0..40).collect(), ..MockAccount::default() };
    run.frame.host.accounts.insert(OTHER, account);
    run.put(100, &OTHER.0);
    assert_eq!(run.call(|g| get_external_code_size(g, 100)), Ok(40));
    assert_eq!(run.used(), 700);
    assert_eq!(run.call(|g| external_code_copy(g, 100, 0, 7, 33)), Ok(()));
    assert_eq!(run.used(), 700 + 700 + 2 * 3);
    assert_eq!(run.get(0, 33), (7..40).collect::<Vec<u8>>());
    // An account that does not exist has no code.
    assert_eq!(run.call(|g| get_external_code_size(g, 200)), Ok(0));
}

/// A host that says there is code and copies none, or whose code does not fit a u32: no result can come
/// of that.
#[test]
fn a_host_that_contradicts_itself_is_a_fault() {
    let mut run = Run::new();
    run.frame.host.talks_nonsense = true;
    assert_eq!(run.call(|g| get_external_code_size(g, 0)), Err(Fault::Host("get_code_size").into()));
    assert_eq!(run.call(|g| external_code_copy(g, 0, 0, 0, 4)), Err(Fault::Host("copy_code").into()));
    assert_eq!(run.call(|g| storage_store(g, 0, 32)), Err(Fault::Host("set_storage").into()));
}
