//! What a contract may import: functions of the EEI, each with its signature.

use hebe_host_ei::{IMPORTS, Import, Profile, Revision, ValType};
use wasmparser::{FuncType, Parser, Payload, TypeRef};

use super::Violation;

/// What a module imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportUse {
    /// The module it names.
    pub module: String,
    /// The name it asks for.
    pub name: String,
    /// The host function, if there is one of these names.
    pub known: Option<&'static Import>,
}

/// The first imports of a module, as far as they can be read.
pub(super) fn used(code: &[u8], most: u32) -> Vec<ImportUse> {
    let payloads = Parser::new(0).parse_all(code).map_while(Result::ok);
    let sections = payloads.filter_map(|payload| match payload {
        Payload::ImportSection(section) => Some(section.into_imports().map_while(Result::ok)),
        _ => None,
    });
    let imports = sections.flatten().take(most as usize);
    let used = imports.map(|import| ImportUse {
        module: import.module.to_owned(),
        name: import.name.to_owned(),
        known: Import::find(import.module, import.name),
    });
    used.collect()
}

/// Checks an import. `types` are the module's function types; profile and revision say which functions there are.
pub(super) fn check(
    import: &wasmparser::Import<'_>,
    types: &[Option<FuncType>],
    profile: &Profile,
    revision: Revision,
    debug: bool,
) -> Result<(), Violation> {
    let names = || (import.module.to_owned(), import.name.to_owned());
    let unknown = |hint| {
        let (module, name) = names();
        Violation::ImportName { module, name, hint }
    };
    let TypeRef::Func(ty) = import.ty else {
        let (module, name) = names();
        return Err(Violation::ImportKind { module, name, kind: kind_of(import.ty) });
    };
    if !IMPORTS.iter().any(|known| known.module == import.module) {
        let (module, name) = names();
        return Err(Violation::ImportModule { module, name });
    }
    // Most names differ in their length already, so they are compared first.
    let mut known = IMPORTS.iter().filter(|known| known.name == import.name);
    let expected = known.find(|known| known.module == import.module).ok_or_else(|| unknown(""))?;
    if expected.is_debug() && !debug {
        return Err(unknown(": debugging is off"));
    }
    if let Some(since) = expected.since {
        if !profile.extensions {
            return Err(Violation::ImportProfile { import: expected, profile: profile.name });
        }
        if revision < since.revision {
            return Err(Violation::ImportRevision { import: expected, since, revision });
        }
    }
    // A type index that does not exist is the validator's to refuse; it comes next.
    match types.get(ty as usize) {
        Some(Some(found)) if !has_signature(found, expected) => {
            Err(Violation::ImportSignature { expected, found: signature(found) })
        }
        _ => Ok(()),
    }
}

fn has_signature(found: &FuncType, expected: &Import) -> bool {
    let same = |found: &wasmparser::ValType, expected: ValType| {
        matches!(
            (found, expected),
            (wasmparser::ValType::I32, ValType::I32) | (wasmparser::ValType::I64, ValType::I64)
        )
    };
    let params = expected.params.iter().map(|(_, ty)| *ty);
    found.params().len() == expected.params.len()
        && found.params().iter().zip(params).all(|(found, expected)| same(found, expected))
        && found.results().len() == usize::from(expected.result.is_some())
        && found.results().iter().zip(expected.result).all(|(found, expected)| same(found, expected))
}

pub(super) fn signature(ty: &FuncType) -> String {
    let list = |types: &[wasmparser::ValType]| {
        let names: Vec<String> = types.iter().map(ToString::to_string).collect();
        names.join(", ")
    };
    format!("({}) -> ({})", list(ty.params()), list(ty.results()))
}

fn kind_of(ty: TypeRef) -> &'static str {
    match ty {
        TypeRef::Func(_) | TypeRef::FuncExact(_) => "function",
        TypeRef::Table(_) => "table",
        TypeRef::Memory(_) => "memory",
        TypeRef::Global(_) => "global",
        TypeRef::Tag(_) => "tag",
    }
}
