//! VMs that live on: two threads on one whose compilers work in the background, and machine code that a start left to the next.

use std::{fs, path::Path, sync::Arc, thread};

use hebe_host_ei::Message;
use hebe_vm::{
    Config, Vm,
    engine::{EngineChoice, MachineCode, Tiering},
};

use crate::engines::{Tape, differs, play};

/// How often each thread sends all messages.
const ROUNDS: usize = 8;
/// An entry of a cache has more bytes than this, its key's file has fewer.
const ENTRY: u64 = 1_000;

/// What was made.
#[derive(Debug, Default)]
pub(crate) struct Lasting {
    /// Executions.
    pub(crate) runs: u64,
    /// Modules compiled in the background.
    pub(crate) earned: u64,
    /// Modules whose machine code came from a file.
    pub(crate) restored: u64,
}

/// Sends the messages to such VMs. Each time the same must come of them.
pub(crate) fn lasting(
    config: &Config,
    code: &Arc<[u8]>,
    messages: &[Message],
    expected: &Tape,
) -> Result<Lasting, String> {
    let mut done = background(config, code, messages, expected)?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut start = |name: &str| -> Result<MachineCode, String> {
        let mut config = Config { engine: EngineChoice::Cranelift, ..config.clone() };
        config.set("cache-dir", folder.path().to_str()).map_err(|error| format!("{name}: {error}"))?;
        let vm = Arc::new(Vm::new(config));
        differs(&play(&vm, code, messages), expected).map_err(|text| format!("{name}: {text}"))?;
        done.runs += messages.len() as u64;
        Ok(vm.machine_code())
    };
    let count = |made: MachineCode| (made.winch + made.cranelift, made.restored);
    let first = count(start("the first start")?);
    let second = count(start("the second start")?);
    damage(folder.path()).map_err(|error| error.to_string())?;
    let third = count(start("a start on damaged files")?);
    if (first.1, second, third) != (0, (0, first.0), first) {
        return Err(format!("compiled and restored: {first:?}, then {second:?}, then {third:?}"));
    }
    done.restored += second.1 as u64;
    Ok(done)
}

fn background(
    config: &Config,
    code: &Arc<[u8]>,
    messages: &[Message],
    expected: &Tape,
) -> Result<Lasting, String> {
    let config = Config { engine: EngineChoice::Tiered, tiering: Tiering::Earned, ..config.clone() };
    let vm = Arc::new(Vm::new(config));
    let rounds = || -> Result<(), String> {
        (0..ROUNDS).try_for_each(|round| {
            differs(&play(&vm, code, messages), expected).map_err(|text| format!("round {round}: {text}"))
        })
    };
    thread::scope(|scope| {
        let other = scope.spawn(rounds);
        let here = rounds();
        here.and(other.join().unwrap_or_else(|_| Err("a panic".to_owned())))
    })?;
    let made = vm.machine_code();
    let runs = (2 * ROUNDS * messages.len()) as u64;
    Ok(Lasting { runs, earned: (made.winch + made.cranelift) as u64, restored: 0 })
}

/// Changes a byte of each entry.
fn damage(folder: &Path) -> std::io::Result<()> {
    for file in fs::read_dir(folder)? {
        let file = file?.path();
        if fs::metadata(&file)?.len() > ENTRY {
            let mut bytes = fs::read(&file)?;
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(&file, bytes)?;
        }
    }
    Ok(())
}
