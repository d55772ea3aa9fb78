//! Nothing is here: the tests are in `whole/` and the benchmarks in `benches/`.
