//! Host calls, a line of JSON each, for a person and for tools.

use hebe_host_ei::{Guest, Host, Stop};
use serde_json::{Value, json};

/// What a host function returns to the contract, for a trace.
pub(crate) trait Returned {
    fn to_json(&self) -> Value;
}

impl Returned for () {
    fn to_json(&self) -> Value {
        Value::Null
    }
}

impl Returned for i32 {
    fn to_json(&self) -> Value {
        (*self).into()
    }
}

impl Returned for i64 {
    fn to_json(&self) -> Value {
        (*self).into()
    }
}

/// Runs a host function and, when tracing is on, writes a line about it once it is done. A nested
/// call's own lines come before the line of the call. Tracing charges nothing and changes nothing.
#[inline]
pub(crate) fn traced<H: Host, R: Returned>(
    guest: &mut Guest<'_, H>,
    name: &str,
    args: &[i64],
    function: impl FnOnce(&mut Guest<'_, H>) -> Result<R, Stop>,
) -> Result<R, Stop> {
    if guest.frame.trace.is_none() {
        return function(guest);
    }
    let before = guest.frame.gas.left();
    let result = function(guest);
    if let Some(sink) = &guest.frame.trace {
        let (depth, gas) = (guest.frame.message.depth, guest.frame.gas.left());
        let mut line = json!({ "depth": depth, "call": name, "args": args, "gas": before, "left": gas });
        match &result {
            Ok(value) => line["result"] = value.to_json(),
            Err(stop) => line["stop"] = stop.to_string().into(),
        }
        sink.line(&line.to_string());
    }
    result
}
