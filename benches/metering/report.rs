//! Headings and means.

/// Two lines above a table.
pub(crate) fn heading(title: &str, groups: &str, columns: &str) {
    println!("\n{title:28}{groups}\n{:28}{columns}", "");
}

pub(crate) fn geometric_mean(values: &[(&str, f64)]) -> f64 {
    (values.iter().map(|(_, value)| value.ln()).sum::<f64>() / values.len() as f64).exp()
}

/// The largest value and its name.
pub(crate) fn worst<'a>(values: &[(&'a str, f64)]) -> (&'a str, f64) {
    *values.iter().max_by(|a, b| a.1.total_cmp(&b.1)).expect("a table has rows")
}
