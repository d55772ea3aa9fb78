//! Contracts whose gas was counted by hand: `gas/*.wat`, in the format of `gas/README.md`.

use std::{collections::BTreeMap, fs, path::Path};

use hebe_host_ei::{Outcome, PARTICLES, Prices, StatusCode};

use crate::{
    arithmetic::value,
    model::Model,
    support::{PAGE_PARTICLES, bulk, execute_with, hex, unhex},
};

/// What a file may say of its contract.
const FIELDS: &[&str] = &[
    "schedule",
    "instructions",
    "particles",
    "grown",
    "lines",
    "entries",
    "host",
    "start",
    "input",
    "gas",
    "status",
    "output",
];

#[test]
fn contracts_cost_what_was_counted_by_hand() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/metering/gas");
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("there").map(|entry| entry.expect("read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "wat"));
    paths.sort();
    assert!(paths.len() >= 60, "only {} files", paths.len());
    for path in paths {
        let text = fs::read_to_string(&path).expect("read");
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        check(&Expectation { fields: fields(&text, &name), name, code: crate::support::wat(&text) });
    }
}

struct Expectation {
    name: String,
    fields: BTreeMap<String, String>,
    code: Vec<u8>,
}

/// The lines `;; name: value` at the head of a file.
fn fields(text: &str, name: &str) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    for line in text.lines().take_while(|line| line.starts_with(";;")) {
        let Some(line) = line.strip_prefix(";; ") else { continue };
        let (field, value) = line.split_once(':').unwrap_or_else(|| panic!("{name}: no field: {line}"));
        assert!(FIELDS.contains(&field), "{name}: there is no field {field:?}");
        let before = fields.insert(field.to_owned(), value.trim().to_owned());
        assert_eq!(before, None, "{name}: {field} is there twice");
    }
    fields
}

impl Expectation {
    fn text(&self, field: &str) -> &str {
        self.fields.get(field).map_or("", String::as_str)
    }

    fn number(&self, field: &str) -> i64 {
        self.fields
            .get(field)
            .map_or(0, |text| value(text).unwrap_or_else(|error| panic!("{}: {error}", self.name)))
    }

    fn prices(&self) -> &'static Prices {
        let wanted = self.text("schedule");
        let found = Prices::ALL.iter().find(|prices| prices.name == wanted);
        found.unwrap_or_else(|| panic!("{}: no schedule {wanted:?}", self.name))
    }

    /// What running it costs in particles, by the table in `docs/metering.md`.
    fn particles(&self) -> i64 {
        let prices = self.prices();
        assert!(self.text("instructions").is_empty() || prices.name == "unit", "{}", self.name);
        self.number("instructions") * PARTICLES
            + self.number("particles")
            + self.number("grown") * PAGE_PARTICLES
            + self.number("lines") * i64::from(bulk(prices).0)
            + self.number("entries") * i64::from(prices.bulk_element)
            + self.number("host") * PARTICLES
    }

    /// What starting it costs in particles.
    fn start(&self) -> i64 {
        let prices = self.prices();
        let mut sum = i64::from(prices.start) + self.code.len() as i64 * i64::from(prices.code_byte);
        for part in self.text("start").split(',') {
            let (amount, kind) = part.trim().rsplit_once(' ').expect("an amount and its kind");
            let amount = value(amount).expect("a sum");
            sum += match kind {
                "pages" => amount * i64::from(prices.page),
                "data" => amount * i64::from(prices.data_byte),
                "elements" => amount * i64::from(prices.element),
                "locals" => amount * i64::from(prices.declared_local),
                "code" => {
                    assert_eq!(self.code.len() as i64, amount, "{}: bytes of code", self.name);
                    0
                }
                _ => panic!("{}: there is no start of {kind:?}", self.name),
            };
        }
        sum
    }
}

fn check(file: &Expectation) {
    let (prices, name) = (file.prices(), &file.name);
    let wanted = file.text("status");
    let status = *StatusCode::ALL.iter().find(|status| status.name() == wanted).expect("EVMC's name");
    let input = unhex(file.text("input"));
    let gas = if file.text("gas").is_empty() { 1_000_000 } else { file.number("gas") };
    let run = |gas| execute_with(prices, &file.code, gas, &input);
    let outcome = run(gas);
    let keeps_gas = matches!(status, StatusCode::Success | StatusCode::Revert);
    let used = if keeps_gas { (file.start() + file.particles() + PARTICLES - 1) / PARTICLES } else { gas };
    assert_eq!(outcome.status, status, "{name}: {:?}", outcome.reason);
    assert_eq!(hex(&outcome.output), file.text("output"), "{name}");
    assert_eq!(gas - outcome.gas_left, used, "{name}: gas used");
    if keeps_gas {
        assert_eq!(run(used), Outcome { gas_left: 0, ..outcome }, "{name}: with what it uses");
        let short = Outcome { status: StatusCode::OutOfGas, ..Outcome::success(0) };
        assert_eq!(run(used - 1), short, "{name}: with 1 less");
        // What the count by machine must agree with as well.
        let counted = Model::new(&file.code, prices).run(gas, &input);
        assert_eq!((counted.status, counted.used()), (status, used), "{name}: the model");
    }
}
