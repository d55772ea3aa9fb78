//! One VM, many threads.

use std::thread;

use crate::common::{RawVm, Slot, counter};

const THREADS: u8 = 64;
const ROUNDS: u8 = 40;

/// Each thread counts in a state of its own, while eight of them also set options.
#[test]
fn sixty_four_threads_share_a_vm() {
    let (vm, code) = (RawVm::new(), counter());
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (vm, code) = (&vm, &code);
            scope.spawn(move || {
                let mut slot = Slot::default();
                for round in 1..=ROUNDS {
                    if thread % 8 == 0 {
                        vm.set("cache-bytes", if round % 2 == 0 { "0" } else { "1000000" });
                    }
                    let answer = vm.execute(&slot.call(code));
                    // storageLoad 200, getCallDataSize 2, storageStore 5000, + 15000 from zero.
                    let used = if round == 1 { 20_202 } else { 5_202 };
                    assert_eq!((answer.status, answer.gas_left), (0, 1_000_000 - used));
                    assert_eq!(answer.output[31], round);
                    assert_eq!(slot.0.bytes[31], round);
                }
            });
        }
    });
}
