//! What functions and instructions are called.

use std::collections::HashMap;

use wasmparser::{KnownCustom, Name, NameSectionReader, Operator, Parser, Payload};

use super::{Function, InvalidCode};

/// The longest name that is told, in characters.
const LONGEST: usize = 64;
/// Names that are kept to look up: more than a module can have functions.
const MOST: usize = 1 << 20;

/// Says what the function is called.
pub(super) fn name_it(mut error: InvalidCode, code: &[u8]) -> InvalidCode {
    if let Some(function) = &mut error.function {
        function.name = names(code).find(|(index, _)| *index == function.index).map(|(_, name)| cut(name));
    }
    error
}

/// The names of a module's functions, to look up many.
pub(super) struct Names<'a>(HashMap<u32, &'a str>);

impl<'a> Names<'a> {
    pub(super) fn new(code: &'a [u8]) -> Self {
        let mut map = HashMap::new();
        for (index, name) in names(code).take(MOST) {
            map.entry(index).or_insert(name);
        }
        Self(map)
    }

    pub(super) fn function(&self, index: u32, instruction: Option<String>) -> Function {
        Function { index, name: self.0.get(&index).map(|name| cut(name)), instruction }
    }
}

fn cut(name: &str) -> String {
    name.chars().take(LONGEST).collect()
}

/// Functions with their names, from the name section, as far as that can be read.
fn names(code: &[u8]) -> impl Iterator<Item = (u32, &str)> {
    let sections = Parser::new(0).parse_all(code).map_while(Result::ok);
    let names = sections.filter_map(|payload| match payload {
        Payload::CustomSection(section) => name_section(&section),
        _ => None,
    });
    let subsections = names.flat_map(|names| names.into_iter().map_while(Result::ok));
    let functions = subsections.filter_map(|subsection| match subsection {
        Name::Function(functions) => Some(functions),
        _ => None,
    });
    let namings = functions.flat_map(|functions| functions.into_iter().map_while(Result::ok));
    namings.map(|naming| (naming.index, naming.name))
}

fn name_section<'a>(section: &wasmparser::CustomSectionReader<'a>) -> Option<NameSectionReader<'a>> {
    match section.as_known() {
        KnownCustom::Name(names) => Some(names),
        _ => None,
    }
}

macro_rules! instruction_names {
    ($( @$proposal:ident $name:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*) )*) => {
        /// The parser's name for an instruction.
        pub(super) fn visitor_name(operator: &Operator<'_>) -> &'static str {
            match operator {
                $( Operator::$name { .. } => stringify!($visit), )*
                _ => "visit_unknown",
            }
        }
    };
}
wasmparser::for_each_operator!(instruction_names);

/// The text format's spelling of an instruction.
pub(super) fn instruction_name(operator: &Operator<'_>) -> String {
    spelling(visitor_name(operator))
}

/// From the name of the parser's visitor: `visit_i32_wrap_i64` is `i32.wrap_i64`.
pub(super) fn spelling(visitor: &str) -> String {
    const WITH_DOT: &[&str] =
        &["i32", "i64", "f32", "f64", "local", "global", "memory", "table", "data", "elem", "ref", "v128"];
    let name = visitor.trim_start_matches("visit_");
    match name.split_once('_') {
        Some((start, rest)) if WITH_DOT.contains(&start) => format!("{start}.{rest}"),
        _ => name.to_owned(),
    }
}
