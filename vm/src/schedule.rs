//! Price lists as data: their hash, and TOML files.

use std::borrow::Cow;

use hebe_host_ei::{GasSchedule, Prices, Revision};
use serde::Deserialize;
use sha3::{Digest, Keccak256};
use toml::Spanned;

/// The most that a price may be, in particles: about 107,374 gas. Below it no sum leaves an `i64`.
const MOST: u32 = 1 << 30;

/// Every way around a loop and every recursion has one of these in it: were they free, an endless loop would be.
const NEVER_FREE: [&str; 5] = ["br", "br_if", "br_table", "call", "call_indirect"];

/// Bytes that a file may have; the lists that are shipped have about 1,500.
pub const MOST_BYTES: u64 = 64 << 10;

/// What identifies a schedule whatever it is called: the Keccak-256 of [`canonical`].
pub fn hash(prices: &Prices) -> [u8; 32] {
    Keccak256::digest(canonical(prices)).into()
}

/// A line for each fact: name, version, prices of wasm in particles, and of host functions in gas at each revision.
pub fn canonical(prices: &Prices) -> String {
    let head = format!("schedule {} {}", prices.name, prices.version);
    let wasm = prices.entries().map(|(name, particles)| format!("price {name} {particles}"));
    let host = Revision::ALL.iter().flat_map(|revision| {
        let entries = GasSchedule::of(*revision).entries();
        entries.map(move |(name, gas)| format!("gas {revision} {name} {gas}"))
    });
    let lines: Vec<String> = [head].into_iter().chain(wasm).chain(host).collect();
    lines.join("\n")
}

/// The file with these prices.
pub fn to_toml(prices: &Prices) -> String {
    let head = [
        "# Prices of WebAssembly in particles: 10,000 are one gas. docs/metering.md says what each is for."
            .to_owned(),
        format!("name = \"{}\"", prices.name),
        format!("version = {}", prices.version),
        String::new(),
        "[particles]".to_owned(),
    ];
    let prices = prices.entries().map(|(name, particles)| format!("{name} = {particles}"));
    head.into_iter().chain(prices).map(|line| line + "\n").collect()
}

/// The price list in a file: a name, a version and every price, under the table `particles`. Nonsense is told with
/// its line.
pub fn from_toml(text: &str) -> Result<Prices, String> {
    if text.len() as u64 > MOST_BYTES {
        return Err(format!("it has {} bytes; a schedule has at most {MOST_BYTES}", text.len()));
    }
    let file: File = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
    let line = |at: usize| 1 + text[..at.min(text.len())].matches('\n').count();
    let name = file.name.get_ref();
    let fits = (1..=32).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let is_built_in = file.is_built_in();
    let problem = match () {
        () if !fits => "is not 1 to 32 lower-case letters, digits or dashes",
        () if Prices::ALL.iter().any(|known| known.name == *name) && !is_built_in => {
            "is that of a built-in schedule with other prices; give this one a name of its own"
        }
        () => "",
    };
    if !problem.is_empty() {
        return Err(format!("line {}: the name {name:?} {problem}", line(file.name.span().start)));
    }
    for (name, price) in file.particles.entries() {
        let (value, line) = (*price.get_ref(), line(price.span().start));
        if value > MOST {
            return Err(format!("line {line}: {name} = {value}; a price is at most {MOST} particles"));
        }
        if value == 0 && NEVER_FREE.contains(&name) {
            return Err(format!("line {line}: {name} = 0; an endless loop would be free"));
        }
    }
    Ok(file.particles.prices(file.name.into_inner().into(), file.version))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    version: u32,
    particles: Particles,
}

impl File {
    /// A built-in schedule, as it is.
    fn is_built_in(&self) -> bool {
        Prices::ALL.iter().any(|known| {
            let same = |((_, price), (_, known)): ((_, &Spanned<u32>), (_, u32))| *price.get_ref() == known;
            known.name == *self.name.get_ref()
                && known.version == self.version
                && self.particles.entries().zip(known.entries()).all(same)
        })
    }
}

macro_rules! particles {
    ($( $(#[doc = $doc:literal])* $name:ident, )*) => {
        /// [`Prices`] as they stand in a file.
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Particles { $($name: Spanned<u32>,)* }

        impl Particles {
            fn entries(&self) -> impl Iterator<Item = (&'static str, &Spanned<u32>)> {
                let entries = [$((stringify!($name), &self.$name)),*].into_iter();
                entries.map(|(name, price)| (name.trim_start_matches("r#"), price))
            }

            fn prices(self, name: Cow<'static, str>, version: u32) -> Prices {
                Prices { name, version, $($name: self.$name.into_inner(),)* }
            }
        }
    };
}
hebe_host_ei::for_each_price!(particles);
