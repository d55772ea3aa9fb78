//! Generates contracts and holds the engines against one another:
//! `cargo run --release --example differential -- COUNT SEED [SWITCHES] [FOLDER]`.
//!
//! It prints what it did, saves what differs, and ends with 1 if something does.

use std::{
    collections::BTreeMap,
    fs,
    panic::{self, AssertUnwindSafe},
    process::ExitCode,
    time::Instant,
};

use hebe_fuzz::{
    engines::{Report, Script, Verdict, WAYS, engines},
    generate::{Kind, contract},
    speed::speeds,
};

/// Numbers out of a seed (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count.div_ceil(8)).flat_map(|_| self.next().to_le_bytes()).take(count).collect()
    }
}

#[derive(Default)]
struct Sums {
    kinds: BTreeMap<Kind, (u64, u64)>,
    refused: BTreeMap<String, u64>,
    modules: u64,
    differences: u64,
    wasm_bytes: u64,
    report: Report,
    slowest: f64,
}

impl Sums {
    fn add(&mut self, report: Report) {
        let Report {
            runs,
            statuses,
            questions,
            output,
            winch,
            cranelift,
            earned,
            restored,
            fell_back,
            too_large,
        } = report;
        let sums = &mut self.report;
        sums.runs += runs;
        statuses.into_iter().for_each(|(status, count)| *sums.statuses.entry(status).or_default() += count);
        sums.questions += questions;
        sums.output += output;
        sums.winch += winch;
        sums.cranelift += cranelift;
        sums.earned += earned;
        sums.restored += restored;
        sums.too_large += too_large;
        sums.fell_back.extend(fell_back);
    }

    fn print(&self, begun: Instant) {
        let seconds = begun.elapsed().as_secs_f64();
        let Report {
            runs,
            questions,
            output,
            winch,
            cranelift,
            earned,
            restored,
            fell_back,
            too_large,
            statuses,
        } = &self.report;
        println!(
            "{} modules, {runs} runs, {} differences, {} fall backs ({too_large} of them beyond Cranelift's shape), {:.1} modules/s, {seconds:.0} s",
            self.modules,
            self.differences,
            fell_back.len(),
            self.modules as f64 / seconds,
        );
        println!(
            "  compiled {winch} × Winch, {cranelift} × Cranelift, {earned} in the background; {restored} from files; {} KB of wasm, {} MB of output, {questions} host calls; slowest module {:.1} s",
            self.wasm_bytes >> 10,
            output >> 20,
            self.slowest
        );
        println!("  ends {statuses:?}; (modules, refused) {:?}; refused for {:?}", self.kinds, self.refused);
    }
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let mut number = |default: Option<u64>| match args.next() {
        Some(text) => text.parse().ok(),
        None => default,
    };
    let (Some(count), Some(seed), Some(switches)) = (number(None), number(Some(1)), number(Some(1))) else {
        eprintln!(
            "usage: differential COUNT [SEED [SWITCHES [FOLDER]]]: how many modules, the number of the first, how many of the {} ways of switching each gets",
            WAYS
        );
        return ExitCode::from(2);
    };
    let folder = args.next().unwrap_or_else(|| "differences".to_owned());
    let (mut sums, begun) = (Sums::default(), Instant::now());
    let mut next = seed;
    while sums.modules < count {
        one(next, switches as usize, &folder, &mut sums);
        next += 1;
        if sums.modules.is_multiple_of(1_000) && sums.modules > 0 {
            sums.print(begun);
        }
    }
    sums.print(begun);
    println!("seeds {seed} to {}", next - 1);
    // In this process, after all these modules, the compilers' code still is what runs.
    let [wasmi, winch, cranelift] = speeds();
    println!("a loop takes {wasmi:?} on wasmi, {winch:?} on Winch, {cranelift:?} on Cranelift");
    let is_machine_code = winch.max(cranelift) * 2 < wasmi;
    if !is_machine_code {
        println!("that is too long for machine code");
    }
    if sums.differences == 0 && is_machine_code { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn one(seed: u64, switches: usize, folder: &str, sums: &mut Sums) {
    let mut numbers = Numbers(seed);
    let kind = Kind::MIX[seed as usize % Kind::MIX.len()];
    let lengths = if kind == Kind::Own { [400, 800, 1_500, 2_500] } else { [150, 300, 700, 2_000] };
    let length = lengths[numbers.next() as usize % 4];
    let bytes = numbers.bytes(length);
    let script = Script::new(kind, &numbers.bytes(64), numbers.next() as usize % WAYS, switches);
    let begun = Instant::now();
    let made = panic::catch_unwind(AssertUnwindSafe(|| contract(kind, &bytes)));
    let code = match made {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => {
            *sums.refused.entry(format!("the generator: {error}")).or_default() += 1;
            return;
        }
        Err(_) => {
            println!("seed {seed}, {kind:?}: the generator panicked");
            sums.differences += 1;
            return;
        }
    };
    let verdict = panic::catch_unwind(AssertUnwindSafe(|| engines(&code, &script)))
        .unwrap_or_else(|_| Err(Verdict::Differs("a panic".to_owned())));
    sums.slowest = sums.slowest.max(begun.elapsed().as_secs_f64());
    let counts = sums.kinds.entry(kind).or_default();
    match verdict {
        Ok(report) => {
            counts.0 += 1;
            sums.modules += 1;
            sums.wasm_bytes += code.len() as u64;
            sums.add(report);
        }
        Err(Verdict::Refused(text)) => {
            counts.1 += 1;
            let text: String = text.chars().filter(|c| !c.is_ascii_digit()).take(60).collect();
            *sums.refused.entry(text).or_default() += 1;
        }
        Err(Verdict::Differs(text)) => {
            sums.modules += 1;
            sums.differences += 1;
            let file = format!("{folder}/{seed}.wasm");
            let saved = fs::create_dir_all(folder).and_then(|()| fs::write(&file, &code));
            println!("seed {seed}, {kind:?}, {} bytes: {text}\n  saved {file}: {saved:?}", code.len());
        }
    }
}
