//! A large contract of the functions of small ones, for there are none of a size that wants measuring.

use std::convert::Infallible;

use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, FunctionSection, GlobalSection, ImportSection,
    MemorySection, MemoryType, Module, TypeSection,
    reencode::{Error, Reencode, RoundtripReencoder},
};
use wasmparser::{FuncType, FunctionBody, Global, Parser, Payload, TypeRef};

/// A small contract, taken apart.
#[derive(Default)]
struct Parts<'a> {
    types: Vec<FuncType>,
    /// Names and types.
    imports: Vec<(&'a str, u32)>,
    functions: Vec<u32>,
    globals: Vec<Global<'a>>,
    bodies: Vec<FunctionBody<'a>>,
}

/// The functions of these contracts again and again, until there are so many bytes of them. Its `main` is that of
/// the first; data and tables are left out.
pub fn repeat(contracts: &[&[u8]], bytes: usize) -> Vec<u8> {
    let parts: Vec<Parts<'_>> = contracts.iter().map(|code| take_apart(code)).collect();
    let mut large = Large::default();
    // All imports come first: they have the first indices.
    for part in &parts {
        for (name, index) in &part.imports {
            large.import(name, &part.types[*index as usize]);
        }
    }
    for part in parts.iter().cycle() {
        if large.code.byte_len() >= bytes {
            break;
        }
        large.append(part);
    }
    large.finish()
}

fn take_apart(code: &[u8]) -> Parts<'_> {
    let mut parts = Parts::default();
    for payload in Parser::new(0).parse_all(code) {
        match payload.expect("it is valid") {
            Payload::TypeSection(types) => {
                parts.types.extend(types.into_iter_err_on_gc_types().map(|ty| ty.expect("valid")));
            }
            Payload::ImportSection(imports) => {
                parts.imports.extend(imports.into_imports().map(|import| {
                    let import = import.expect("valid");
                    let TypeRef::Func(index) = import.ty else { panic!("a contract imports functions") };
                    (import.name, index)
                }));
            }
            Payload::FunctionSection(functions) => {
                parts.functions.extend(functions.into_iter().map(|index| index.expect("valid")));
            }
            Payload::GlobalSection(globals) => {
                parts.globals.extend(globals.into_iter().map(|global| global.expect("valid")));
            }
            Payload::CodeSectionEntry(body) => parts.bodies.push(body),
            _ => {}
        }
    }
    parts
}

#[derive(Default)]
struct Large {
    types: Vec<FuncType>,
    imports: Vec<(String, u32)>,
    functions: FunctionSection,
    globals: GlobalSection,
    code: CodeSection,
}

impl Large {
    fn import(&mut self, name: &str, ty: &FuncType) {
        let ty = self.type_index(ty);
        if self.imports.iter().all(|(known, _)| known != name) {
            self.imports.push((name.to_owned(), ty));
        }
    }

    fn type_index(&mut self, ty: &FuncType) -> u32 {
        let known = self.types.iter().position(|known| known == ty);
        known.unwrap_or_else(|| {
            self.types.push(ty.clone());
            self.types.len() - 1
        }) as u32
    }

    fn append(&mut self, part: &Parts<'_>) {
        let import = |(name, _): &(&str, u32)| {
            self.imports.iter().position(|(known, _)| known == name).expect("imported") as u32
        };
        let mut functions: Vec<u32> = part.imports.iter().map(import).collect();
        let first = self.imports.len() as u32 + self.functions.len();
        functions.extend((first..).take(part.functions.len()));
        let types = part.types.iter().map(|ty| self.type_index(ty)).collect();
        let mut renumber = Renumber { types, functions, globals: self.globals.len() };
        for index in &part.functions {
            self.functions.function(renumber.types[*index as usize]);
        }
        for global in &part.globals {
            // It is a constant, which has no index to change.
            RoundtripReencoder.parse_global(&mut self.globals, global.clone()).expect("valid");
        }
        for body in &part.bodies {
            renumber.parse_function_body(&mut self.code, body.clone()).expect("valid");
        }
    }

    fn finish(self) -> Vec<u8> {
        let mut types = TypeSection::new();
        for ty in &self.types {
            types.ty().func_type(&RoundtripReencoder.func_type(ty.clone()).expect("valid"));
        }
        let mut imports = ImportSection::new();
        for (name, ty) in &self.imports {
            imports.import("ethereum", name, EntityType::Function(*ty));
        }
        let mut memory = MemorySection::new();
        memory.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut exports = ExportSection::new();
        exports.export("memory", ExportKind::Memory, 0);
        // The compiler puts a contract's `main` before its other functions.
        exports.export("main", ExportKind::Func, self.imports.len() as u32);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&self.functions).section(&memory);
        module.section(&self.globals).section(&exports).section(&self.code);
        module.finish()
    }
}

/// Where a contract's types, functions and globals are in the large one.
struct Renumber {
    types: Vec<u32>,
    functions: Vec<u32>,
    globals: u32,
}

impl Reencode for Renumber {
    type Error = Infallible;

    fn type_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.types[index as usize])
    }

    fn function_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.functions[index as usize])
    }

    fn global_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.globals + index)
    }
}
