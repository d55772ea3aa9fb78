//! `hebe`: the command line of Hebe.
//!
//! A file for each command; [`values`] reads what people write, [`print`] is all that commands share when
//! they answer.

#![forbid(unsafe_code)]

mod cache;
mod check;
mod code;
mod error;
mod meter;
mod print;
mod run;
mod schedule;
mod statetest;
mod values;
mod vm_info;
mod vms;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Runs ewasm contracts and Ethereum's state tests, in Hebe or in any VM that speaks EVMC 12.
#[derive(Debug, Parser)]
#[command(
    name = "hebe",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "Example:\n  hebe run contracts/counter/counter.wasm\n\n\
                  `hebe COMMAND --help` explains a command and shows more examples."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a contract and show what it did
    #[command(after_help = run::AFTER_HELP)]
    Run(Box<run::RunArgs>),
    /// Check whether code is a contract, and what it takes
    #[command(after_help = check::AFTER_HELP)]
    Check(check::CheckArgs),
    /// Write the charges for gas into a contract, to look at or to deploy
    #[command(after_help = meter::AFTER_HELP)]
    Meter(meter::MeterArgs),
    /// Show what host functions cost at a revision of Ethereum, and why
    #[command(after_help = schedule::AFTER_HELP)]
    Schedule(schedule::ScheduleArgs),
    /// Run Ethereum state tests
    #[command(after_help = statetest::AFTER_HELP)]
    Statetest(statetest::StatetestArgs),
    /// Look after a folder of compiled code (the option cache-dir=)
    #[command(after_help = cache::AFTER_HELP)]
    Cache(cache::CacheArgs),
    /// Show what a VM is and which options it has
    #[command(name = "vm-info", after_help = vm_info::AFTER_HELP)]
    VmInfo(vm_info::VmInfoArgs),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Meter(args) => meter::run(&args),
        Command::Schedule(args) => schedule::run(&args),
        Command::Statetest(args) => statetest::run(&args),
        Command::Cache(args) => cache::run(&args),
        Command::VmInfo(args) => vm_info::run(&args),
    };
    result.unwrap_or_else(|error| {
        error.tell();
        error.exit_code()
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }

    /// What a help text tells people to type must be understood.
    #[test]
    fn examples_in_help_are_accepted() {
        let mut examples = 0;
        let command = Cli::command();
        let below = command.get_subcommands().flat_map(clap::Command::get_subcommands);
        let commands = command.get_subcommands().chain(below).chain([&command]);
        let texts = commands.filter_map(|c| c.get_after_help());
        for text in texts.map(ToString::to_string) {
            for line in text.lines().filter_map(|line| line.strip_prefix("  ")) {
                // Of a pipeline, the part that is ours.
                let Some(ours) = line.split(" | ").find(|part| part.starts_with("hebe ")) else { continue };
                let parsed = Cli::try_parse_from(ours.split_whitespace());
                assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
                examples += 1;
            }
        }
        assert!(examples >= 10, "{examples} examples found");
    }
}
