//! Which wasm is a contract: features and limits.

macro_rules! limits {
    ($( $(#[doc = $doc:literal])* $name:ident = $words:literal ),* $(,)?) => {
        /// Bounds on a module. A module is refused if it has more of anything.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct Limits { $( $(#[doc = $doc])* pub $name: u32, )* }

        impl Limits {
            /// Every limit: its name in the code, in words, and its value, in the order of declaration.
            pub fn entries(&self) -> impl Iterator<Item = (&'static str, &'static str, u32)> {
                [$((stringify!($name), $words, self.$name)),*].into_iter()
            }
        }
    };
}

limits! {
    /// Bytes of the whole module.
    module_bytes = "bytes of the module",
    /// Function types.
    types = "types",
    /// Functions that the module defines.
    functions = "functions",
    /// Imports.
    imports = "imports",
    /// Globals.
    globals = "globals",
    /// Tables.
    tables = "tables",
    /// Elements of a table.
    table_elements = "elements of a table",
    /// Pages of 64 KiB that linear memory may have, at the start and after `memory.grow`.
    memory_pages = "memory pages",
    /// Data segments.
    data_segments = "data segments",
    /// Element segments.
    element_segments = "element segments",
    /// Bytes of all custom sections together.
    custom_bytes = "bytes of custom sections",
    /// Bytes of the name of an import, an export or a custom section.
    name_bytes = "bytes of a name",
    /// Bytes of a function's body.
    body_bytes = "bytes of a function body",
    /// Parameters of a function or a block.
    params = "parameters",
    /// Results of a function or a block.
    results = "results",
    /// Locals of a function, without its parameters.
    locals = "locals of a function",
    /// Locals of all functions together.
    all_locals = "locals of all functions",
    /// Height of a function's operand stack.
    operands = "operands on the stack",
    /// Blocks, loops and ifs inside one another.
    block_nesting = "nested blocks",
    /// Loops inside one another.
    loop_nesting = "nested loops",
    /// Targets of a `br_table`, without the default.
    br_table_targets = "br_table targets",
    /// Values that a `br_table` takes to its target, without its index.
    br_table_values = "values taken by a br_table",
}

/// Starting values. No limit is known to refuse what today's compilers make of a contract that fits
/// the chain's own limit on code (24,576 bytes, EIP-170).
const LIMITS: Limits = Limits {
    module_bytes: 1 << 20,
    types: 1_024,
    functions: 4_096,
    imports: 128,
    globals: 512,
    tables: 1,
    table_elements: 4_096,
    memory_pages: 256,
    data_segments: 1_024,
    element_segments: 1_024,
    custom_bytes: 256 << 10,
    name_bytes: 256,
    body_bytes: 64 << 10,
    params: 32,
    results: 16,
    locals: 1_024,
    all_locals: 65_536,
    operands: 1_024,
    block_nesting: 256,
    loop_nesting: 64,
    br_table_targets: 1_024,
    // Compilers use none. Each target is checked against each value, so that 1,024 targets of 16 values took 9 times as long
    // to check as typical code; and wasmi 2.0 mixes several up where more operands are below them.
    br_table_values: 1,
};

/// Which modules are contracts. Floats, threads and SIMD are never part of a profile.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Profile {
    /// The name under which it is chosen.
    pub name: &'static str,
    /// The wasm proposals that today's compilers emit and that are deterministic: sign extension,
    /// mutable globals, multi-value, bulk memory, the reference types proposal's encoding of
    /// `call_indirect`, extended constant expressions. Without them: the wasm MVP.
    pub proposals: bool,
    /// The host functions that revision 4 of the EEI does not have.
    pub extensions: bool,
    /// Bounds on a module.
    pub limits: Limits,
}

impl Profile {
    /// The wasm MVP and revision 4 of the EEI.
    pub const R4: Self = Self { name: "r4", proposals: false, extensions: false, limits: LIMITS };
    /// What today's compilers emit, and all host functions.
    pub const EXTENDED: Self = Self { name: "extended", proposals: true, extensions: true, limits: LIMITS };
    /// Every profile.
    pub const ALL: &'static [Self] = &[Self::R4, Self::EXTENDED];
}
