//! Medians and means.

/// The values, the least first.
pub fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// The middle one; of an even number the upper of both. Not a number if there is none.
pub fn median(values: &[f64]) -> f64 {
    sorted(values.to_vec()).get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The geometric mean of positive values, if there are any.
pub fn geometric_mean(values: &[f64]) -> Option<f64> {
    let sum: f64 = values.iter().map(|value| value.ln()).sum();
    (!values.is_empty()).then(|| (sum / values.len() as f64).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 3 is in the middle of 1, 3, 9; 5 is the upper of the two in the middle of 1, 3, 5, 9.
    #[test]
    fn medians() {
        assert_eq!(median(&[9.0, 1.0, 3.0]), 3.0);
        assert_eq!(median(&[9.0, 1.0, 5.0, 3.0]), 5.0);
        assert!(median(&[]).is_nan());
    }

    /// By hand: 2 · 4 · 8 = 64 = 4³; 0.5 · 2 = 1.
    #[test]
    fn geometric_means() {
        let close = |values: &[f64], mean: f64| {
            let found = geometric_mean(values).expect("there are values");
            assert!((found - mean).abs() < 1e-12, "{found}");
        };
        close(&[2.0, 4.0, 8.0], 4.0);
        close(&[0.5, 2.0], 1.0);
        assert_eq!(geometric_mean(&[]), None);
    }
}
