//! Native stack: 1024 nested frames fit, whatever the thread.

use std::thread;

use hebe_host_ei::{CallKind, Host, MAX_CALL_DEPTH, Message, Outcome, Revision, StatusCode};

use crate::support::{Script, World, bytes, call_to, contract, nested};

/// Calls itself until the host refuses and returns how deep that was.
fn dive(message: &Message, host: &mut hebe_state::RevmHost) -> Outcome {
    let result = host.call(&nested(message, message.recipient, message.gas));
    let output = match result.status {
        StatusCode::Success => result.output,
        StatusCode::CallDepthExceeded => message.depth.to_be_bytes().to_vec(),
        status => panic!("{status} at depth {}", message.depth),
    };
    Outcome { output, ..Outcome::success(result.gas_left) }
}

fn on_a_thread_of(stack: usize, work: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(stack).spawn(work).expect("a thread").join().expect("no panic");
}

/// Source: Yellow Paper, section 8: a message at depth 1024 makes no more calls.
#[test]
fn a_contract_nests_1024_deep_on_small_threads() {
    for stack in [256 << 10, 2 << 20] {
        on_a_thread_of(stack, || {
            let vm = Script::default().with(1, |message, host| Ok(dive(message, host)));
            let receipt = World::new(Revision::Byzantium, vm).scripts([1]).call();
            assert_eq!(receipt.outcome.status, StatusCode::Success);
            assert_eq!(receipt.outcome.output, MAX_CALL_DEPTH.to_be_bytes());
        });
    }
}

/// An EVM contract between each two wasm contracts: calls contract 1 with all gas and returns what that returned.
#[test]
fn a_contract_nests_1024_deep_through_the_evm() {
    on_a_thread_of(256 << 10, || {
        let vm = Script::default().with(1, |message, host| {
            if message.depth == MAX_CALL_DEPTH {
                return Ok(dive(message, host));
            }
            let result = host.call(&nested(message, contract(2), message.gas));
            Ok(Outcome { output: result.output, ..Outcome::success(result.gas_left) })
        });
        let forward = bytes(
            "6000600060006000600073 0101010101010101010101010101010101010101 5af1 50 3d60006000 3e 3d6000f3",
        );
        let mut world = World::new(Revision::Byzantium, vm).scripts([1]).code(2, &forward);
        // 63/64 of the gas each time: (63/64)^512 of it arrive, 1/3176.
        let message = Message { kind: CallKind::Call, ..call_to(contract(1), i64::MAX) };
        let receipt = world.chain.call(&mut world.state, &message).expect("no fault");
        assert_eq!(receipt.outcome.output, MAX_CALL_DEPTH.to_be_bytes());
    });
}
