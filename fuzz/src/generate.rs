//! Contracts of every kind that there is a generator for.

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::{dense, expose, imports, metering::generator, shape};

/// A generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Arbitrary)]
pub enum Kind {
    /// Single instructions on an operand stack, thick with what engines get wrong.
    Dense,
    /// The generator of the tests of the meter: whole statements, counted loops, host functions.
    Own,
    /// wasm-smith, the MVP.
    SmithR4,
    /// wasm-smith, with what the profile `extended` takes beyond that, and all host functions.
    SmithExtended,
}

impl Kind {
    /// Every generator, the ones of which more should be seen more often.
    pub const MIX: [Self; 8] = [
        Self::Dense,
        Self::Own,
        Self::Dense,
        Self::SmithExtended,
        Self::Dense,
        Self::Own,
        Self::SmithExtended,
        Self::SmithR4,
    ];

    /// The profile whose contracts it makes.
    pub fn is_r4(self) -> bool {
        self == Self::SmithR4
    }
}

/// Lengths of call data with which contracts of a kind do something.
pub(crate) fn lengths(kind: Kind) -> std::ops::RangeInclusive<usize> {
    match kind {
        Kind::Own => generator::INPUT..=generator::INPUT,
        _ => expose::FIRST..=expose::FIRST + expose::MOST,
    }
}

/// A contract out of bytes.
pub fn contract(kind: Kind, bytes: &[u8]) -> Result<Vec<u8>> {
    let mut u = Unstructured::new(bytes);
    let finish_shows_all = u.ratio(2, 3)?;
    Ok(match kind {
        Kind::Dense => expose::expose(&dense::contract(&mut u)?, true, false),
        Kind::Own => expose::expose(&generator::contract(u.take_rest()), false, finish_shows_all),
        Kind::SmithR4 | Kind::SmithExtended => {
            expose::expose(&smith(&mut u, kind == Kind::SmithExtended)?, true, finish_shows_all)
        }
    })
}

/// A module of wasm-smith's, small and with little memory, so that many fit into a minute.
fn smith(u: &mut Unstructured<'_>, extended: bool) -> Result<Vec<u8>> {
    let config = wasm_smith::Config {
        available_imports: Some(shape(&imports(!extended))),
        exports: Some(shape(r#"(memory (export "memory") 1) (func (export "main"))"#)),
        allow_floats: false,
        allow_start_export: false,
        allow_invalid_funcs: false,
        bulk_memory_enabled: extended,
        compact_imports_enabled: false,
        custom_page_sizes_enabled: false,
        disallow_traps: u.ratio(2, 3)?,
        exceptions_enabled: false,
        extended_const_enabled: extended,
        gc_enabled: false,
        max_funcs: 8,
        max_globals: 8,
        max_imports: 12,
        max_data_segments: 6,
        max_element_segments: 6,
        max_instructions: *u.choose(&[50, 100, 300])?,
        max_memories: 0,
        max_tables: 1,
        max_memory32_bytes: 4 << 16,
        max_table_elements: 100,
        memory64_enabled: false,
        memory_max_size_required: true,
        memory_offset_choices: wasm_smith::MemoryOffsetChoices(90, 9, 1),
        min_memories: 0,
        multi_value_enabled: extended,
        reference_types_enabled: false,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: false,
        shared_everything_threads_enabled: false,
        sign_extension_ops_enabled: extended,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        ..wasm_smith::Config::default()
    };
    let mut module = wasm_smith::Module::new(config, u)?;
    let _ = module.ensure_termination(1_000);
    Ok(module.to_bytes())
}
