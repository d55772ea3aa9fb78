//! A client written in C: EVMC as C sees it, not as this crate's own declarations do.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::common::{contracts, library};

/// Compiles a C file of this folder.
pub(crate) fn compile(source: &str, output: &Path, flags: &[&str]) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edge").join(source);
    let mut compiler = Command::new("cc");
    compiler.args(["-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Werror"]).args(flags);
    let ran = compiler.arg("-o").arg(output).arg(source).arg("-ldl").output();
    let ran = ran.expect("this test needs a C compiler under the name cc (Debian: apt-get install gcc)");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

fn client(folder: &Path) -> PathBuf {
    let client = folder.join("client");
    compile("client.c", &client, &[]);
    client
}

pub(crate) fn assert_ok(output: &Output) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success() && out.ends_with("ok\n"), "{}\n{out}{err}", output.status);
}

/// Real contracts, with exact gas, status, output, storage and log. The sums are in `client.c`.
#[test]
fn a_c_client_runs_real_contracts() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(client(folder.path())).arg(library()).arg(contracts()).arg("1").output();
    assert_ok(&output.expect("the client runs"));
}

/// The same 110 times, 1320 executions, without a memory error or a lost block.
#[test]
fn a_thousand_executions_are_clean_under_valgrind() {
    let valgrind = || Command::new("valgrind");
    if valgrind().arg("--version").output().is_err() {
        // Not `eprintln!`: of a test that passes, nobody sees that.
        let _ = writeln!(std::io::stderr(), "skipped: valgrind not found");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = valgrind()
        .args(["--quiet", "--error-exitcode=99", "--leak-check=full"])
        .args(["--errors-for-leak-kinds=definite", "--show-leak-kinds=definite"])
        .arg(client(folder.path()))
        .arg(library())
        .arg(contracts())
        .arg("110")
        .output();
    assert_ok(&output.expect("valgrind runs"));
}
