//! Gas as it is counted: in particles, of which 10,000 are one gas.
//!
//! Source of the unit: `determining_wasm_gas_costs.md` of the ewasm design documents.

use crate::Gas;

/// Particles in one gas.
pub const PARTICLES: i64 = 10_000;

/// Particles in whole gas, rounded up.
pub const fn whole_gas(particles: i64) -> Gas {
    particles.div_euclid(PARTICLES) + (particles % PARTICLES != 0) as i64
}

/// The most whole gas that fits into a counter of particles.
const MAX_COUNTED: Gas = i64::MAX / PARTICLES;

/// The gas of an execution.
///
/// Wasm code counts in one `i64` of particles. An EVMC message may have more gas than fits there; the rest is
/// held in reserve, from which whole amounts are taken first. What is left is told in whole gas, rounded
/// down, so the charge is rounded up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GasCounter {
    particles: i64,
    reserve: Gas,
}

impl GasCounter {
    /// A counter with this much gas; less than none is none.
    pub fn new(gas: Gas) -> Self {
        let gas = gas.max(0);
        let counted = gas.min(MAX_COUNTED);
        Self { particles: counted * PARTICLES, reserve: gas - counted }
    }

    /// Whole gas left; 0 when it has run out.
    pub fn left(self) -> Gas {
        self.particles.max(0) / PARTICLES + self.reserve
    }

    /// Takes whole gas. False if there is not enough; nothing is taken then.
    #[must_use]
    pub fn spend(&mut self, gas: Gas) -> bool {
        if gas > self.left() {
            return false;
        }
        let reserved = gas.min(self.reserve);
        self.reserve -= reserved;
        self.particles -= (gas - reserved) * PARTICLES;
        true
    }

    /// Takes particles. False if there are not enough; nothing is taken then.
    #[must_use]
    pub fn spend_particles(&mut self, particles: i64) -> bool {
        if particles > self.particles {
            return false;
        }
        self.particles -= particles;
        true
    }

    /// Puts whole gas back that was taken before.
    pub fn give_back(&mut self, gas: Gas) {
        let room = MAX_COUNTED - self.particles.max(0).div_euclid(PARTICLES) - 1;
        let counted = gas.min(room.max(0));
        self.particles += counted * PARTICLES;
        self.reserve = self.reserve.saturating_add(gas - counted);
    }

    /// The particles that wasm code counts with. Negative when a charge was more than there was.
    pub fn particles(self) -> i64 {
        self.particles
    }

    /// Takes over what wasm code has counted.
    pub fn set_particles(&mut self, particles: i64) {
        self.particles = particles;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 1.5 gas is 1 in whole gas, and of 2 charged particles 19,998 of 20,000 remain.
    #[test]
    fn what_is_left_is_rounded_down() {
        let mut gas = GasCounter::new(2);
        assert!(gas.spend_particles(2));
        assert_eq!((gas.particles(), gas.left()), (19_998, 1));
        assert!(!gas.spend(2) && gas.spend(1));
        assert_eq!((gas.particles(), gas.left()), (9_998, 0));
        assert!(!gas.spend_particles(9_999) && gas.spend_particles(9_998));
        assert_eq!(gas, GasCounter::new(0));
    }

    #[test]
    fn any_amount_fits_and_comes_back() {
        for amount in [0, 1, MAX_COUNTED - 1, MAX_COUNTED, MAX_COUNTED + 1, i64::MAX - 1, i64::MAX] {
            let mut gas = GasCounter::new(amount);
            assert_eq!(gas.left(), amount);
            for part in [0, 1, amount / 3, amount - amount / 64, amount] {
                if part <= amount {
                    assert!(gas.spend(part));
                    assert_eq!(gas.left(), amount - part);
                    gas.give_back(part);
                    assert_eq!(gas.left(), amount);
                }
            }
            if let Some(more) = amount.checked_add(1) {
                assert!(!gas.spend(more));
            }
        }
        assert_eq!(GasCounter::new(-1), GasCounter::new(0));
    }
}
