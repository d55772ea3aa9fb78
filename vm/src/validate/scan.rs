//! Which features of wasm a module has, wherever they stand.
//!
//! A feature goes by the name of its proposal. What the profile does not take is refused by the validator, not here; here
//! it is found and counted, also behind the first error.

use std::{collections::BTreeMap, ops::Range};

use wasmparser::{
    AbstractHeapType, BlockType, CompositeInnerType, ConstExpr, Data, DataKind, Element, ElementItems,
    ElementKind, Export, ExternalKind, FunctionBody, Global, GlobalType, HeapType, MemoryType, Operator,
    Parser, Payload, RecGroup, RefType, Result, SectionLimited, Table, TableInit, TableType, TypeRef,
    ValType,
};

use super::{features, names::visitor_name};

/// Every feature beyond the first release of wasm, as far as the module can be read, by the name that the parser's table
/// of instructions has for its proposal.
pub(super) fn scan(code: &[u8]) -> BTreeMap<&'static str, Seen> {
    let mut scan = Scan { code, ..Scan::default() };
    let mut parser = Parser::new(0);
    parser.set_features(features::known());
    // Where the module cannot be read any further there is a finding. A section that cannot be read does not hide
    // the next.
    for payload in parser.parse_all(code).map_while(Result::ok) {
        let _ = scan.section(payload);
    }
    scan.seen
}

/// Where a feature was first, and how often it was.
pub(super) struct Seen {
    pub(super) offset: u64,
    pub(super) function: Option<u32>,
    /// The parser's name for the instruction.
    pub(super) instruction: Option<&'static str>,
    pub(super) count: u64,
}

#[derive(Default)]
struct Scan<'a> {
    code: &'a [u8],
    seen: BTreeMap<&'static str, Seen>,
    /// Where the scan is.
    offset: u64,
    function: Option<u32>,
    instruction: Option<&'static str>,
    imported_functions: u32,
    bodies: u32,
    tables: u32,
    memories: u32,
    /// For each global whether it is mutable.
    globals: Vec<bool>,
}

/// Reads a section item by item, and says where each is.
macro_rules! each {
    ($scan:ident, $section:expr, $check:expr) => {
        $section.clone().into_iter_with_offsets().try_for_each(|item| {
            let (offset, item) = item?;
            $scan.offset = offset;
            $check($scan, item)
        })
    };
}

impl Scan<'_> {
    fn see(&mut self, feature: &'static str) {
        let (offset, function, instruction) = (self.offset, self.function, self.instruction);
        self.seen.entry(feature).or_insert(Seen { offset, function, instruction, count: 0 }).count += 1;
    }

    fn see_if(&mut self, there: bool, feature: &'static str) {
        if there {
            self.see(feature);
        }
    }

    fn section(&mut self, payload: Payload<'_>) -> Result<()> {
        (self.function, self.instruction) = (None, None);
        match payload {
            Payload::TypeSection(section) => each!(self, section, Self::types),
            Payload::ImportSection(section) => section.into_imports_with_offsets().try_for_each(|import| {
                let (offset, import) = import?;
                self.offset = offset;
                self.import(import.ty);
                Ok(())
            }),
            Payload::TableSection(section) => each!(self, section, Self::own_table),
            Payload::MemorySection(section) => each!(self, section, Self::own_memory),
            Payload::TagSection(section) => {
                self.offset = section.range().start;
                self.see("exceptions");
                Ok(())
            }
            Payload::GlobalSection(section) => each!(self, section, Self::own_global),
            Payload::ExportSection(section) => each!(self, section, Self::export),
            Payload::ElementSection(section) => each!(self, section, Self::element),
            Payload::DataCountSection { range, .. } => {
                self.offset = range.start;
                self.see("bulk_memory");
                Ok(())
            }
            Payload::DataSection(section) => each!(self, section, Self::data),
            Payload::CodeSectionEntry(body) => self.body(&body),
            _ => Ok(()),
        }
    }

    fn types(&mut self, group: RecGroup) -> Result<()> {
        self.see_if(group.is_explicit_rec_group(), "gc");
        for ty in group.into_types() {
            self.see_if(!ty.is_final || !ty.supertype_idxs.is_empty(), "gc");
            self.see_if(ty.composite_type.shared, "shared_everything_threads");
            match ty.composite_type.inner {
                CompositeInnerType::Func(ty) => {
                    ty.params().iter().chain(ty.results()).for_each(|ty| self.value(*ty));
                    self.see_if(ty.results().len() > 1, "multi_value");
                }
                CompositeInnerType::Array(_) | CompositeInnerType::Struct(_) => self.see("gc"),
                CompositeInnerType::Cont(_) => self.see("stack_switching"),
            }
        }
        Ok(())
    }

    fn own_table(&mut self, table: Table<'_>) -> Result<()> {
        self.table(table.ty);
        let TableInit::Expr(init) = table.init else { return Ok(()) };
        self.see("function_references");
        self.constant(&init)
    }

    fn own_memory(&mut self, memory: MemoryType) -> Result<()> {
        self.memory(memory);
        Ok(())
    }

    fn own_global(&mut self, global: Global<'_>) -> Result<()> {
        let Global { ty, init_expr } = global;
        self.global(ty);
        self.constant(&init_expr)
    }

    fn export(&mut self, export: Export<'_>) -> Result<()> {
        let mutable = self.globals.get(export.index as usize).is_some_and(|mutable| *mutable);
        self.see_if(export.kind == ExternalKind::Global && mutable, "mutable_global");
        Ok(())
    }

    fn data(&mut self, data: Data<'_>) -> Result<()> {
        match data.kind {
            DataKind::Active { offset_expr, .. } => {
                self.see_if(names_memory(self.code, &data.range), "bulk_memory");
                self.constant(&offset_expr)
            }
            DataKind::Passive => {
                self.see("bulk_memory");
                Ok(())
            }
        }
    }

    fn value(&mut self, ty: ValType) {
        match ty {
            ValType::I32 | ValType::I64 => {}
            ValType::F32 | ValType::F64 => self.see("floats"),
            ValType::V128 => self.see("simd"),
            ValType::Ref(ty) => self.reference(ty),
        }
    }

    fn reference(&mut self, ty: RefType) {
        self.see(match ty.heap_type() {
            _ if ty == RefType::FUNCREF || ty == RefType::EXTERNREF => "reference_types",
            HeapType::Concrete(_) => "function_references",
            HeapType::Exact(_) => "custom_descriptors",
            HeapType::Abstract { shared: true, .. } => "shared_everything_threads",
            HeapType::Abstract { ty, .. } => match ty {
                AbstractHeapType::Func | AbstractHeapType::Extern => "function_references",
                AbstractHeapType::Exn | AbstractHeapType::NoExn => "exceptions",
                AbstractHeapType::Cont | AbstractHeapType::NoCont => "stack_switching",
                _ => "gc",
            },
        });
    }

    fn import(&mut self, ty: TypeRef) {
        match ty {
            TypeRef::Func(_) => self.imported_functions += 1,
            TypeRef::FuncExact(_) => {
                self.imported_functions += 1;
                self.see("custom_descriptors");
            }
            TypeRef::Table(table) => self.table(table),
            TypeRef::Memory(memory) => self.memory(memory),
            TypeRef::Global(global) => {
                self.see_if(global.mutable, "mutable_global");
                self.global(global);
            }
            TypeRef::Tag(_) => self.see("exceptions"),
        }
    }

    fn table(&mut self, table: TableType) {
        self.tables += 1;
        self.see_if(self.tables > 1, "reference_types");
        self.see_if(table.table64, "memory64");
        self.see_if(table.shared, "shared_everything_threads");
        if table.element_type != RefType::FUNCREF {
            self.reference(table.element_type);
        }
    }

    fn memory(&mut self, memory: MemoryType) {
        self.memories += 1;
        self.see_if(self.memories > 1, "multi_memory");
        self.see_if(memory.memory64, "memory64");
        self.see_if(memory.shared, "threads");
        self.see_if(memory.page_size_log2.is_some(), "custom_page_sizes");
    }

    fn global(&mut self, global: GlobalType) {
        self.globals.push(global.mutable);
        self.value(global.content_type);
        self.see_if(global.shared, "shared_everything_threads");
    }

    fn element(&mut self, element: Element<'_>) -> Result<()> {
        match element.kind {
            ElementKind::Passive | ElementKind::Declared => self.see("bulk_memory"),
            ElementKind::Active { offset_expr, table_index } => {
                self.see_if(table_index.is_some(), "bulk_memory");
                self.constant(&offset_expr)?;
            }
        }
        if let ElementItems::Expressions(_, items) = element.items {
            self.see("reference_types");
            self.expressions(items)?;
        }
        Ok(())
    }

    fn expressions(&mut self, items: SectionLimited<'_, ConstExpr<'_>>) -> Result<()> {
        items.into_iter().try_for_each(|item| self.constant(&item?))
    }

    /// In a constant expression arithmetic is a feature.
    fn constant(&mut self, expression: &ConstExpr<'_>) -> Result<()> {
        let mut reader = expression.get_operators_reader();
        while !reader.eof() {
            let (operator, offset) = reader.read_with_offset()?;
            let arithmetic = matches!(
                operator,
                Operator::I32Add
                    | Operator::I32Sub
                    | Operator::I32Mul
                    | Operator::I64Add
                    | Operator::I64Sub
                    | Operator::I64Mul
            );
            self.offset = offset;
            self.instruction = None;
            self.see_if(arithmetic, "extended_const");
            self.operator(&operator);
            self.instruction = None;
        }
        Ok(())
    }

    fn body(&mut self, body: &FunctionBody<'_>) -> Result<()> {
        self.function = Some(self.imported_functions + self.bodies);
        self.bodies += 1;
        self.offset = body.range().start;
        for group in body.get_locals_reader()? {
            self.value(group?.1);
        }
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            let (operator, offset) = reader.read_with_offset()?;
            self.offset = offset;
            self.operator(&operator);
            if let Operator::CallIndirect { table_index, .. } = operator {
                let start = (offset - body.range().start) as usize;
                let length = (reader.original_position() - offset) as usize;
                self.table_index(table_index, &body.as_bytes()[start..start + length]);
            }
        }
        Ok(())
    }

    fn operator(&mut self, operator: &Operator<'_>) {
        let name = visitor_name(operator);
        self.instruction = Some(name);
        match proposal(operator) {
            "mvp" => {}
            // These two are a part of theirs that can be had alone.
            _ if matches!(operator, Operator::MemoryCopy { .. } | Operator::MemoryFill { .. }) => {
                self.see("bulk_memory_opt");
            }
            proposal => self.see(proposal),
        }
        self.see_if(name.contains("f32") || name.contains("f64"), "floats");
        if let Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } = operator
        {
            match blockty {
                BlockType::Empty => {}
                BlockType::Type(ty) => self.value(*ty),
                BlockType::FuncType(_) => self.see("multi_value"),
            }
        }
    }

    /// The first release has one byte for the table of `call_indirect`, and it is zero.
    fn table_index(&mut self, index: u32, instruction: &[u8]) {
        // The last byte of each of the two numbers has its top bit clear.
        let last_of_type = instruction.iter().skip(1).position(|byte| byte & 0x80 == 0).unwrap_or_default();
        self.see_if(index > 0, "reference_types");
        self.see_if(instruction.len() - 1 - (last_of_type + 1) > 1, "call_indirect_overlong");
    }
}

/// True if a data segment is of the kind that has an index behind it. The parser tells no index 0 from none.
pub(super) fn names_memory(code: &[u8], segment: &Range<u64>) -> bool {
    // The kind is a LEB128 that may be padded.
    code.get(segment.start as usize).is_some_and(|kind| kind & 0x7f == 2)
}

macro_rules! proposals {
    ($( @$proposal:ident $name:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*) )*) => {
        /// The proposal that an instruction is from.
        fn proposal(operator: &Operator<'_>) -> &'static str {
            match operator {
                $( Operator::$name { .. } => stringify!($proposal), )*
                // The list has all that there are.
                _ => "mvp",
            }
        }
    };
}
wasmparser::for_each_operator!(proposals);
