//! What was measured, to be printed, written and drawn.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::stats::{geometric_mean, median};

/// The version of the JSON: another one when a reader would have to change.
pub const VERSION: u32 = 1;

/// A measured value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What belongs together: `kernels`, `warm`, …
    pub group: String,
    /// What was done.
    pub row: String,
    /// Who did it.
    pub engine: String,
    /// The unit of the value.
    pub unit: String,
    /// The value.
    #[serde(deserialize_with = "number")]
    pub value: f64,
}

/// A value of one engine divided by that of another in the same row, or of the row before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// As in [`Figure`].
    pub group: String,
    /// As in [`Figure`].
    pub row: String,
    /// Whose value is divided.
    pub engine: String,
    /// By whose.
    pub beside: String,
    /// The quotient.
    #[serde(deserialize_with = "number")]
    pub value: f64,
}

/// JSON has `null` for what is no number.
fn number<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    Option::deserialize(from).map(|value| value.unwrap_or(f64::NAN))
}

/// What a value ought to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Aim {
    /// What is measured.
    pub what: String,
    /// The bound.
    pub aim: f64,
    /// True if the value ought to be the bound or more; else the bound or less.
    pub at_least: bool,
    /// The unit of both, `×` for a ratio.
    pub unit: &'static str,
    /// What came out, if it was measured.
    pub reached: Option<f64>,
}

impl Aim {
    /// `yes`, `no`, or `–` for what was not measured.
    pub fn verdict(&self) -> &'static str {
        match self.reached {
            None => "–",
            Some(value) if value == self.aim || (value > self.aim) == self.at_least => "yes",
            Some(_) => "no",
        }
    }
}

/// All that was measured in a run.
#[derive(Debug, Default, Deserialize)]
pub struct Figures {
    /// The values.
    pub figures: Vec<Figure>,
    /// The ratios, each of values that were measured in turns.
    pub ratios: Vec<Ratio>,
    /// The aims.
    #[serde(skip)]
    pub aims: Vec<Aim>,
}

impl Figures {
    /// Notes a value.
    pub fn add(&mut self, group: &str, row: &str, engine: &str, unit: &str, value: f64) {
        let (group, row, engine) = (group.to_owned(), row.to_owned(), engine.to_owned());
        let unit = unit.to_owned();
        self.figures.push(Figure { group, row, engine, unit, value });
    }

    /// Notes a ratio.
    pub fn add_ratio(&mut self, group: &str, row: &str, engine: &str, beside: &str, value: f64) {
        let (group, row) = (group.to_owned(), row.to_owned());
        let (engine, beside) = (engine.to_owned(), beside.to_owned());
        self.ratios.push(Ratio { group, row, engine, beside, value });
    }

    /// Takes what was measured elsewhere.
    pub fn append(&mut self, other: Self) {
        self.figures.extend(other.figures);
        self.ratios.extend(other.ratios);
    }

    /// The medians of runs that measured the same in the same order.
    ///
    /// # Panics
    /// If they did not.
    pub fn medians(runs: &[Self]) -> Self {
        let mut medians = Self::default();
        let Some(first) = runs.first() else { return medians };
        for (n, Figure { group, row, engine, unit, .. }) in first.figures.iter().enumerate() {
            let values: Vec<f64> = runs
                .iter()
                .map(|run| {
                    let Figure { row: other_row, engine: other_engine, value, .. } = &run.figures[n];
                    assert_eq!(
                        (row, engine),
                        (other_row, other_engine),
                        "these runs measured something else"
                    );
                    *value
                })
                .collect();
            medians.add(group, row, engine, unit, median(&values));
        }
        for (n, Ratio { group, row, engine, beside, .. }) in first.ratios.iter().enumerate() {
            let values: Vec<f64> = runs.iter().map(|run| run.ratios[n].value).collect();
            medians.add_ratio(group, row, engine, beside, median(&values));
        }
        medians
    }

    /// A value, if it was measured.
    pub fn value(&self, group: &str, row: &str, engine: &str) -> Option<f64> {
        let is = |figure: &&Figure| figure.group == group && figure.row == row && figure.engine == engine;
        self.figures.iter().find(is).map(|figure| figure.value)
    }

    /// A ratio, if it was measured.
    pub fn ratio(&self, group: &str, row: &str, engine: &str, beside: &str) -> Option<f64> {
        let mut of_engine = self.ratios_of(group, engine, beside);
        of_engine.find(|ratio| ratio.row == row).map(|ratio| ratio.value)
    }

    /// The geometric mean of an engine's ratios to another in a group.
    pub fn mean(&self, group: &str, engine: &str, beside: &str) -> Option<f64> {
        self.mean_without(group, "", engine, beside)
    }

    /// The same without one row.
    pub fn mean_without(&self, group: &str, row: &str, engine: &str, beside: &str) -> Option<f64> {
        let others = self.ratios_of(group, engine, beside).filter(|ratio| ratio.row != row);
        geometric_mean(&others.map(|ratio| ratio.value).collect::<Vec<_>>())
    }

    fn ratios_of<'a>(
        &'a self,
        group: &'a str,
        engine: &'a str,
        beside: &'a str,
    ) -> impl Iterator<Item = &'a Ratio> {
        let is =
            move |ratio: &&Ratio| ratio.group == group && ratio.engine == engine && ratio.beside == beside;
        self.ratios.iter().filter(is)
    }

    /// The rows of a group, in the order in which they were measured.
    pub fn rows<'a>(&'a self, group: &str) -> Vec<&'a str> {
        distinct(self.of(group).map(|figure| &*figure.row))
    }

    /// The engines of a group, in the order in which they were measured.
    pub fn engines<'a>(&'a self, group: &str) -> Vec<&'a str> {
        distinct(self.of(group).map(|figure| &*figure.engine))
    }

    /// The unit of a row.
    pub fn unit(&self, group: &str, row: &str) -> &str {
        self.of(group).find(|figure| figure.row == row).map_or("", |figure| &figure.unit)
    }

    fn of<'a, 'b>(&'a self, group: &'b str) -> impl Iterator<Item = &'a Figure> + use<'a, 'b> {
        self.figures.iter().filter(move |figure| figure.group == group)
    }

    /// For machines. `how` is how it was measured: `full` or `quick`.
    pub fn to_json(&self, how: &str) -> Value {
        let aims: Vec<Value> = self
            .aims
            .iter()
            .map(|aim| {
                json!({
                    "what": aim.what, "aim": aim.aim, "bound": if aim.at_least { "least" } else { "most" },
                    "unit": aim.unit, "reached": aim.reached, "verdict": aim.verdict(),
                })
            })
            .collect();
        json!({ "version": VERSION, "run": how, "figures": self.figures, "ratios": self.ratios, "aims": aims })
    }
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> Figures {
        let mut figures = Figures::default();
        for (row, native, wasmi) in [("a", 2.0, 4.0), ("b", 1.0, 8.0)] {
            figures.add("kernels", row, "native", "µs", native);
            figures.add("kernels", row, "wasmi", "µs", wasmi);
            figures.add_ratio("kernels", row, "wasmi", "native", wasmi / native);
        }
        figures
    }

    /// By hand: the ratios are 2 and 8, and 2 · 8 = 4².
    #[test]
    fn values_ratios_and_means_are_found() {
        let figures = figures();
        assert_eq!(figures.rows("kernels"), ["a", "b"]);
        assert_eq!(figures.engines("kernels"), ["native", "wasmi"]);
        assert_eq!(figures.value("kernels", "b", "wasmi"), Some(8.0));
        assert_eq!(figures.value("warm", "b", "wasmi"), None);
        assert_eq!(figures.ratio("kernels", "a", "wasmi", "native"), Some(2.0));
        let mean = figures.mean("kernels", "wasmi", "native").expect("two ratios");
        assert!((mean - 4.0).abs() < 1e-12, "{mean}");
        assert_eq!(figures.mean("kernels", "native", "wasmi"), None);
        assert_eq!(figures.mean_without("kernels", "a", "wasmi", "native").map(f64::round), Some(8.0));
    }

    #[test]
    fn aims_are_judged() {
        let aim = |at_least, reached| Aim { what: String::new(), aim: 1.5, at_least, unit: "×", reached };
        let verdicts = [
            (false, Some(1.4), "yes"),
            (false, Some(1.5), "yes"),
            (false, Some(1.6), "no"),
            (true, Some(1.4), "no"),
            (true, Some(1.5), "yes"),
            (true, Some(1.6), "yes"),
            (true, None, "–"),
        ];
        for (at_least, reached, verdict) in verdicts {
            assert_eq!(aim(at_least, reached).verdict(), verdict, "{at_least} {reached:?}");
        }
    }

    #[test]
    fn json_is_flat() {
        let mut figures = Figures::default();
        figures.add("warm", "no-op", "wasmi", "µs", 0.5);
        figures.add_ratio("warm", "no-op", "wasmi", "bare wasmi", 0.25);
        let expected = json!({
            "version": 1, "run": "quick", "aims": [],
            "figures": [{ "group": "warm", "row": "no-op", "engine": "wasmi", "unit": "µs", "value": 0.5 }],
            "ratios": [{ "group": "warm", "row": "no-op", "engine": "wasmi", "beside": "bare wasmi", "value": 0.25 }],
        });
        assert_eq!(figures.to_json("quick"), expected);
    }

    #[test]
    fn json_is_read_back() {
        let mut figures = figures();
        let text = figures.to_json("full").to_string();
        let back: Figures = serde_json::from_str(&text).expect("its own JSON");
        assert_eq!((&back.figures, &back.ratios), (&figures.figures, &figures.ratios));
        figures.add("kernels", "c", "wasmi", "µs", f64::NAN);
        let back: Figures = serde_json::from_str(&figures.to_json("full").to_string()).expect("its own JSON");
        assert!(back.value("kernels", "c", "wasmi").is_some_and(f64::is_nan));
        figures.append(back);
        assert_eq!((figures.figures.len(), figures.ratios.len()), (10, 4));
    }

    /// By hand: 2 is in the middle of 1, 2, 9, and 4 in the middle of 3, 4, 5.
    #[test]
    fn runs_have_medians() {
        let run = |value, ratio| {
            let mut figures = Figures::default();
            figures.add("warm", "no-op", "wasmi", "µs", value);
            figures.add_ratio("warm", "no-op", "wasmi", "bare wasmi", ratio);
            figures
        };
        let medians = Figures::medians(&[run(9.0, 4.0), run(1.0, 5.0), run(2.0, 3.0)]);
        assert_eq!(medians.value("warm", "no-op", "wasmi"), Some(2.0));
        assert_eq!(medians.ratio("warm", "no-op", "wasmi", "bare wasmi"), Some(4.0));
        assert_eq!(medians.unit("warm", "no-op"), "µs");
        assert!(Figures::medians(&[]).figures.is_empty());
    }
}
