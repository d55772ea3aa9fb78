//! The shape of a contract, section by section: what it imports and exports, and how much it has.

use hebe_host_ei::{IMPORTS, Import, Profile, ValType};
use wasmparser::{
    CompositeInnerType, DataKind, DataSectionReader, ElementItems, ElementKind, ElementSectionReader,
    ExternalKind, FuncType, ImportSectionReader, Payload, TypeRef, TypeSectionReader,
};

use super::{Facts, FunctionFacts, InvalidCode, Violation, limit};

/// What is known of a module so far.
pub(super) struct Shape<'p> {
    profile: &'p Profile,
    debug: bool,
    types: Vec<FuncType>,
    /// The type of each function, imports first.
    functions: Vec<u32>,
    custom_bytes: u64,
    sizes: Sizes,
    has_main: bool,
    has_memory: bool,
}

/// What starting a contract has to set up.
#[derive(Default)]
struct Sizes {
    globals: u32,
    pages: u64,
    data_bytes: u64,
    elements: u64,
}

/// Counts of a section against a limit: `check!(self, section, functions, "functions")`.
macro_rules! count {
    ($self:ident, $section:expr, $limit:ident, $what:literal) => {
        limit(
            $section.range().start,
            stringify!($limit),
            $what,
            $section.count().into(),
            $self.profile.limits.$limit,
        )
    };
}

impl<'p> Shape<'p> {
    pub(super) fn new(profile: &'p Profile, debug: bool) -> Self {
        let (types, functions) = (Vec::new(), Vec::new());
        Self {
            profile,
            debug,
            types,
            functions,
            custom_bytes: 0,
            sizes: Sizes::default(),
            has_main: false,
            has_memory: false,
        }
    }

    /// Checks a section's counts and what a contract adds to the rules of wasm.
    pub(super) fn check(&mut self, payload: &Payload<'_>) -> Result<(), InvalidCode> {
        match payload {
            Payload::TypeSection(section) => {
                count!(self, section, types, "types")?;
                self.check_types(section.clone())
            }
            Payload::ImportSection(section) => {
                count!(self, section, imports, "imports")?;
                self.check_imports(section.clone())
            }
            Payload::FunctionSection(section) => {
                count!(self, section, functions, "functions")?;
                section.clone().into_iter().try_for_each(|ty| {
                    self.functions.push(ty?);
                    Ok(())
                })
            }
            Payload::TableSection(section) => {
                count!(self, section, tables, "tables")?;
                section.clone().into_iter_with_offsets().try_for_each(|table| {
                    let (offset, table) = table?;
                    let bound = self.profile.limits.table_elements;
                    limit(offset, "table_elements", "elements of a table", table.ty.initial, bound)
                })
            }
            Payload::MemorySection(section) => {
                section.clone().into_iter_with_offsets().try_for_each(|memory| {
                    let (offset, memory) = memory?;
                    let bound = self.profile.limits.memory_pages;
                    self.sizes.pages = memory.initial;
                    limit(offset, "memory_pages", "memory pages", memory.initial, bound)
                })
            }
            Payload::GlobalSection(section) => {
                self.sizes.globals = section.count();
                count!(self, section, globals, "globals")
            }
            Payload::ElementSection(section) => {
                count!(self, section, element_segments, "element segments")?;
                self.add_elements(section.clone())
            }
            Payload::DataSection(section) => {
                count!(self, section, data_segments, "data segments")?;
                self.add_data(section.clone())
            }
            Payload::ExportSection(section) => self.check_exports(section),
            Payload::StartSection { range, .. } => Err(InvalidCode::at(range.start, Violation::Start)),
            Payload::CustomSection(section) => {
                let offset = section.range().start;
                self.custom_bytes += section.range().end - offset;
                self.check_name(offset, section.name())?;
                let (what, bound) = ("bytes of custom sections", self.profile.limits.custom_bytes);
                limit(offset, "custom_bytes", what, self.custom_bytes, bound)
            }
            _ => Ok(()),
        }
    }

    /// What must have been there.
    pub(super) fn check_end(&self, offset: u64) -> Result<(), InvalidCode> {
        if !self.has_main {
            return Err(InvalidCode::at(offset, Violation::Main("no export `main`".to_owned())));
        }
        if !self.has_memory {
            return Err(InvalidCode::at(offset, Violation::Memory("no export `memory`")));
        }
        Ok(())
    }

    fn add_elements(&mut self, section: ElementSectionReader<'_>) -> Result<(), InvalidCode> {
        for element in section {
            let element = element?;
            if let (ElementKind::Active { .. }, ElementItems::Functions(items)) =
                (element.kind, element.items)
            {
                self.sizes.elements += u64::from(items.count());
            }
        }
        Ok(())
    }

    fn add_data(&mut self, section: DataSectionReader<'_>) -> Result<(), InvalidCode> {
        for data in section {
            let data = data?;
            if let DataKind::Active { .. } = data.kind {
                self.sizes.data_bytes += data.data.len() as u64;
            }
        }
        Ok(())
    }

    /// What is known at the end.
    pub(super) fn into_facts(self, functions: Vec<FunctionFacts>) -> Facts {
        let imported = self.functions.len() - functions.len();
        let results = |ty: &FuncType| {
            let code = |ty: &wasmparser::ValType| if *ty == wasmparser::ValType::I64 { 0x7e } else { 0x7f };
            ty.results().iter().map(code).collect()
        };
        Facts {
            functions,
            imported_functions: imported as u32,
            results: self.types.iter().map(results).collect(),
            globals: self.sizes.globals,
            pages: self.sizes.pages,
            data_bytes: self.sizes.data_bytes,
            elements: self.sizes.elements,
        }
    }

    fn check_types(&mut self, section: TypeSectionReader<'_>) -> Result<(), InvalidCode> {
        for group in section.into_iter_with_offsets() {
            let (offset, group) = group?;
            for ty in group.into_types() {
                // Other kinds of types belong to proposals that no profile has; the validator refuses them.
                let CompositeInnerType::Func(ty) = ty.composite_type.inner else { continue };
                let limits = &self.profile.limits;
                limit(offset, "params", "parameters", ty.params().len() as u64, limits.params)?;
                limit(offset, "results", "results", ty.results().len() as u64, limits.results)?;
                self.types.push(ty);
            }
        }
        Ok(())
    }

    fn check_name(&self, offset: u64, name: &str) -> Result<(), InvalidCode> {
        limit(offset, "name_bytes", "bytes of a name", name.len() as u64, self.profile.limits.name_bytes)
    }

    fn check_imports(&mut self, section: ImportSectionReader<'_>) -> Result<(), InvalidCode> {
        for import in section.into_imports_with_offsets() {
            let (offset, import) = import?;
            self.check_name(offset, import.module)?;
            self.check_name(offset, import.name)?;
            let ty = self.check_import(&import).map_err(|violation| InvalidCode::at(offset, violation))?;
            self.functions.push(ty);
        }
        Ok(())
    }

    fn check_import(&self, import: &wasmparser::Import<'_>) -> Result<u32, Violation> {
        let (module, name) = (import.module.to_owned(), import.name.to_owned());
        let TypeRef::Func(ty) = import.ty else {
            return Err(Violation::ImportKind { module, name, kind: kind_of(import.ty) });
        };
        if !IMPORTS.iter().any(|known| known.module == module) {
            return Err(Violation::ImportModule { module, name });
        }
        let Some(expected) = Import::find(&module, &name) else {
            return Err(Violation::ImportName { module, name, hint: "" });
        };
        if expected.is_debug() && !self.debug {
            return Err(Violation::ImportName { module, name, hint: ": debugging is off" });
        }
        // A type index that does not exist is the validator's to refuse; it comes next.
        match self.types.get(ty as usize) {
            Some(found) if !has_signature(found, expected) => {
                Err(Violation::ImportSignature { expected, found: signature(found) })
            }
            _ => Ok(ty),
        }
    }

    fn check_exports(&mut self, section: &wasmparser::ExportSectionReader<'_>) -> Result<(), InvalidCode> {
        for export in section.clone().into_iter_with_offsets() {
            let (offset, export) = export?;
            self.check_name(offset, export.name)?;
            match (export.name, export.kind) {
                ("main", ExternalKind::Func) => {
                    self.check_main(export.index).map_err(|violation| InvalidCode::at(offset, violation))?;
                    self.has_main = true;
                }
                ("memory", ExternalKind::Memory) => self.has_memory = true,
                ("main", _) => {
                    let words = "the export `main` is not a function".to_owned();
                    return Err(InvalidCode::at(offset, Violation::Main(words)));
                }
                ("memory", _) => {
                    let words = "the export `memory` is not a memory";
                    return Err(InvalidCode::at(offset, Violation::Memory(words)));
                }
                (name, _) => return Err(InvalidCode::at(offset, Violation::Export(name.to_owned()))),
            }
        }
        Ok(())
    }

    fn check_main(&self, index: u32) -> Result<(), Violation> {
        let ty = self.functions.get(index as usize).and_then(|ty| self.types.get(*ty as usize));
        match ty {
            Some(ty) if !ty.params().is_empty() || !ty.results().is_empty() => {
                Err(Violation::Main(format!("the export `main` has the type {}", signature(ty))))
            }
            // An index that does not exist is the validator's to refuse; it comes next.
            _ => Ok(()),
        }
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

fn signature(ty: &FuncType) -> String {
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
