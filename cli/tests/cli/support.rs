//! Runs the program.

use std::{
    env,
    ffi::OsStr,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// What the program answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Answer {
    /// The answer, which must be a success without a word on standard error.
    pub(crate) fn success(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{self:?}");
        self.stdout
    }

    /// The message of a usage error, which is all that is said.
    pub(crate) fn usage_error(self) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (2, ""), "{self:?}");
        assert!(self.stderr.starts_with("error: "), "{self:?}");
        self.stderr
    }
}

/// `hebe` in the root of the repository, without an environment that changes what it says.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hebe"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).env_remove("NO_COLOR");
    command
}

pub(crate) fn hebe<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Answer {
    hebe_with_input(args, b"")
}

/// With this on standard input.
pub(crate) fn hebe_with_input<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>, input: &[u8]) -> Answer {
    let mut command = command();
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("hebe starts");
    // It may end without reading.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    let Output { status, stdout, stderr } = child.wait_with_output().expect("hebe ends");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Answer { code: status.code().expect("no signal"), stdout: text(stdout), stderr: text(stderr) }
}

/// Splits a command line at its spaces.
pub(crate) fn words(line: &str) -> Answer {
    hebe(line.split_whitespace())
}

/// The shared library, which cargo builds beside the tests.
pub(crate) fn library() -> PathBuf {
    let test = env::current_exe().expect("the path of this test");
    let name = format!("{}hebe{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let library = test.with_file_name(name);
    assert!(library.exists(), "{} is not built", library.display());
    library
}

/// Compiles `vm.c` into a folder.
pub(crate) fn other_vm(folder: &Path, flags: &[&str]) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/vm.c");
    let library = folder.join(format!("{}other{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX));
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let mut compile = Command::new(compiler);
    compile
        .args(["-shared", "-fPIC", "-Wall", "-Wextra", "-Werror"])
        .args(flags)
        .arg("-o")
        .arg(&library)
        .arg(source);
    assert!(compile.status().expect("a C compiler").success());
    library
}

/// 32 bytes in hex that are a number.
pub(crate) fn word(number: u128) -> String {
    format!("0x{number:064x}")
}
