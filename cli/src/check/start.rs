//! What starting a contract costs, part by part.

use hebe_host_ei::{PARTICLES, Prices};
use hebe_vm::validate::Facts;
use serde::Serialize;

use crate::vms::ScheduleReport;

/// The cost with its parts. Particles are 1/10,000 of a gas.
#[derive(Serialize)]
pub(super) struct StartCost {
    schedule: ScheduleReport,
    particles: i64,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    what: &'static str,
    amount: u64,
    price: u32,
    particles: i64,
}

/// The part that does not depend on the contract.
const ONCE: &str = "once";

impl StartCost {
    pub(super) fn new(facts: &Facts, code_bytes: usize, prices: &Prices) -> Self {
        let part = |what, amount: u64, price: u32| Part {
            what,
            amount,
            price,
            particles: (amount as i64).saturating_mul(price.into()),
        };
        let parts = vec![
            part(ONCE, 1, prices.start),
            part("bytes of code", code_bytes as u64, prices.code_byte),
            part("pages of memory", facts.pages, prices.page),
            part("bytes of active data segments", facts.data_bytes, prices.data_byte),
            part("elements of active element segments", facts.elements, prices.element),
            part("declared locals", facts.locals(), prices.declared_local),
        ];
        Self { schedule: ScheduleReport::new(prices), particles: facts.start_cost(code_bytes, prices), parts }
    }

    /// For a person: the sum, then a line for each part that there is.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{} gas, by the schedule {}", gas(self.particles), self.schedule.text());
        for Part { what, amount, price, particles } in self.parts.iter().filter(|part| part.amount > 0) {
            text += &format!("\n{:>10}  ", gas(*particles));
            text += &match *what {
                ONCE => ONCE.to_owned(),
                what => format!("{amount} × {} for {what}", gas((*price).into())),
            };
        }
        text
    }
}

/// Particles as gas, in decimal.
fn gas(particles: i64) -> String {
    let text = format!("{}.{:04}", particles / PARTICLES, particles % PARTICLES);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_in_gas() {
        let cases = [
            (0, "0"),
            (1, "0.0001"),
            (10_000, "1"),
            (12_500, "1.25"),
            (200_000, "20"),
            (1_000_010_000, "100001"),
        ];
        for (particles, text) in cases {
            assert_eq!(gas(particles), text);
        }
    }
}
