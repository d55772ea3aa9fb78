//! Around a contract, a `main` that calls its functions and puts its memory and globals out.

use wasm_encoder::{
    CodeSection, DataCountSection, DataSection, ElementSection, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, GlobalSection, ImportSection, Instruction as I, MemArg, MemArgTarget,
    MemorySection, Module, TableSection, TypeSection, ValType,
    reencode::{Error, Reencode},
};
use wasmparser::{FuncType, Parser, Payload, TypeRef};

/// The length of call data with which the first of the functions is called; the next with one more byte, and all of them with
/// one more byte than the last.
pub const FIRST: usize = 32;
/// So many functions at the most.
pub const MOST: usize = 12;

/// Host functions that are added: `finish`, `getCallDataSize`, `callDataCopy`.
const ADDED: u32 = 3;
/// Pages that are put out.
const PAGES: i32 = 4;

/// What is known of a module.
#[derive(Default)]
struct Known {
    types: Vec<FuncType>,
    /// Types of all functions, and how many of them are imported.
    functions: Vec<u32>,
    imported: u32,
    finish: Vec<u32>,
    main: u32,
    has_page: bool,
    /// Mutable globals.
    globals: Vec<(u32, ValType)>,
    global_count: u32,
    /// Calls of `finish` put all memory out, too.
    finish_shows_all: bool,
}

impl Reencode for Known {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Self::Error>> {
        Ok(if self.finish_shows_all && self.finish.contains(&function) {
            self.shows_all()
        } else if function < self.imported {
            function
        } else {
            function + ADDED
        })
    }
}

impl Known {
    fn shows_all(&self) -> u32 {
        self.functions.len() as u32 + ADDED
    }
}

#[derive(Default)]
struct Sections {
    types: TypeSection,
    imports: ImportSection,
    functions: FunctionSection,
    tables: TableSection,
    memories: MemorySection,
    globals: GlobalSection,
    exports: ExportSection,
    elements: ElementSection,
    count: Option<DataCountSection>,
    code: CodeSection,
    data: DataSection,
}

/// The contract with another `main`. With call data of [`FIRST`] bytes it is the old one with this around it; `all_functions` says
/// whether the others are called as well.
pub fn expose(code: &[u8], all_functions: bool, finish_shows_all: bool) -> Vec<u8> {
    let mut known = Known { finish_shows_all, ..Known::default() };
    survey(code, &mut known);
    let mut sections = Sections::default();
    copy(code, &mut known, &mut sections);
    extend(&mut sections, &known, all_functions);
    let Sections {
        types,
        imports,
        functions,
        tables,
        memories,
        globals,
        exports,
        elements,
        count,
        code,
        data,
    } = sections;
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&tables).section(&memories);
    module.section(&globals).section(&exports).section(&elements);
    if let Some(count) = count {
        module.section(&count);
    }
    module.section(&code).section(&data);
    module.finish()
}

fn survey(code: &[u8], known: &mut Known) {
    for payload in Parser::new(0).parse_all(code) {
        match payload.expect("a valid module") {
            Payload::TypeSection(types) => {
                known.types =
                    types.into_iter_err_on_gc_types().map(|ty| ty.expect("a function type")).collect();
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.expect("an import");
                    let TypeRef::Func(ty) = import.ty else { panic!("only functions are imported") };
                    if import.name == "finish" {
                        known.finish.push(known.imported);
                    }
                    known.functions.push(ty);
                    known.imported += 1;
                }
            }
            Payload::FunctionSection(functions) => {
                known.functions.extend(functions.into_iter().map(|ty| ty.expect("a type")));
            }
            Payload::MemorySection(memories) => {
                known.has_page = memories.into_iter().all(|memory| memory.expect("a memory").initial > 0);
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    let ty = global.expect("a global").ty;
                    let value =
                        if ty.content_type == wasmparser::ValType::I64 { ValType::I64 } else { ValType::I32 };
                    if ty.mutable && known.globals.len() < 64 {
                        known.globals.push((known.global_count, value));
                    }
                    known.global_count += 1;
                }
            }
            Payload::ExportSection(exports) => {
                let main = exports
                    .into_iter()
                    .map(|export| export.expect("an export"))
                    .find(|export| export.name == "main");
                known.main = main.expect("a contract has main").index;
            }
            _ => {}
        }
    }
}

fn copy(code: &[u8], known: &mut Known, to: &mut Sections) {
    for payload in Parser::new(0).parse_all(code) {
        let copied = match payload.expect("a valid module") {
            Payload::TypeSection(from) => known.parse_type_section(&mut to.types, from),
            Payload::ImportSection(from) => known.parse_import_section(&mut to.imports, from),
            Payload::FunctionSection(from) => known.parse_function_section(&mut to.functions, from),
            Payload::TableSection(from) => known.parse_table_section(&mut to.tables, from),
            Payload::MemorySection(from) => known.parse_memory_section(&mut to.memories, from),
            Payload::GlobalSection(from) => known.parse_global_section(&mut to.globals, from),
            Payload::ElementSection(from) => known.parse_element_section(&mut to.elements, from),
            Payload::DataCountSection { count, .. } => {
                to.count = Some(DataCountSection { count });
                Ok(())
            }
            Payload::CodeSectionEntry(from) => known.parse_function_body(&mut to.code, from),
            Payload::DataSection(from) => known.parse_data_section(&mut to.data, from),
            _ => Ok(()),
        };
        copied.expect("a valid module");
    }
}

fn extend(to: &mut Sections, known: &Known, all_functions: bool) {
    let ty = to.types.len();
    let (w, none) = (ValType::I32, []);
    to.types.ty().function([w, w], none);
    to.types.ty().function([], [w]);
    to.types.ty().function([w, w, w], none);
    to.types.ty().function([], none);
    for (number, name) in (0..).zip(["finish", "getCallDataSize", "callDataCopy"]) {
        to.imports.import("ethereum", name, EntityType::Function(ty + number));
    }
    to.functions.function(ty).function(ty + 3);
    let shows_all = known.shows_all();
    to.exports.export("main", ExportKind::Func, shows_all + 1).export("memory", ExportKind::Memory, 0);
    let mut function = Function::new([]);
    show_all(&mut function, known.imported);
    function.instruction(&I::End);
    to.code.function(&function);
    to.code.function(&main(known, all_functions));
}

/// `finish` with all of the memory, or with its first pages.
fn show_all(function: &mut Function, finish: u32) {
    for instruction in [
        I::I32Const(0),
        I::MemorySize(0),
        I::I32Const(PAGES),
        I::MemorySize(0),
        I::I32Const(PAGES),
        I::I32LtU,
        I::Select,
        I::I32Const(16),
        I::I32Shl,
        I::Call(finish),
    ] {
        function.instruction(&instruction);
    }
}

const fn at(offset: u64) -> MemArg {
    MemArg { offset, align: 0, target: MemArgTarget::Memory(0), ordering: None }
}

fn main(known: &Known, all_functions: bool) -> Function {
    let (size, copy) = (known.imported + 1, known.imported + 2);
    let (narrow, wide) = (0, 1);
    let mut function = Function::new([(1, ValType::I32), (1, ValType::I64)]);
    if known.has_page && all_functions {
        // Arguments come from the call data.
        for instruction in [I::I32Const(0), I::I32Const(0), I::Call(size), I::Call(copy)] {
            function.instruction(&instruction);
        }
    }
    let others = (known.imported..known.functions.len() as u32).filter(|index| *index != known.main);
    let others = others.take(if all_functions { MOST - 1 } else { 0 });
    let called: Vec<u32> = [known.main].into_iter().chain(others).collect();
    for (number, index) in called.iter().enumerate() {
        let ty = &known.types[known.functions[*index as usize] as usize];
        if all_functions {
            let length = (FIRST + number) as i32;
            let all = (FIRST + called.len()) as i32;
            for instruction in [
                I::Call(size),
                I::I32Const(length),
                I::I32Eq,
                I::Call(size),
                I::I32Const(all),
                I::I32Eq,
                I::I32Or,
            ] {
                function.instruction(&instruction);
            }
            function.instruction(&I::If(wasm_encoder::BlockType::Empty));
        }
        for (place, param) in ty.params().iter().enumerate() {
            argument(&mut function, *param, place, known.has_page);
        }
        function.instruction(&I::Call(index + ADDED));
        for (place, result) in ty.results().iter().enumerate().rev() {
            let address = (64 + 16 * 8 * number + 8 * place) as u64;
            let (local, store) = match result {
                wasmparser::ValType::I64 => (wide, I::I64Store(at(address))),
                _ => (narrow, I::I32Store(at(address))),
            };
            function.instruction(&I::LocalSet(local));
            if known.has_page {
                function.instruction(&I::I32Const(0)).instruction(&I::LocalGet(local)).instruction(&store);
            }
        }
        if all_functions {
            function.instruction(&I::End);
        }
    }
    if known.has_page {
        globals(&mut function, known);
    }
    show_all(&mut function, known.imported);
    function.instruction(&I::End);
    function
}

fn argument(function: &mut Function, ty: wasmparser::ValType, place: usize, has_page: bool) {
    let offset = (place * 8 % 24) as u64;
    let number = place as i32 * 0x1234_5677;
    let wide = ty == wasmparser::ValType::I64;
    match (wide, has_page) {
        (true, true) => function.instruction(&I::I32Const(0)).instruction(&I::I64Load(at(offset))),
        (false, true) => function.instruction(&I::I32Const(0)).instruction(&I::I32Load(at(offset))),
        (true, false) => function.instruction(&I::I64Const(-i64::from(number))),
        (false, false) => function.instruction(&I::I32Const(number)),
    };
}

/// Puts globals to the end of the first page.
fn globals(function: &mut Function, known: &Known) {
    for (place, (index, ty)) in (1..).zip(&known.globals) {
        let address = at(65_536 - 8 * place);
        let store = if *ty == ValType::I64 { I::I64Store(address) } else { I::I32Store(address) };
        function.instruction(&I::I32Const(0)).instruction(&I::GlobalGet(*index)).instruction(&store);
    }
}
