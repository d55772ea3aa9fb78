//! The chart.

use hebe_benches::{
    chart::{Panel, svg},
    figures::Figures,
};

use crate::{calls, cold, kernels, warm};

/// The ratios of the kernels and the times of calls, as far as they were measured.
pub(crate) fn chart(figures: &Figures, engines: &[String]) -> String {
    let panels =
        [kernels_beside_native(figures, engines), times(figures, engines), host_calls(figures, engines)];
    svg(&panels.into_iter().filter(|panel| !panel.groups.is_empty()).collect::<Vec<_>>())
}

fn kernels_beside_native(figures: &Figures, engines: &[String]) -> Panel {
    let mut series = engines.to_vec();
    series.extend(["bare wasmi", "bare winch", "bare cranelift", "revm"].map(str::to_owned));
    let group = kernels::GROUP;
    let row = |row: &str| {
        series.iter().map(|engine| figures.ratio(group, row, engine, "native")).collect::<Vec<_>>()
    };
    let rows = figures.rows(group);
    let mut groups: Vec<_> = rows.iter().map(|name| ((*name).to_owned(), row(name))).collect();
    // The EVM does not run all of them: a mean would be of others.
    let mean = |engine: &String| figures.mean(group, engine, "native").filter(|_| engine != "revm");
    if !groups.is_empty() {
        groups.push(("geometric mean".to_owned(), series.iter().map(mean).collect()));
    }
    Panel { title: "Computation, × native code (less is better)".to_owned(), series, groups }
}

fn times(figures: &Figures, engines: &[String]) -> Panel {
    let mut rows: Vec<(&str, String, String)> =
        [warm::NOTHING, warm::TRANSFER].map(|row| (warm::GROUP, row.to_owned(), row.to_owned())).to_vec();
    rows.extend(["nested call", "creation"].map(|row| (calls::GROUP, row.to_owned(), row.to_owned())));
    rows.extend([1, 7, 38, 200].map(|kilobytes| {
        (cold::GROUP, cold::row(kilobytes, cold::NEW_CODE), format!("{kilobytes} KB, new"))
    }));
    panel("A call through the C interface, µs (less is better)", engines.to_vec(), rows, figures)
}

fn host_calls(figures: &Figures, engines: &[String]) -> Panel {
    let mut series = engines.to_vec();
    series.extend(["bare wasmi", "bare winch", "bare cranelift"].map(str::to_owned));
    let rows = ["getCallDataSize", "getGasLeft", "storageLoad"];
    let rows = rows.map(|row| (calls::GROUP, row.to_owned(), row.to_owned())).to_vec();
    panel("A host call, ns (less is better)", series, rows, figures)
}

/// The rows that were measured: group, row, and what is written below its bars.
fn panel(title: &str, series: Vec<String>, rows: Vec<(&str, String, String)>, figures: &Figures) -> Panel {
    let groups = rows.into_iter().map(|(group, row, name)| {
        (name, series.iter().map(|engine| figures.value(group, &row, engine)).collect::<Vec<_>>())
    });
    let groups = groups.filter(|(_, values)| values.iter().any(Option::is_some)).collect();
    Panel { title: title.to_owned(), series, groups }
}
