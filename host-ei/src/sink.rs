//! Where lines for a person go.

/// Takes lines of text meant for a person: the `debug` module's output, a trace, reasons of a
/// refusal. What becomes of them never reaches a result.
pub trait Sink: Send + Sync {
    /// Takes one line, without its line feed.
    fn line(&self, text: &str);
}
