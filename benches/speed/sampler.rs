//! Times of several who do the same, taken in turns so that what else the machine does hits all of them.

use std::hint::black_box;

use hebe_benches::{figures::Figures, stats::median, support::now};

/// Samples are this long at least, in microseconds, so that reading the clock does not count.
const SAMPLE: f64 = 300.0;
const BATCH: f64 = 64.0;
const SAMPLES: f64 = 401.0;
const FEWEST: f64 = 5.0;

/// Someone who does a job.
pub(crate) struct Contender<'a> {
    pub(crate) name: String,
    most: f64,
    /// Microseconds for each of so many runs.
    sample: Box<dyn Fn(usize) -> f64 + 'a>,
}

impl<'a> Contender<'a> {
    /// Making inputs and dropping outputs is not measured.
    pub(crate) fn new<I, O>(
        name: impl Into<String>,
        input: impl Fn() -> I + 'a,
        work: impl Fn(I) -> O + 'a,
    ) -> Self {
        let sample = move |size| {
            // What ran before has left the caches cold, and for one in another process than for one in this.
            if size > 1 {
                drop(work(input()));
            }
            let inputs: Vec<I> = (0..size).map(|_| input()).collect();
            let mut outputs = Vec::with_capacity(size);
            let start = now();
            for input in inputs {
                outputs.push(black_box(work(black_box(input))));
            }
            (now() - start) / size as f64
        };
        Self { name: name.into(), most: BATCH, sample: Box::new(sample) }
    }

    /// Someone of whom this takes samples: microseconds for each of so many runs.
    pub(crate) fn sampled(name: impl Into<String>, sample: impl Fn(usize) -> f64 + 'a) -> Self {
        Self { name: name.into(), most: BATCH, sample: Box::new(sample) }
    }

    /// Microseconds for each of so many runs.
    pub(crate) fn sample(&self, size: usize) -> f64 {
        (self.sample)(size)
    }

    /// Has only one input at a time, for inputs that take much.
    pub(crate) fn one_by_one(mut self) -> Self {
        self.most = 1.0;
        self
    }
}

/// What came of it.
pub(crate) struct Series {
    names: Vec<String>,
    /// Of each, microseconds of a run by turn.
    times: Vec<Vec<f64>>,
}

impl Series {
    /// Measures for so many microseconds in all.
    pub(crate) fn measure(contenders: &[Contender<'_>], budget: f64) -> Self {
        let plan = |contender: &Contender<'_>| {
            contender.sample(1);
            let once = contender.sample(1);
            let size = (SAMPLE / once).clamp(1.0, contender.most).floor();
            (size as usize, once * size)
        };
        let (sizes, once): (Vec<usize>, Vec<f64>) = contenders.iter().map(plan).unzip();
        let turns = (budget / once.iter().sum::<f64>()).clamp(FEWEST, SAMPLES) as usize;
        let mut times = vec![Vec::with_capacity(turns); contenders.len()];
        for turn in 0..turns {
            // Who comes first may find the caches colder.
            for n in (0..contenders.len()).map(|n| (n + turn) % contenders.len()) {
                times[n].push(contenders[n].sample(sizes[n]));
            }
        }
        Self { names: contenders.iter().map(|contender| contender.name.clone()).collect(), times }
    }

    fn of(&self, name: &str) -> Option<&[f64]> {
        let at = self.names.iter().position(|known| known == name)?;
        Some(&self.times[at])
    }

    /// The median time.
    pub(crate) fn median(&self, name: &str) -> Option<f64> {
        self.of(name).map(median)
    }

    /// The median of the quotients of the same turns.
    pub(crate) fn ratio(&self, name: &str, beside: &str) -> Option<f64> {
        let quotients = self.of(name)?.iter().zip(self.of(beside)?).map(|(a, b)| a / b);
        Some(median(&quotients.collect::<Vec<_>>()))
    }

    /// The median of the differences of the same turns.
    pub(crate) fn difference(&self, more: &str, less: &str) -> Option<f64> {
        let differences = self.of(more)?.iter().zip(self.of(less)?).map(|(a, b)| a - b);
        Some(median(&differences.collect::<Vec<_>>()))
    }

    /// Notes all times, and these ratios.
    pub(crate) fn note<'a>(
        &'a self,
        figures: &mut Figures,
        group: &str,
        row: &str,
        beside: impl Fn(&'a str) -> Vec<String>,
    ) {
        for name in &self.names {
            figures.add(group, row, name, "µs", self.median(name).unwrap_or(f64::NAN));
            for beside in beside(name) {
                if let Some(ratio) = self.ratio(name, &beside) {
                    figures.add_ratio(group, row, name, &beside, ratio);
                }
            }
        }
    }
}
