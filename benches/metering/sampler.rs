//! Times of two alternatives, taken in turns so that noise hits both.

use std::hint::black_box;

use hebe_benches::support::now;
use hebe_vm::meter::Metering;

/// Samples are this long at least, in microseconds, so that reading the clock does not count.
const SAMPLE: f64 = 200.0;
const BATCH: f64 = 32.0;
const SAMPLES: f64 = 501.0;
/// Quartiles of fewer say nothing.
const FEWEST: f64 = 7.0;

/// How long to measure.
#[derive(Clone, Copy)]
pub(crate) struct Sampler {
    /// Microseconds for all samples of one time.
    pub(crate) budget: f64,
}

/// What came of a comparison; times are medians in microseconds.
pub(crate) struct Comparison {
    pub(crate) unmetered: f64,
    pub(crate) metered: f64,
    /// The median of the ratios of samples that followed one another.
    pub(crate) ratio: f64,
    /// The ratio of the lower deciles, which others on the machine touch least.
    pub(crate) quiet: f64,
}

impl Sampler {
    /// Compares `work` on the two inputs. Making inputs and dropping outputs is not measured.
    pub(crate) fn compare<I, O>(self, input: impl Fn(Metering) -> I, work: impl Fn(I) -> O) -> Comparison {
        let sample = |metering, size| batch(size, || input(metering), &work);
        let (size, samples) =
            self.plan(|size| sample(Metering::None, size).max(sample(Metering::Inline, size)));
        let mut times = [Vec::with_capacity(samples), Vec::with_capacity(samples)];
        for n in 0..samples {
            // Who comes first may find the caches colder.
            let order = if n % 2 == 0 { [0, 1] } else { [1, 0] };
            for side in order {
                times[side].push(sample([Metering::None, Metering::Inline][side], size));
            }
        }
        let ratios = times[0].iter().zip(&times[1]).map(|(unmetered, metered)| metered / unmetered);
        let ratios = sorted(ratios.collect());
        let [unmetered, metered] = times.map(sorted);
        Comparison {
            unmetered: quantile(&unmetered, 0.5),
            metered: quantile(&metered, 0.5),
            ratio: quantile(&ratios, 0.5),
            quiet: quantile(&metered, 0.1) / quantile(&unmetered, 0.1),
        }
    }

    /// The median time of `work` in microseconds. Dropping its output is not measured.
    pub(crate) fn time<O>(self, work: impl Fn() -> O) -> f64 {
        let sample = |size| batch(size, || (), |()| work());
        let (size, samples) = self.plan(sample);
        quantile(&sorted((0..samples).map(|_| sample(size)).collect()), 0.5)
    }

    /// Runs per sample, and samples.
    fn plan(self, sample: impl Fn(usize) -> f64) -> (usize, usize) {
        sample(1);
        let once = sample(1);
        let size = (SAMPLE / once).clamp(1.0, BATCH);
        let samples = (self.budget / (once * size)).clamp(FEWEST, SAMPLES);
        (size as usize, samples as usize)
    }
}

/// Microseconds for each of `size` runs.
fn batch<I, O>(size: usize, input: impl Fn() -> I, work: impl Fn(I) -> O) -> f64 {
    let inputs: Vec<I> = (0..size).map(|_| input()).collect();
    let mut outputs = Vec::with_capacity(size);
    let start = now();
    for input in inputs {
        outputs.push(black_box(work(input)));
    }
    (now() - start) / size as f64
}

pub(crate) fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// The value below which this share of them is.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    sorted[(sorted.len() as f64 * share) as usize]
}
