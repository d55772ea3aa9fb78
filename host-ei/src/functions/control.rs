//! The ends of an execution.

use crate::{Guest, Halt, Host, Stop};

/// `finish(data, length)`: ends with success and output.
pub fn finish<H: Host>(g: &mut Guest<'_, H>, data: i32, length: i32) -> Result<(), Stop> {
    end(g, data, length, Halt::Finish)
}

/// `revert(data, length)`: ends with output, undoes every change, keeps the gas left (EIP-140).
pub fn revert<H: Host>(g: &mut Guest<'_, H>, data: i32, length: i32) -> Result<(), Stop> {
    end(g, data, length, Halt::Revert)
}

fn end<H: Host>(g: &mut Guest<'_, H>, data: i32, length: i32, halt: Halt) -> Result<(), Stop> {
    g.frame.output = g.copy(data, length)?;
    Err(halt.into())
}

/// `selfDestruct(beneficiary)`: ends, destroys the account and gives its balance away.
///
/// To an account that does not exist it costs more, from EIP-161 on only with a balance that is not zero. The first
/// destruction of an account in a transaction earned a refund until EIP-3529.
pub fn self_destruct<H: Host>(g: &mut Guest<'_, H>, beneficiary: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.self_destruct)?;
    g.forbid_static()?;
    let beneficiary = g.address(beneficiary)?;
    let schedule = g.frame.schedule;
    g.touch_account(&beneficiary, schedule.self_destruct_cold)?;
    let new_account = if g.frame.own_balance().is_zero() {
        schedule.self_destruct_empty_new_account
    } else {
        schedule.self_destruct_new_account
    };
    if new_account != 0 && !g.frame.host.account_exists(&beneficiary) {
        g.charge(new_account)?;
    }
    if g.frame.host.selfdestruct(&g.frame.message.recipient, &beneficiary) {
        g.frame.add_refund(g.frame.schedule.self_destruct_refund);
    }
    Err(Halt::SelfDestruct)
}
