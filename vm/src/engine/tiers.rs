//! Which contract is compiled, when, and by what.
//!
//! A contract begins on the interpreter. What it executes there is its heat: the gas of its instructions, or time where nobody
//! counts gas. When that nears what compiling costs, a thread of its own compiles it ([`worker`](super::worker)), with Winch
//! first and with Cranelift once it is hot. The next call runs the best there is.
//!
//! Machine code is bounded in bytes. When there is no room for a contract that earned it, those make way that nobody ran since the last
//! time that room was wanted; they begin anew on the interpreter. Whoever finds no room has to earn it once more, so
//! that making room takes at least what compiling takes.

mod slots;
#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use hebe_artifacts::Artifacts;
use hebe_host_ei::{Fault, Frame, Halt, Host, PARTICLES, Sink};

use wasmtime::Module;

use super::{
    Compiled, EngineChoice, MachineCode, Tiering, suits_cranelift,
    wasmtime::{Compiler, Strategy, has_handlers, ready_thread},
    worker::{Job, Worker},
};
use crate::{meter::Start, options::Config};

pub(super) use slots::Slots;
use slots::{Machine, Share};

/// Instructions that a contract executes for each of its bytes before Winch compiles it: Winch takes 66 to 384 ns for a byte, and the
/// interpreter 1 to 2 ns for an instruction.
const WINCH_AT: u64 = 150;
/// The same for Cranelift, which takes 560 to 1,383 ns for a byte.
const CRANELIFT_AT: u64 = 2_000;
/// What a call adds beside its instructions.
const CALL: u64 = 200;
/// Machine code takes up to so many times a module's bytes.
const MACHINE_CODE: usize = 8;
/// With a cache smaller than this, so much machine code may still be there, in bytes.
const LEAST: usize = 4 << 20;
/// Where [`Shared::made`] counts what came from files; before it are the strategies.
const RESTORED: usize = 2;

/// The compilers of a VM.
pub(super) struct Tiers<H: Host> {
    shared: Arc<Shared<H>>,
    tiering: Tiering,
    worker: Worker,
}

struct Shared<H: Host> {
    choice: EngineChoice,
    memory_pages: u32,
    winch: OnceLock<Result<Compiler<H>, Fault>>,
    cranelift: OnceLock<Result<Compiler<H>, Fault>>,
    /// Where machine code is between one start and the next.
    files: Option<Arc<Artifacts>>,
    /// There was some when this VM first looked.
    had_files: OnceLock<bool>,
    /// Machine code there is, and how much there may be, in bytes.
    used: Arc<AtomicUsize>,
    most: usize,
    /// Which contracts have machine code that may make way, and may be some that have not; the next to be looked at first.
    ring: Mutex<VecDeque<Weak<Compiled<H>>>>,
    made: [AtomicUsize; 3],
    log: Option<Arc<dyn Sink>>,
}

/// What a contract's heat was when a run began.
pub(super) struct Heat {
    particles: i64,
    began: Option<Instant>,
}

impl<H: Host> Tiers<H> {
    pub(super) fn new(config: &Config) -> Self {
        let shared = Shared {
            choice: config.engine,
            memory_pages: config.profile.limits.memory_pages,
            winch: OnceLock::new(),
            cranelift: OnceLock::new(),
            files: config.cache_dir.clone(),
            had_files: OnceLock::new(),
            used: Arc::default(),
            most: config.cache_bytes.max(LEAST),
            ring: Mutex::default(),
            made: Default::default(),
            log: config.log.clone(),
        };
        Self { shared: Arc::new(shared), tiering: config.tiering, worker: Worker::default() }
    }

    /// What was made so far.
    pub(super) fn machine_code(&self) -> MachineCode {
        let [winch, cranelift, restored] =
            self.shared.made.each_ref().map(|made| made.load(Ordering::Relaxed));
        MachineCode { winch, cranelift, restored, bytes: self.shared.used.load(Ordering::Relaxed) }
    }

    /// Compiles what is to be compiled before its first run. True if that is done, and the interpreter need not be ready.
    pub(super) fn load(&self, code: &Arc<Compiled<H>>) -> bool {
        match self.shared.choice {
            EngineChoice::Wasmi => false,
            EngineChoice::Tiered => {
                self.look_into_files(code);
                false
            }
            EngineChoice::Winch => self.shared.make(code, Strategy::Winch),
            EngineChoice::Cranelift => {
                let strategy =
                    if suits_cranelift(&code.module) { Strategy::Cranelift } else { Strategy::Winch };
                self.shared.make(code, strategy)
            }
        }
    }

    /// Lets the thread look for machine code of an earlier start.
    fn look_into_files(&self, code: &Arc<Compiled<H>>) {
        if self.shared.files.is_none() {
            return;
        }
        let (shared, weak) = (Arc::clone(&self.shared), Arc::downgrade(code));
        let work = move || {
            let Some(code) = weak.upgrade() else { return };
            if !shared.has_files() {
                return;
            }
            for strategy in [Strategy::Cranelift, Strategy::Winch] {
                // A version with other bounds may have left what this one would not compile.
                if strategy == Strategy::Cranelift && !suits_cranelift(&code.module) {
                    continue;
                }
                if shared.restore(&code, strategy) {
                    code.tiers.asked(strategy).store(true, Ordering::Relaxed);
                    return;
                }
            }
        };
        // Turned away, it will be compiled once it has earned that.
        self.worker.hand_over(Job { size: code.module.bytes().len(), work: Box::new(work) });
    }

    /// Runs a contract on machine code. No end if there is none of it, or none that can run now.
    pub(super) fn run(
        &self,
        code: &Arc<Compiled<H>>,
        frame: Box<Frame<H>>,
    ) -> (Box<Frame<H>>, Option<Result<Halt, Fault>>) {
        if self.shared.choice == EngineChoice::Wasmi {
            return (frame, None);
        }
        self.compile_in_time(code);
        let (mut machine, mut strategy) = (code.tiers.cranelift.load(), Strategy::Cranelift);
        if machine.is_none() {
            (machine, strategy) = (code.tiers.winch.load(), Strategy::Winch);
        }
        let Some(machine) = &*machine else { return (frame, None) };
        if strategy == Strategy::Winch && !has_handlers() {
            return (frame, None);
        }
        let Ok(compiler) = self.shared.compiler(strategy) else { return (frame, None) };
        if !code.tiers.is_used.load(Ordering::Relaxed) {
            code.tiers.is_used.store(true, Ordering::Relaxed);
        }
        ready_thread();
        compiler.run(&machine.code, frame)
    }

    /// With [`Tiering::AtCall`], the call itself compiles.
    fn compile_in_time(&self, code: &Arc<Compiled<H>>) {
        let Tiering::AtCall { winch, cranelift } = self.tiering else { return };
        if self.shared.choice != EngineChoice::Tiered {
            return;
        }
        let calls = code.tiers.heat.fetch_add(1, Ordering::Relaxed);
        for (strategy, at) in [(Strategy::Winch, winch), (Strategy::Cranelift, cranelift)] {
            if strategy == Strategy::Cranelift && !suits_cranelift(&code.module) {
                continue;
            }
            if calls >= at && !code.tiers.asked(strategy).swap(true, Ordering::Relaxed) {
                self.shared.make(code, strategy);
            }
        }
    }

    /// Before a run that adds to the heat.
    pub(super) fn begin(&self, code: &Compiled<H>, frame: &Frame<H>) -> Option<Heat> {
        let may_rise = self.shared.choice == EngineChoice::Tiered && code.tiers.cranelift.load().is_none();
        if !may_rise || self.tiering != Tiering::Earned {
            return None;
        }
        let is_counted = matches!(code.module.start(), Start::Charged(_));
        let began = (!is_counted).then(Instant::now);
        Some(Heat { particles: frame.gas.particles(), began })
    }

    /// After it.
    pub(super) fn end(&self, code: &Arc<Compiled<H>>, before: Option<Heat>, frame: &Frame<H>) {
        let Some(before) = before else { return };
        let executed = match before.began {
            Some(began) => u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX),
            None => {
                let particles = before.particles.saturating_sub(frame.gas.particles());
                u64::try_from(particles.saturating_sub(frame.host_particles()) / PARTICLES).unwrap_or(0)
            }
        };
        let executed = executed.saturating_add(CALL);
        let heat = code.tiers.heat.fetch_add(executed, Ordering::Relaxed).saturating_add(executed);
        let bytes = code.module.bytes().len() as u64;
        if heat >= bytes * WINCH_AT {
            self.ask(code, Strategy::Winch);
        }
        if heat >= bytes * CRANELIFT_AT && suits_cranelift(&code.module) {
            self.ask(code, Strategy::Cranelift);
        }
    }

    /// Asks the thread to compile a contract, once.
    fn ask(&self, code: &Arc<Compiled<H>>, strategy: Strategy) {
        let asked = code.tiers.asked(strategy);
        if asked.swap(true, Ordering::Relaxed) {
            return;
        }
        let (shared, weak) = (Arc::clone(&self.shared), Arc::downgrade(code));
        let work = move || {
            // Gone from the cache: nobody would run it.
            let Some(code) = weak.upgrade() else { return };
            shared.make(&code, strategy);
        };
        if !self.worker.hand_over(Job { size: code.module.bytes().len(), work: Box::new(work) }) {
            asked.store(false, Ordering::Relaxed);
        }
    }
}

impl<H: Host> Shared<H> {
    /// Makes machine code of a contract. False if that cannot be; then the interpreter goes on.
    fn make(&self, code: &Arc<Compiled<H>>, strategy: Strategy) -> bool {
        if code.tiers.of(strategy).load().is_some() {
            return true;
        }
        if !self.make_room(code, code.module.bytes().len().saturating_mul(MACHINE_CODE)) {
            return false;
        }
        if self.restore(code, strategy) {
            return true;
        }
        let Ok(compiler) = self.compiler(strategy) else { return false };
        let module = match compiler.compile(&code.module) {
            Ok(module) => module,
            Err(fault) => return self.tell(strategy, &fault),
        };
        self.made[strategy as usize].fetch_add(1, Ordering::Relaxed);
        if let Some(files) = &self.files {
            // Without it the next start compiles again.
            if let (Err(error), Some(log)) =
                (files.put_module(&compiler.key(&code.module), &module), &self.log)
            {
                log.line(&format!("hebe: cache-dir: {error}"));
            }
        }
        self.install(code, strategy, &module)
    }

    /// Makes room for so many bytes of a contract's machine code. False if there is none, because all that could make way has run
    /// in the meantime; the contract then has to earn it again.
    fn make_room(&self, code: &Arc<Compiled<H>>, bytes: usize) -> bool {
        let has_room = || self.used.load(Ordering::Relaxed).saturating_add(bytes) <= self.most;
        let mut ring = lock(&self.ring);
        for _ in 0..ring.len() {
            if has_room() {
                break;
            }
            let Some(first) = ring.pop_front() else { break };
            // One that the cache let go has no machine code any more.
            let Some(there) = first.upgrade() else { continue };
            if Arc::ptr_eq(&there, code) || there.tiers.is_used.swap(false, Ordering::Relaxed) {
                ring.push_back(first);
            } else {
                there.tiers.is_listed.store(false, Ordering::Relaxed);
                there.tiers.make_way();
            }
        }
        drop(ring);
        if !has_room() {
            code.tiers.cool_down();
            return false;
        }
        true
    }

    /// Sees to it that a contract's machine code can be asked to make way.
    fn list(&self, code: &Arc<Compiled<H>>) {
        code.tiers.is_used.store(true, Ordering::Relaxed);
        if self.choice != EngineChoice::Tiered || code.tiers.is_listed.swap(true, Ordering::Relaxed) {
            return;
        }
        let mut ring = lock(&self.ring);
        if ring.len() == ring.capacity() {
            ring.retain(|listed| listed.strong_count() > 0);
        }
        ring.push_back(Arc::downgrade(code));
    }

    /// Takes machine code of an earlier start from the folder. False if there is none that fits.
    fn restore(&self, code: &Arc<Compiled<H>>, strategy: Strategy) -> bool {
        let (Some(files), Ok(compiler)) = (&self.files, self.compiler(strategy)) else { return false };
        let artifact = files.find(&compiler.key(&code.module)).unwrap_or_else(|bad| {
            if let Some(log) = &self.log {
                log.line(&format!("hebe: cache-dir: {bad}"));
            }
            None
        });
        let module = artifact.and_then(|artifact| compiler.restore(&artifact));
        let is_there = module.is_some_and(|module| self.install(code, strategy, &module));
        self.made[RESTORED].fetch_add(usize::from(is_there), Ordering::Relaxed);
        is_there
    }

    /// Puts machine code in its place, if there is room for it.
    fn install(&self, code: &Arc<Compiled<H>>, strategy: Strategy, module: &Module) -> bool {
        let image = module.image_range();
        let bytes = image.end as usize - image.start as usize;
        if !self.make_room(code, bytes) {
            return false;
        }
        let used = self.used.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let share = Share { used: Arc::clone(&self.used), bytes };
        let Ok(compiler) = self.compiler(strategy) else { return false };
        if used > self.most {
            return false;
        }
        let linked = match compiler.link(module, &code.module) {
            Ok(linked) => linked,
            Err(fault) => return self.tell(strategy, &fault),
        };
        code.tiers.of(strategy).store(Some(Arc::new(Machine { code: linked, _share: share })));
        self.list(code);
        if strategy == Strategy::Cranelift {
            code.tiers.winch.store(None);
        }
        if let Some(interpreted) = code.wasmi.get() {
            interpreted.forget_instances();
        }
        true
    }

    /// Whether an earlier start left anything: the compilers need not come into being to find that nothing is there.
    fn has_files(&self) -> bool {
        let is_any =
            |files: &Arc<Artifacts>| files.contents().is_ok_and(|contents| !contents.entries.is_empty());
        *self.had_files.get_or_init(|| self.files.as_ref().is_some_and(is_any))
    }

    fn compiler(&self, strategy: Strategy) -> Result<&Compiler<H>, Fault> {
        let compiler = match strategy {
            Strategy::Winch => &self.winch,
            Strategy::Cranelift => &self.cranelift,
        };
        let new = || {
            Compiler::new(strategy, self.memory_pages).inspect_err(|fault| {
                self.tell(strategy, fault);
            })
        };
        compiler.get_or_init(new).as_ref().map_err(Clone::clone)
    }

    /// Tells the operator that a compiler failed, which costs speed alone. It is false that something was made.
    fn tell(&self, strategy: Strategy, fault: &Fault) -> bool {
        if let Some(log) = &self.log {
            log.line(&format!(
                "hebe: {strategy:?} cannot compile a contract, the interpreter goes on: {fault}"
            ));
        }
        false
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while this lock is held, and what it holds is always whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
