//! What every answer is made of: streams, colours, hexadecimal digits.

use std::{
    env,
    io::{self, IsTerminal, Write},
};

use clap::builder::styling::{AnsiColor, Style as Ansi};
use serde::Serialize;

/// Colours, if the stream is a terminal and nobody said otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    coloured: bool,
}

impl Style {
    pub(crate) fn stdout() -> Self {
        Self { coloured: io::stdout().is_terminal() && colours_wanted() }
    }

    pub(crate) fn stderr() -> Self {
        Self { coloured: io::stderr().is_terminal() && colours_wanted() }
    }

    #[cfg(test)]
    pub(crate) const fn plain() -> Self {
        Self { coloured: false }
    }

    pub(crate) fn good(self, text: &str) -> String {
        self.paint(Ansi::new().fg_color(Some(AnsiColor::Green.into())).bold(), text)
    }

    pub(crate) fn bad(self, text: &str) -> String {
        self.paint(Ansi::new().fg_color(Some(AnsiColor::Red.into())).bold(), text)
    }

    /// A label.
    pub(crate) fn label(self, text: &str) -> String {
        self.paint(Ansi::new().bold(), text)
    }

    fn paint(self, ansi: Ansi, text: &str) -> String {
        if self.coloured { format!("{ansi}{text}{ansi:#}") } else { text.to_owned() }
    }
}

/// See <https://no-color.org>.
fn colours_wanted() -> bool {
    let silent = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !silent && env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
}

/// Writes to standard output at once.
pub(crate) fn to_stdout(text: &str) -> io::Result<()> {
    bytes_to_stdout(text.as_bytes())
}

/// The same for what may be no text.
pub(crate) fn bytes_to_stdout(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Writes to standard error. When that is closed, there is nobody left to tell.
pub(crate) fn to_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// One line of JSON.
pub(crate) fn json_line(value: &impl Serialize) -> String {
    // Our own structures have text keys and no custom serialisation: nothing of them can fail.
    let text = serde_json::to_string(value).unwrap_or_default();
    text + "\n"
}

/// Width of the column of labels.
const LABEL: usize = 14;

/// A line `label  text`. What follows the first line of the text is indented below it.
pub(crate) fn field(style: Style, label: &str, text: &str) -> String {
    let indent = format!("\n{:LABEL$}", "");
    let gap = " ".repeat(LABEL.saturating_sub(label.len()));
    let label = if label.is_empty() { String::new() } else { style.label(label) };
    format!("{label}{gap}{}\n", text.replace('\n', &indent))
}

/// Bytes as `0x…`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// Somebody else's words on one line, without what could command the terminal.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_debug().collect() } else { vec![c] }).collect()
}

/// "1 byte", "2 bytes".
pub(crate) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_columns() {
        assert_eq!(field(Style::plain(), "gas", "1\n2"), "gas           1\n              2\n");
        assert_eq!(field(Style::plain(), "a label too long for it", "x"), "a label too long for itx\n");
    }

    #[test]
    fn words_of_others_stay_on_their_line() {
        assert_eq!(one_line("a\nb\u{1b}[31mé"), "a\\nb\\u{1b}[31mé");
    }
}
