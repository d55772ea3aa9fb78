//! What the benchmarks share, and what they reckon: [`figures`], their [`chart`], the kernels in [`native`] code.
//!
//! `cargo bench -p hebe-benches --bench speed` measures each engine against others; `--bench metering` says what
//! metering costs.

pub mod chart;
pub mod figures;
pub mod large;
pub mod native;
pub mod stats;
pub mod support;
