//! What the engines ought to reach, and what this run shows.

use hebe_benches::figures::{Aim, Figures};

use crate::{bench::default_engine, calls, cold, kernels, resources, threads, warm};

/// The aims, with what was reached as far as it was measured.
pub(crate) fn reached(figures: &Figures) -> Vec<Aim> {
    let engine = default_engine();
    let mut aims = Vec::new();
    let mut most = |what: String, aim, unit, reached| {
        aims.push(Aim { what, aim, at_least: false, unit, reached });
    };
    most(
        "computation, cranelift, × native, geometric mean".to_owned(),
        1.25,
        "×",
        figures.mean(kernels::GROUP, "cranelift", "native"),
    );
    // The transfers mostly call the host, which does more here than on a bare engine.
    for (engine, aim) in [("cranelift", 1.08), ("winch", 1.10), ("wasmi", 1.05)] {
        let tax = figures.mean_without(kernels::GROUP, kernels::TRANSFERS, engine, &format!("bare {engine}"));
        most(format!("metering with depth, {engine}, × bare, geometric mean"), aim, "×", tax);
    }
    most(
        format!("no-op, {engine}, warm, through C"),
        0.5,
        "µs",
        figures.value(warm::GROUP, warm::NOTHING, engine),
    );
    for (engine, aim) in [("wasmi", 1.0), ("winch", 0.8), ("cranelift", 0.8)] {
        let time = figures.value(warm::GROUP, warm::TRANSFER, engine);
        most(format!("token transfer, {engine}, warm, through C"), aim, "µs", time);
    }
    for (kilobytes, aim) in [(1, 30.0), (7, 110.0), (38, 400.0)] {
        let time = figures.value(cold::GROUP, &cold::row(kilobytes, cold::NEW_CODE), engine);
        most(format!("{kilobytes} KB of new code to its result, {engine}"), aim, "µs", time);
    }
    let load = figures.value(resources::LIBRARY, resources::LOAD, resources::WITH);
    most("load the library and create a VM, CPU time".to_owned(), 300.0, "µs", load);
    for (engine, aim) in [("wasmi", 30.0), ("winch", 8.0), ("cranelift", 8.0)] {
        let time = figures.value(calls::GROUP, "getCallDataSize", engine);
        most(format!("a host call, {engine}"), aim, "ns", time);
    }

    let mut least = |what: String, aim, reached| {
        aims.push(Aim { what, aim, at_least: true, unit: "×", reached });
    };
    let of_evm =
        |engine| figures.ratio(kernels::GROUP, kernels::LOOP, engine, "revm").map(|ratio| 1.0 / ratio);
    least(format!("1M-round loop, {engine}, × as fast as revm"), 20.0, of_evm(engine));
    for what in threads::ROWS {
        let factor = figures.value(threads::GROUP, &threads::by_wall(what), engine);
        least(format!("two threads, {what}, {engine}"), 1.9, factor);
    }
    aims
}
