//! `PATH[,option=value,flag…]`, the way EVMC's own loaders let a VM be named. Of Hebe's own: two commas stand for one in a path, a name
//! or a value. There they are an error, since there is no option between them.

use std::{path::PathBuf, str::FromStr};

use super::{Instance, Library, LoadError};

/// A library and the options for its VM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// The library.
    pub path: PathBuf,
    /// Names and values, in order. A bare flag has the value "".
    pub options: Vec<(String, String)>,
}

/// A text that names no library or no option.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// Nothing before the first comma.
    #[error(
        "there is no path; the form is PATH[,option=value,flag…], with ,, for a comma in a path or a value"
    )]
    NoPath,
    /// Nothing between two commas, or nothing before a `=`.
    #[error(
        "there is an option without a name; the form is PATH[,option=value,flag…], with ,, for a comma in a path or a value"
    )]
    NoOptionName,
}

impl FromStr for Spec {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let mut parts = parts(text).into_iter();
        let path = parts.next().filter(|path| !path.is_empty()).ok_or(SpecError::NoPath)?;
        let options = parts.map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((&part, ""));
            if name.is_empty() { Err(SpecError::NoOptionName) } else { Ok((name.into(), value.into())) }
        });
        Ok(Self { path: path.into(), options: options.collect::<Result<_, _>>()? })
    }
}

/// What is between single commas.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match parts.last_mut() {
            Some(part) if c != ',' || rest.next_if_eq(&',').is_some() => part.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts
}

impl Spec {
    /// Opens the library, creates a VM and sets its options.
    pub fn load(&self) -> Result<Instance, LoadError> {
        let mut vm = Library::open(&self.path)?.create()?;
        for (name, value) in &self.options {
            vm.set_option(name, Some(value)).map_err(|reason| LoadError::Option {
                path: self.path.clone(),
                name: name.clone(),
                value: value.clone(),
                reason,
                words: vm.last_error(),
            })?;
        }
        Ok(vm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: EVMC 12 `evmc/loader.h`, `evmc_load_and_configure`.
    #[test]
    fn specs() {
        let spec = |path: &str, options: &[(&str, &str)]| {
            let options = options.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
            Ok(Spec { path: path.into(), options })
        };
        assert_eq!("libhebe.so".parse(), spec("libhebe.so", &[]));
        assert_eq!("a/b.so,trace,log=x".parse(), spec("a/b.so", &[("trace", ""), ("log", "x")]));
        assert_eq!("b.so,sys:0x0a=f=g".parse(), spec("b.so", &[("sys:0x0a", "f=g")]));
        assert_eq!("b.so,log=".parse(), spec("b.so", &[("log", "")]));
        assert_eq!("".parse::<Spec>(), Err(SpecError::NoPath));
        assert_eq!(",trace".parse::<Spec>(), Err(SpecError::NoPath));
        assert_eq!("b.so,".parse::<Spec>(), Err(SpecError::NoOptionName));
        assert_eq!("b.so,=1".parse::<Spec>(), Err(SpecError::NoOptionName));
    }

    /// As QEMU has it in its options: a comma is written twice. From the left, two by two.
    #[test]
    fn commas_in_paths_and_values() {
        let spec = |text: &str| text.parse::<Spec>().expect("a spec");
        let option = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let found = spec("my,,vms/b.so,cache-dir=/a,,b/c,,,,d,trace");
        assert_eq!(found.path, PathBuf::from("my,vms/b.so"));
        assert_eq!(found.options, [option("cache-dir", "/a,b/c,,d"), option("trace", "")]);
        assert_eq!(spec("b.so,log=x,,,trace").options, [option("log", "x,"), option("trace", "")]);
        assert_eq!(spec("b.so,log=,,x").options, [option("log", ",x")]);
        assert_eq!(spec("b.so,,").path, PathBuf::from("b.so,"));
        assert_eq!("b.so,,,".parse::<Spec>(), Err(SpecError::NoOptionName));
    }
}
