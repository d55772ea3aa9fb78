//! Where lines go: standard error or a file.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use hebe_host_ei::Sink;

/// Opens what an option's value names: `off`, `stderr` (also the empty value of a bare flag), or a file,
/// to whose end lines are added.
pub(crate) fn open(value: &str) -> Result<Option<Arc<dyn Sink>>, String> {
    match value {
        "off" => Ok(None),
        "" | "stderr" => Ok(Some(Arc::new(Stderr))),
        // Meant as something else than a file's name, for which ./on would do.
        "on" | "true" | "yes" | "1" | "false" | "no" | "0" | "stdout" => {
            Err(format!("{value:?} is none of its values (a file of that name would be ./{value})"))
        }
        path => {
            let file = OpenOptions::new().create(true).append(true).open(path);
            let file = file.map_err(|error| format!("cannot write to {path:?}: {error}"))?;
            Ok(Some(Arc::new(Appended(Mutex::new(file)))))
        }
    }
}

struct Stderr;

impl Sink for Stderr {
    fn line(&self, text: &str) {
        // Nobody can be told when standard error is closed, and no result may depend on it.
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}

struct Appended(Mutex<File>);

impl Sink for Appended {
    fn line(&self, text: &str) {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One write for the whole line; as above, a full disk changes no result.
        let _ = file.write_all(format!("{text}\n").as_bytes());
    }
}
