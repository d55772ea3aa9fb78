//! The shape of a contract, section by section: what it imports and exports, and how much it has.

use std::collections::HashMap;

use hebe_host_ei::{Limits, Profile, Revision};
use wasmparser::{
    CompositeInnerType, Data, DataKind, DataSectionReader, Element, ElementItems, ElementKind,
    ElementSectionReader, ExternalKind, FuncType, ImportSectionReader, Payload, TypeRef, TypeSectionReader,
};

use super::{
    Facts, FunctionFacts, InvalidCode, Violation,
    imports::{self, signature},
    scan::names_memory,
    sink::Sink,
};

/// What is known of a module so far.
pub(super) struct Shape<'p> {
    code: &'p [u8],
    profile: &'p Profile,
    revision: Revision,
    debug: bool,
    /// Function types, and nothing for others.
    types: Vec<Option<FuncType>>,
    /// The type of each function, imports first.
    functions: Vec<u32>,
    custom_bytes: u64,
    sizes: Sizes,
    /// The function that `useGas` is imported as.
    use_gas: Option<u32>,
    /// Functions in element segments.
    table_functions: Vec<u32>,
    main: u32,
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

/// Counts of a section against a limit: `count!(self, sink, section, functions, "functions")`.
macro_rules! count {
    ($self:ident, $sink:ident, $section:expr, $limit:ident, $what:literal) => {
        $sink.limit(
            $section.range().start,
            stringify!($limit),
            $what,
            $section.count().into(),
            $self.profile.limits.$limit,
        )
    };
}

impl<'p> Shape<'p> {
    pub(super) fn new(code: &'p [u8], profile: &'p Profile, revision: Revision, debug: bool) -> Self {
        let (types, functions) = (Vec::new(), Vec::new());
        Self {
            code,
            profile,
            revision,
            debug,
            types,
            functions,
            custom_bytes: 0,
            sizes: Sizes::default(),
            use_gas: None,
            table_functions: Vec::new(),
            main: 0,
            has_main: false,
            has_memory: false,
        }
    }

    fn check_import(&self, import: &wasmparser::Import<'_>) -> Result<(), Violation> {
        imports::check(import, &self.types, self.profile, self.revision, self.debug)
    }

    pub(super) fn limits(&self) -> &'p Limits {
        &self.profile.limits
    }

    fn function_type(&self, ty: u32) -> Option<&FuncType> {
        self.types.get(ty as usize)?.as_ref()
    }

    /// How many values functions of a type take and give.
    pub(super) fn type_arity(&self, ty: u32) -> Option<(u32, u32)> {
        let ty = self.function_type(ty)?;
        Some((ty.params().len() as u32, ty.results().len() as u32))
    }

    /// The function that `useGas` is imported as.
    pub(super) fn use_gas(&self) -> Option<u32> {
        self.use_gas
    }

    /// How many values a function takes and gives.
    pub(super) fn function_arity(&self, function: u32) -> Option<(u32, u32)> {
        self.type_arity(*self.functions.get(function as usize)?)
    }

    /// Checks a section's counts and what a contract adds to the rules of wasm. An error that the sink did not make is
    /// one of reading the section.
    pub(super) fn check<S: Sink>(&mut self, payload: &Payload<'_>, sink: &mut S) -> Result<(), InvalidCode> {
        let limits = &self.profile.limits;
        match payload {
            Payload::TypeSection(section) => {
                count!(self, sink, section, types, "types")?;
                self.check_types(section.clone(), sink)
            }
            Payload::ImportSection(section) => {
                count!(self, sink, section, imports, "imports")?;
                self.check_imports(section.clone(), sink)
            }
            Payload::FunctionSection(section) => {
                count!(self, sink, section, functions, "functions")?;
                section.clone().into_iter().try_for_each(|ty| {
                    self.functions.push(ty?);
                    Ok(())
                })
            }
            Payload::TableSection(section) => {
                count!(self, sink, section, tables, "tables")?;
                section.clone().into_iter_with_offsets().try_for_each(|table| {
                    let (offset, table) = table?;
                    let (what, bound) = ("elements of a table", limits.table_elements);
                    sink.limit(offset, "table_elements", what, table.ty.initial, bound)
                })
            }
            Payload::MemorySection(section) => {
                section.clone().into_iter_with_offsets().try_for_each(|memory| {
                    let (offset, memory) = memory?;
                    self.sizes.pages = memory.initial;
                    sink.limit(offset, "memory_pages", "memory pages", memory.initial, limits.memory_pages)
                })
            }
            Payload::GlobalSection(section) => {
                self.sizes.globals = section.count();
                count!(self, sink, section, globals, "globals")
            }
            Payload::ElementSection(section) => {
                count!(self, sink, section, element_segments, "element segments")?;
                self.add_elements(section.clone(), sink)
            }
            Payload::DataSection(section) => {
                count!(self, sink, section, data_segments, "data segments")?;
                self.add_data(section.clone(), sink)
            }
            Payload::ExportSection(section) => self.check_exports(section, sink),
            Payload::StartSection { range, .. } => {
                sink.report(InvalidCode::at(range.start, Violation::Start))
            }
            Payload::CustomSection(section) => {
                let offset = section.range().start;
                self.custom_bytes += section.range().end - offset;
                self.check_name(offset, section.name(), sink)?;
                let what = "bytes of custom sections";
                sink.limit(offset, "custom_bytes", what, self.custom_bytes, limits.custom_bytes)
            }
            _ => Ok(()),
        }
    }

    /// What must have been there.
    pub(super) fn check_end<S: Sink>(&self, offset: u64, sink: &mut S) -> Result<(), InvalidCode> {
        if !self.has_main {
            sink.report(InvalidCode::at(offset, Violation::Main("no export `main`".to_owned())))?;
        }
        if !self.has_memory {
            sink.report(InvalidCode::at(offset, Violation::Memory("no export `memory`")))?;
        }
        Ok(())
    }

    fn add_elements<S: Sink>(
        &mut self,
        section: ElementSectionReader<'_>,
        sink: &mut S,
    ) -> Result<(), InvalidCode> {
        for element in section {
            let Element { kind, items, range } = element?;
            if let ElementItems::Functions(functions) = &items {
                for function in functions.clone() {
                    self.table_functions.push(function?);
                }
            }
            let ElementKind::Active { table_index, .. } = kind else { continue };
            self.check_names_index(range.start, table_index.is_some(), sink)?;
            self.sizes.elements += u64::from(match items {
                ElementItems::Functions(items) => items.count(),
                // Of the reference types proposal, which no profile has; its elements would cost the same.
                ElementItems::Expressions(_, items) => items.count(),
            });
        }
        Ok(())
    }

    fn add_data<S: Sink>(&mut self, section: DataSectionReader<'_>, sink: &mut S) -> Result<(), InvalidCode> {
        for data in section {
            let Data { kind, data, range } = data?;
            let DataKind::Active { .. } = kind else { continue };
            self.check_names_index(range.start, names_memory(self.code, &range), sink)?;
            self.sizes.data_bytes += data.len() as u64;
        }
        Ok(())
    }

    /// In the first release of wasm a segment begins with the index of its table or memory, always 0. With bulk memory that
    /// is its kind, and an index of its own may follow, which the parser lets through without the proposal, too.
    fn check_names_index<S: Sink>(
        &self,
        offset: u64,
        names_index: bool,
        sink: &mut S,
    ) -> Result<(), InvalidCode> {
        if !names_index || self.profile.proposals {
            return Ok(());
        }
        let words =
            "a segment with a kind and an index is bulk memory's; its support is not enabled".to_owned();
        sink.report(InvalidCode::at(offset, Violation::Feature { feature: "bulk-memory".to_owned(), words }))
    }

    /// What is known at the end.
    pub(super) fn into_facts(self, functions: Vec<FunctionFacts>) -> Facts {
        let imported = self.functions.len() - functions.len();
        let results = |ty: &FuncType| {
            let code = |ty: &wasmparser::ValType| if *ty == wasmparser::ValType::I64 { 0x7e } else { 0x7f };
            ty.results().iter().map(code).collect()
        };
        let mut first = HashMap::new();
        let signatures =
            (0..).zip(&self.types).map(|(index, ty)| *first.entry(ty).or_insert(index)).collect();
        Facts {
            functions,
            imported_functions: imported as u32,
            main: self.main,
            signatures,
            table_functions: self.table_functions,
            results: self.types.iter().flatten().map(results).collect(),
            globals: self.sizes.globals,
            pages: self.sizes.pages,
            data_bytes: self.sizes.data_bytes,
            elements: self.sizes.elements,
        }
    }

    fn check_types<S: Sink>(
        &mut self,
        section: TypeSectionReader<'_>,
        sink: &mut S,
    ) -> Result<(), InvalidCode> {
        let limits = &self.profile.limits;
        for group in section.into_iter_with_offsets() {
            let (offset, group) = group?;
            for ty in group.into_types() {
                // Other kinds of types belong to proposals that no profile has; the validator refuses them.
                let CompositeInnerType::Func(ty) = ty.composite_type.inner else {
                    self.types.push(None);
                    continue;
                };
                sink.limit(offset, "params", "parameters", ty.params().len() as u64, limits.params)?;
                sink.limit(offset, "results", "results", ty.results().len() as u64, limits.results)?;
                self.types.push(Some(ty));
            }
        }
        Ok(())
    }

    fn check_name<S: Sink>(&self, offset: u64, name: &str, sink: &mut S) -> Result<(), InvalidCode> {
        let bound = self.profile.limits.name_bytes;
        sink.limit(offset, "name_bytes", "bytes of a name", name.len() as u64, bound)
    }

    fn check_imports<S: Sink>(
        &mut self,
        section: ImportSectionReader<'_>,
        sink: &mut S,
    ) -> Result<(), InvalidCode> {
        for import in section.into_imports_with_offsets() {
            let (offset, import) = import?;
            self.check_name(offset, import.module, sink)?;
            self.check_name(offset, import.name, sink)?;
            if let Err(violation) = self.check_import(&import) {
                sink.report(InvalidCode::at(offset, violation))?;
            }
            if let TypeRef::Func(ty) | TypeRef::FuncExact(ty) = import.ty {
                if (import.module, import.name) == ("ethereum", "useGas") {
                    self.use_gas.get_or_insert(self.functions.len() as u32);
                }
                self.functions.push(ty);
            }
        }
        Ok(())
    }

    fn check_exports<S: Sink>(
        &mut self,
        section: &wasmparser::ExportSectionReader<'_>,
        sink: &mut S,
    ) -> Result<(), InvalidCode> {
        for export in section.clone().into_iter_with_offsets() {
            let (offset, export) = export?;
            self.check_name(offset, export.name, sink)?;
            if let Err(violation) = self.check_export(&export) {
                sink.report(InvalidCode::at(offset, violation))?;
            }
            if export.name == "main" {
                (self.has_main, self.main) = (true, export.index);
            }
            self.has_memory |= export.name == "memory";
        }
        Ok(())
    }

    fn check_export(&self, export: &wasmparser::Export<'_>) -> Result<(), Violation> {
        match (export.name, export.kind) {
            ("main", ExternalKind::Func) => self.check_main(export.index),
            ("memory", ExternalKind::Memory) => Ok(()),
            ("main", _) => Err(Violation::Main("the export `main` is not a function".to_owned())),
            ("memory", _) => Err(Violation::Memory("the export `memory` is not a memory")),
            (name, _) => Err(Violation::Export(name.to_owned())),
        }
    }

    fn check_main(&self, index: u32) -> Result<(), Violation> {
        let ty = self.functions.get(index as usize).and_then(|ty| self.function_type(*ty));
        match ty {
            Some(ty) if !ty.params().is_empty() || !ty.results().is_empty() => {
                Err(Violation::Main(format!("the export `main` has the type {}", signature(ty))))
            }
            // An index that does not exist is the validator's to refuse; it comes next.
            _ => Ok(()),
        }
    }
}
