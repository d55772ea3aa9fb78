//! A host that runs nested calls on the VM that called it.

use std::{cell::RefCell, mem, sync::Arc};

use hebe::loader::Instance;
use hebe_host_ei::{Address, CallResult, Message, Revision, StatusCode, mock::MockHost};

type Callee = (Arc<Instance>, Arc<[u8]>);

thread_local! {
    /// Who runs the nested calls of this thread, and the code of every account.
    static CALLEE: RefCell<Option<Callee>> = const { RefCell::new(None) };
}

/// Nested calls of this thread go to this VM from now on, to this code.
pub(crate) fn answer_with(vm: &Arc<Instance>, code: &[u8]) {
    CALLEE.set(Some((Arc::clone(vm), code.into())));
}

/// A host whose nested calls are really made.
pub(crate) fn host() -> MockHost {
    MockHost { on_call: Some(answer), ..MockHost::default() }
}

fn answer(host: &mut MockHost, message: &Message) -> CallResult {
    let (vm, code) = CALLEE.with_borrow(|callee| callee.clone().expect("someone answers"));
    // It is kept for whoever wants to see what was called, and would grow.
    host.calls.clear();
    let mut inner = message.clone();
    let code: Arc<[u8]> = if message.kind.is_create() { mem::take(&mut inner.input).into() } else { code };
    let (back, outcome) = vm.execute(Revision::Byzantium, &code, inner, mem::take(host));
    *host = back;
    let outcome = outcome.expect("no fault");
    assert_eq!(outcome.status, StatusCode::Success);
    CallResult {
        status: outcome.status,
        gas_left: outcome.gas_left,
        gas_refund: outcome.gas_refund,
        output: outcome.output,
        create_address: Address([0xcc; 20]),
    }
}
