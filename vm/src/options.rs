//! The options, by name. One list for the shared library, the command line and the documentation.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::Path,
    str::FromStr,
    sync::Arc,
};

use hebe_artifacts::Artifacts;
use hebe_host_ei::{Address, Prices, Profile, Revision, Sink};

use crate::{
    engine::{EngineChoice, Tiering},
    meter::Metering,
    schedule::{self, MOST_BYTES as MOST_SCHEDULE_BYTES},
    sink, validate,
};

/// An option as a person reads about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionSpec {
    /// Its name. `sys:…` stands for a name with an address or an alias.
    pub name: &'static str,
    /// The values it takes.
    pub values: &'static str,
    /// The value it has when it is not set.
    pub default: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// Every option.
pub const OPTIONS: &[OptionSpec] = &[
    OptionSpec {
        name: "engine",
        values: if cfg!(feature = "wasmtime") { "tiered, wasmi, winch, cranelift" } else { "tiered, wasmi" },
        default: "tiered",
        about: "what runs wasm, never with another result; tiered: the interpreter wasmi, and in the background a compiler for \
                what runs long; winch compiles fast, cranelift's code is fast, both when a contract is loaded",
    },
    OptionSpec {
        name: "metering",
        values: "inline, sentinel, true, none, false",
        default: "inline",
        about: "who pays for wasm instructions; inline: the contract, metered when it is loaded; sentinel (Hera's \
                true): the contract, metered before it is deployed, so code that came another way pays nothing; none (Hera's false): nobody, which bounds no \
                time, so for trusted code only",
    },
    OptionSpec {
        name: "schedule",
        values: "unit, haswell, FILE",
        default: "unit",
        about: "what wasm instructions cost; a file is TOML (schedules/unit.toml is one)",
    },
    OptionSpec {
        name: "evm1mode",
        values: if cfg!(feature = "evm") { "reject, fallback, native" } else { "reject, fallback" },
        default: "reject",
        about: "code that is not wasm and that the client hands over is a failure (reject), left to another VM (fallback), or run as \
                EVM bytecode of the client's revision (native: capability EVM1); otherwise the local Ethereum of the command line \
                runs EVM code itself",
    },
    OptionSpec {
        name: "precompiles",
        values: if cfg!(feature = "evm") { "off, on" } else { "off" },
        default: "off",
        about: "a call without code to the address of a precompiled contract runs it (capability PRECOMPILES), without a host, \
                too: 0x01 to 0x11 and 0x100 by the revision, and with profile=r4 before Istanbul ewasm's Keccak-256 at 0x09",
    },
    OptionSpec {
        name: "profile",
        values: "r4, extended",
        default: "extended",
        about: "wasm MVP and revision 4 of the interface, or also what today's compilers emit, and all host functions",
    },
    OptionSpec {
        name: "cache-bytes",
        values: "0 to 2^48",
        default: "268435456",
        about: "memory for compiled contracts",
    },
    OptionSpec {
        name: "cache-dir",
        values: "off, FOLDER",
        default: "off",
        about: "keeps machine code of compiled contracts in files, for the next start (hebe cache looks at it); the folder is made \
                when there is something to keep, and is for this user alone",
    },
    OptionSpec {
        name: "debug",
        values: "off, stderr, FILE",
        default: "off",
        about: "allows imports from the module debug, and where they print; without a value stderr; a file is added to",
    },
    OptionSpec {
        name: "trace",
        values: "off, stderr, FILE",
        default: "off",
        about: "a line of JSON for each host call, after it; without a value stderr",
    },
    OptionSpec {
        name: "log",
        values: "off, stderr, FILE",
        default: "off",
        about: "why code was refused and what failed on this node; without a value stderr",
    },
    OptionSpec {
        name: "sys:ADDRESS",
        values: "FILE",
        default: "",
        about: "runs the wasm in FILE in place of the code with which the client executes ADDRESS (40 hex digits; \
                an account without code is not executed); sys:sentinel, sys:evm2wasm, sys:runevm stand for 0x0…0a, \
                0x0…0b, 0x0…0c",
    },
];

/// Why an option was not set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionError {
    /// No option has this name.
    #[error("there is no option {0:?}; options are {known}", known = known_names())]
    UnknownName(String),
    /// The option does not take this value.
    #[error("option {name}: {problem}")]
    BadValue {
        /// The option.
        name: String,
        /// What is wrong, and what to do.
        problem: String,
    },
}

fn known_names() -> String {
    let names: Vec<&str> = OPTIONS.iter().map(|option| option.name).collect();
    names.join(", ")
}

/// What becomes of code that is not wasm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Evm1Mode {
    /// It fails.
    #[default]
    Reject,
    /// It is left to another VM.
    Fallback,
    /// It runs as EVM bytecode.
    #[cfg(feature = "evm")]
    Native,
}

/// The settings of a VM.
#[derive(Clone)]
pub struct Config {
    /// What runs wasm.
    pub engine: EngineChoice,
    /// When [`EngineChoice::Tiered`] compiles.
    pub tiering: Tiering,
    /// Who pays for wasm instructions.
    pub metering: Metering,
    /// What wasm instructions cost, where they are paid for. With [`Metering::Sentinel`] they are whole gas
    /// ([`Prices::fraction`] is none): [`Config::set`] sees to that.
    pub prices: Prices,
    /// What becomes of code that is not wasm.
    pub evm1mode: Evm1Mode,
    /// Whether precompiled contracts answer; only with the feature `evm`.
    pub precompiles: bool,
    /// Which modules are contracts.
    pub profile: Profile,
    /// Memory for compiled contracts, in bytes.
    pub cache_bytes: usize,
    /// Machine code in files, for the next start.
    pub cache_dir: Option<Arc<Artifacts>>,
    /// Where the module `debug` prints; if nowhere, it does not exist.
    pub debug: Option<Arc<dyn Sink>>,
    /// Where host calls are traced.
    pub trace: Option<Arc<dyn Sink>>,
    /// Where refusals and faults are told.
    pub log: Option<Arc<dyn Sink>>,
    /// Code that runs in place of what an account has.
    pub system: BTreeMap<Address, Arc<[u8]>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            engine: EngineChoice::default(),
            tiering: Tiering::default(),
            metering: Metering::Inline,
            prices: Prices::UNIT,
            evm1mode: Evm1Mode::Reject,
            precompiles: false,
            profile: Profile::EXTENDED,
            cache_bytes: 256 << 20,
            cache_dir: None,
            debug: None,
            trace: None,
            log: None,
            system: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Sets an option by its name.
    ///
    /// `None` is the absence of a value, as a null pointer is in EVMC; no option takes it. An empty value
    /// is what a bare flag has: it switches `debug`, `trace` and `log` on, to standard error.
    pub fn set(&mut self, name: &str, value: Option<&str>) -> Result<(), OptionError> {
        let option = find(name).ok_or_else(|| OptionError::UnknownName(printable(name)))?;
        let takes = |problem: String| format!("{problem}; it takes {}", option.values);
        let set = match value {
            Some(value) => {
                let unknown = || takes(format!("{:?} is none of its values", printable(value)));
                self.set_known(name, value, unknown)
            }
            None => Err(takes("no value".to_owned())),
        };
        set.map_err(|problem| OptionError::BadValue { name: printable(name), problem })
    }

    fn set_known(&mut self, name: &str, value: &str, unknown: impl Fn() -> String) -> Result<(), String> {
        match name {
            "engine" => {
                let engine = EngineChoice::ALL.iter().find(|(name, _)| *name == value);
                self.engine = engine.ok_or_else(unknown)?.1;
            }
            "metering" => {
                let metering = match value {
                    "inline" => Metering::Inline,
                    "sentinel" | "true" => Metering::Sentinel,
                    "none" | "false" => Metering::None,
                    _ => return Err(unknown()),
                };
                check_prices(metering, &self.prices)?;
                self.metering = metering;
            }
            "schedule" => {
                let prices = match Prices::ALL.iter().find(|prices| prices.name == value) {
                    Some(prices) => prices.clone(),
                    None => read_schedule(value)?,
                };
                check_prices(self.metering, &prices)?;
                self.prices = prices;
            }
            "evm1mode" if value == "reject" => self.evm1mode = Evm1Mode::Reject,
            "evm1mode" if value == "fallback" => self.evm1mode = Evm1Mode::Fallback,
            #[cfg(feature = "evm")]
            "evm1mode" if value == "native" => self.evm1mode = Evm1Mode::Native,
            "precompiles" if value == "off" => self.precompiles = false,
            #[cfg(feature = "evm")]
            "precompiles" if value == "on" => self.precompiles = true,
            "profile" => {
                let profile = Profile::ALL.iter().find(|profile| profile.name == value);
                self.profile = profile.ok_or_else(unknown)?.clone();
            }
            "cache-bytes" => self.cache_bytes = parse_bytes(value).ok_or_else(unknown)?,
            "cache-dir" => self.cache_dir = open_cache(value)?,
            "debug" => self.debug = sink::open(value)?,
            "trace" => self.trace = sink::open(value)?,
            "log" => self.log = sink::open(value)?,
            _ => match name.strip_prefix("sys:") {
                Some(place) => {
                    let address = system_address(place).ok_or("no address")?;
                    self.system.insert(address, read_contract(value)?);
                }
                None => return Err(unknown()),
            },
        }
        Ok(())
    }
}

/// The option with this name. A `sys:` name needs an address that makes sense.
fn find(name: &str) -> Option<&'static OptionSpec> {
    let name = match name.strip_prefix("sys:") {
        Some(place) => system_address(place).map(|_| "sys:ADDRESS")?,
        None => name,
    };
    OPTIONS.iter().find(|option| option.name == name)
}

/// The folder with machine code.
fn open_cache(value: &str) -> Result<Option<Arc<Artifacts>>, String> {
    if value == "off" {
        return Ok(None);
    }
    if value.is_empty() {
        return Err("it takes off or a folder".to_owned());
    }
    let opened = Artifacts::open(Path::new(value)).map_err(|error| error.to_string())?;
    Ok(Some(Arc::new(opened)))
}

/// Decimal digits alone; at most 2^48, which is what today's machines can address.
fn parse_bytes(value: &str) -> Option<usize> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    value.parse().ok().filter(|bytes| digits && *bytes <= 1 << 48)
}

/// The address of a `sys:` option: 40 hex digits with or without `0x`, or one of Hera's aliases.
fn system_address(place: &str) -> Option<Address> {
    let reserved = |last| {
        let mut address = Address::default();
        address.0[19] = last;
        Some(address)
    };
    match place {
        "sentinel" => reserved(0x0a),
        "evm2wasm" => reserved(0x0b),
        "runevm" => reserved(0x0c),
        _ => Address::from_str(place).ok(),
    }
}

/// `useGas` charges whole gas.
fn check_prices(metering: Metering, prices: &Prices) -> Result<(), String> {
    match prices.fraction().filter(|_| metering == Metering::Sentinel) {
        Some((name, price)) => Err(format!(
            "metering=sentinel charges whole gas, and the schedule {} has a fraction, {name} = {price} particles: \
             take metering=inline, or prices that are multiples of 10,000",
            prices.name
        )),
        None => Ok(()),
    }
}

/// The price list in a file.
fn read_schedule(path: &str) -> Result<Prices, String> {
    let names: Vec<_> = Prices::ALL.iter().map(|prices| &*prices.name).collect();
    let names = names.join(" nor ");
    let bytes = read_file(path, MOST_SCHEDULE_BYTES)
        .map_err(|error| format!("{:?} is neither {names} nor a file: {error}", printable(path)))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{:?} is no text", printable(path)))?;
    schedule::from_toml(&text).map_err(|problem| format!("{:?}: {problem}", printable(path)))
}

/// Bytes of a file. One byte more than `most` tells that there are more, whatever the file is.
fn read_file(path: &str, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The contract in a file. It is refused here if no setting could make it run.
fn read_contract(path: &str) -> Result<Arc<[u8]>, String> {
    let most = u64::from(Profile::EXTENDED.limits.module_bytes);
    let bytes = read_file(path, most).map_err(|error| format!("cannot read {path:?}: {error}"))?;
    if !bytes.starts_with(validate::MAGIC) {
        return Err(format!("{path:?} is not wasm"));
    }
    validate::validate(&bytes, &Profile::EXTENDED, Revision::Experimental, true)
        .map_err(|error| format!("{path:?}: {error}"))?;
    Ok(bytes.into())
}

/// What someone else wrote, fit for one line.
fn printable(text: &str) -> String {
    text.chars().take(80).flat_map(char::escape_debug).collect()
}
