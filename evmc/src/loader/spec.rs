//! `PATH[,option=value,flag…]`, the way EVMC's own loaders let a VM be named.

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
    #[error("there is no path; the form is PATH[,option=value,flag…]")]
    NoPath,
    /// Nothing between two commas, or nothing before a `=`.
    #[error("there is an option without a name; the form is PATH[,option=value,flag…]")]
    NoOptionName,
}

impl FromStr for Spec {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let mut parts = text.split(',');
        let path = parts.next().filter(|path| !path.is_empty()).ok_or(SpecError::NoPath)?;
        let options = parts.map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            if name.is_empty() { Err(SpecError::NoOptionName) } else { Ok((name.into(), value.into())) }
        });
        Ok(Self { path: path.into(), options: options.collect::<Result<_, _>>()? })
    }
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
}
