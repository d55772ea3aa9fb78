//! Code from a file, from standard input or from the command line itself: wasm, WAT or hex.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use crate::{error::Error, values};

/// What wasm begins with.
pub(crate) const WASM_MAGIC: &[u8] = b"\0asm";

/// More than any contract has; keeps an endless file from filling the memory.
const MOST_BYTES: u64 = 64 << 20;

/// Reads code. `-` is standard input; hex after `0x` that is no file's name is the code itself.
pub(crate) fn read(source: &str) -> Result<Vec<u8>, Error> {
    let path = Path::new(source);
    let read = match source {
        "-" => read_all(io::stdin().lock()),
        _ if source.starts_with("0x") && !path.exists() => Ok(source.as_bytes().to_vec()),
        _ => File::open(path).and_then(read_all),
    };
    let name = if source == "-" { "standard input" } else { source };
    let bytes = read.map_err(|error| Error::usage(format!("cannot read {name}: {error}")))?;
    decode(name, bytes).map_err(Error::Usage)
}

/// Reads code that must be wasm.
pub(crate) fn read_wasm(source: &str) -> Result<Vec<u8>, Error> {
    let code = read(source)?;
    if code.starts_with(WASM_MAGIC) {
        return Ok(code);
    }
    let name = if source == "-" { "standard input" } else { "CODE" };
    Err(Error::usage(format!(
        "{name} is not wasm: it does not begin with \\0asm. EVM bytecode has its own gas and needs neither check nor \
         metering"
    )))
}

fn read_all(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(io::Error::other(format!("it has more than {} MiB", MOST_BYTES >> 20)));
    }
    Ok(bytes)
}

/// The code in a file's content. What the file is called plays no role, but in errors.
pub(crate) fn decode(name: &str, content: Vec<u8>) -> Result<Vec<u8>, String> {
    if content.starts_with(WASM_MAGIC) {
        return Ok(content);
    }
    let Ok(text) = str::from_utf8(&content) else {
        return Err(format!(
            "{name} is not code: it does not begin like wasm (\\0asm) and is no text either"
        ));
    };
    if text.trim().is_empty() {
        return Err(format!("{name} is empty; it should be wasm, WAT or hex"));
    }
    if is_wat(text) {
        return compile(name, text);
    }
    match values::bytes(text) {
        Ok(code) if code.is_empty() => Err(format!("{name} is hex without a digit; there is no code")),
        Ok(code) => Ok(code),
        Err(error) => {
            Err(format!("{name} is neither wasm (\\0asm…) nor WAT ((module…), and as hex: {error}"))
        }
    }
}

/// True if the first thing after white space and comments is a parenthesis.
fn is_wat(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix(";;") {
        rest = comment.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
    }
    rest.starts_with('(')
}

fn compile(name: &str, text: &str) -> Result<Vec<u8>, String> {
    wat::parse_str(text).map_err(|mut error| {
        error.set_path(name);
        error.to_string()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(content: &[u8]) -> Result<Vec<u8>, String> {
        decode("it", content.to_vec())
    }

    #[test]
    fn the_content_decides() {
        assert_eq!(decoded(b"\0asm"), Ok(b"\0asm".to_vec()));
        assert_eq!(decoded(b" 0x60\n01 \n"), Ok(vec![0x60, 0x01]));
        assert_eq!(decoded(b"6001"), Ok(vec![0x60, 0x01]));
        let empty_module = Ok(b"\0asm\x01\0\0\0".to_vec());
        assert_eq!(decoded(b"(module)"), empty_module);
        assert_eq!(decoded(b"\n;; (a comment\n;;\n  (module)"), empty_module);
        assert_eq!(decoded(b"(; a comment ;) (module)"), empty_module);
    }

    #[test]
    fn what_is_no_code() {
        assert_eq!(decoded(b" \n"), Err("it is empty; it should be wasm, WAT or hex".to_owned()));
        assert_eq!(decoded(b"0x"), Err("it is hex without a digit; there is no code".to_owned()));
        assert!(decoded(b"\xff\xfe").is_err_and(|error| error.contains("is no text either")));
        assert!(decoded(b"hello").is_err_and(|error| error.ends_with("as hex: 'h' is not a hex digit")));
        assert!(decoded(b";; only").is_err());
        let error = decoded(b"(module\n  (func $)))").expect_err("it is no WAT");
        assert!(error.contains("it:2:"), "{error}");
    }

    #[test]
    fn an_endless_source_ends() {
        assert!(read_all(io::repeat(0)).is_err_and(|error| error.to_string() == "it has more than 64 MiB"));
    }
}
