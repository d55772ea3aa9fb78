//! One and two threads on one VM: how many times as much two do, in the same time.

use std::{hint::black_box, sync::Barrier, thread, time::Instant};

use hebe::loader::Instance;
use hebe_benches::{
    stats::median,
    support::{contract, message, noise, now, token_host, transfer_message},
};
use hebe_host_ei::{Message, mock::MockHost};

use crate::{
    bench::{Bench, run},
    sizes::distinct,
};

pub(crate) const GROUP: &str = "threads";

/// Each is measured by the wall clock, and by the threads' own clocks: those leave out what else the machine does.
pub(crate) const ROWS: [&str; 3] = ["transfers, 1 contract", "transfers, 2 contracts", "sha256, 1 contract"];
const WALL: &str = "wall clock";
const CPU: &str = "CPU time";

/// The row that says `what` by the wall clock.
pub(crate) fn by_wall(what: &str) -> String {
    format!("{what}, {WALL}")
}

pub(crate) fn measure(bench: &mut Bench) {
    let token = contract("token/token");
    let transfer = (transfer_message(), token_host());
    let other = distinct(&token);
    let sha256 = contract("sha256/sha256-fast");
    let hash = (message(noise(10_000)), MockHost::default());
    bench.measured.extend([token.clone(), sha256.clone()]);
    let jobs: [(&[u8], &[u8], _, usize); 3] = [
        (&token, &token, &transfer, 16_000),
        (&token, &other, &transfer, 16_000),
        (&sha256, &sha256, &hash, 160),
    ];
    for (name, (one, two, call, calls)) in ROWS.into_iter().zip(jobs) {
        for engine in bench.engines.clone() {
            let vm = bench.vm(&engine, "inline");
            bench.settle(&engine, || {
                run(&vm, one, call.clone());
                run(&vm, two, call.clone());
            });
            let turns = if bench.quick { 5 } else { 11 };
            let (wall, cpu) = factors(turns, calls, |codes, calls| time(&vm, codes, call, calls), [one, two]);
            bench.figures.add(GROUP, &by_wall(name), &engine, "×", wall);
            bench.figures.add(GROUP, &format!("{name}, {CPU}"), &engine, "×", cpu);
        }
    }
}

/// How many times as much two threads do.
fn factors<'a>(
    turns: usize,
    calls: usize,
    time: impl Fn(&[&'a [u8]], usize) -> (f64, f64),
    [one, two]: [&'a [u8]; 2],
) -> (f64, f64) {
    let turn = |_| {
        let (alone, alone_cpu) = time(&[one], calls);
        let (both, both_cpu) = time(&[one, two], calls);
        (2.0 * alone / both, 2.0 * alone_cpu / both_cpu)
    };
    let (wall, cpu): (Vec<f64>, Vec<f64>) = (0..turns).map(turn).unzip();
    (median(&wall), median(&cpu))
}

/// The longest time of the threads, one for each code, by both clocks.
fn time(vm: &Instance, codes: &[&[u8]], call: &(Message, MockHost), calls: usize) -> (f64, f64) {
    let together = Barrier::new(codes.len());
    let work = |code: &[u8]| {
        let inputs = vec![call.clone(); calls];
        together.wait();
        let (wall, cpu) = (Instant::now(), now());
        inputs.into_iter().for_each(|call| drop(black_box(run(vm, code, call))));
        (wall.elapsed().as_secs_f64(), now() - cpu)
    };
    thread::scope(|scope| {
        let threads: Vec<_> = codes.iter().map(|code| scope.spawn(|| work(code))).collect();
        let times = threads.into_iter().map(|thread| thread.join().expect("no panic"));
        times.fold((0.0, 0.0), |(wall, cpu): (f64, f64), (w, c)| (wall.max(w), cpu.max(c)))
    })
}
