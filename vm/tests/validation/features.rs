//! The features of wasm, one by one: which profile takes them.
//!
//! Every feature that wasmparser knows has a row, or the pattern in `every_feature_has_a_row` does not compile. What a
//! profile takes is what `docs/limits.md` says.

use hebe_host_ei::{Profile, Revision};
use hebe_vm::validate::{Survey, Violation, survey, validate};
use wasmparser::{WasmFeatures, WasmFeaturesInflated};

use crate::support::{contract, wat};

/// Which profiles take a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    Extended,
    Never,
}
use Taken::{Extended, Never};

/// A feature, who takes it, and a contract with it: what stands beside `main`, and in it. A whole module begins with
/// `(module`.
const ROWS: &[(&str, Taken, &str, &str)] = &[
    ("acquire-release-atomics", Never, "", "pause"),
    ("bulk-memory", Extended, r#"(data "x")"#, "(memory.init 0 (i32.const 0) (i32.const 0) (i32.const 1))"),
    ("bulk-memory", Extended, r#"(data "x")"#, "(data.drop 0)"),
    ("bulk-memory", Extended, "(table 1 funcref) (elem func $main)", "(elem.drop 0)"),
    ("bulk-memory", Extended, "(elem declare func $main)", ""),
    ("bulk-memory", Extended, "(table 1 funcref) (elem (table 0) (i32.const 0) func $main)", ""),
    (
        "bulk-memory",
        Extended,
        "(table 1 funcref) (elem func $main)",
        "(table.init 0 (i32.const 0) (i32.const 0) (i32.const 1))",
    ),
    ("bulk-memory", Extended, "(table 1 funcref)", "(table.copy (i32.const 0) (i32.const 0) (i32.const 1))"),
    ("bulk-memory-opt", Extended, "", "(memory.copy (i32.const 0) (i32.const 0) (i32.const 0))"),
    ("bulk-memory-opt", Extended, "", "(memory.fill (i32.const 0) (i32.const 0) (i32.const 0))"),
    (
        "custom-descriptors",
        Never,
        "(rec (type $a (descriptor $b) (struct)) (type $b (describes $a) (struct)))",
        "",
    ),
    (
        "custom-page-sizes",
        Never,
        r#"(module (memory (export "memory") 1 (pagesize 1)) (func (export "main")))"#,
        "",
    ),
    ("exceptions", Never, "(tag)", ""),
    ("exceptions", Never, "", "(block (try_table (catch_all 0)))"),
    ("extended-const", Extended, "(global i32 (i32.add (i32.const 0) (i32.const 0)))", ""),
    ("extended-const", Extended, r#"(data (i32.sub (i32.const 8) (i32.const 0)) "x")"#, ""),
    ("floats", Never, "(type (func (param f32)))", ""),
    ("floats", Never, "(type (func (result f64)))", ""),
    ("floats", Never, "(global f32 (f32.const 0))", ""),
    ("floats", Never, "", "(local f64)"),
    ("floats", Never, "", "(drop (f32.const 0))"),
    ("floats", Never, "", "(drop (f64.load (i32.const 0)))"),
    ("floats", Never, "", "(drop (i32.reinterpret_f32 (f32.const 0)))"),
    ("floats", Never, "", "(block (result f32) unreachable) drop"),
    (
        "function-references",
        Never,
        "(func $f) (type $t (func)) (elem declare func $f)",
        "(call_ref $t (ref.func $f))",
    ),
    ("function-references", Never, "(func $f) (table 1 funcref (ref.func $f))", ""),
    ("gc", Never, "(type (struct))", ""),
    ("gc", Never, "(type (array i32))", ""),
    ("gc", Never, "(type (sub (func)))", ""),
    ("gc", Never, "(rec (type (func)) (type (func)))", ""),
    ("gc", Never, "(global i32 (i32.const 0)) (global i32 (global.get 0))", ""),
    ("legacy-exceptions", Never, "", "try catch_all end"),
    ("memory-control", Never, "", "(memory.discard (i32.const 0) (i32.const 0))"),
    ("memory64", Never, r#"(module (memory (export "memory") i64 1) (func (export "main")))"#, ""),
    ("memory64", Never, "(table i64 1 funcref)", ""),
    ("multi-memory", Never, "(memory 1)", ""),
    ("multi-value", Extended, "", "(block (result i32 i32) (i32.const 0) (i32.const 0)) drop drop"),
    ("multi-value", Extended, "(type (func (result i32 i64)))", ""),
    ("multi-value", Extended, "(type $t (func (param i32)))", "(i32.const 0) (block (type $t) drop)"),
    ("reference-types", Never, "(table 1 externref)", ""),
    ("reference-types", Never, "(table 1 funcref) (table 1 funcref)", ""),
    ("reference-types", Never, "(table 1 funcref) (elem (i32.const 0) funcref (ref.func $main))", ""),
    ("reference-types", Never, "(elem funcref (ref.null func))", ""),
    ("reference-types", Never, "(type (func (param funcref)))", ""),
    ("reference-types", Never, "(table 1 funcref)", "(drop (table.get 0 (i32.const 0)))"),
    ("reference-types", Never, "(table 1 funcref)", "(table.set 0 (i32.const 0) (ref.null func))"),
    ("reference-types", Never, "(table 1 funcref)", "(drop (table.size 0))"),
    ("reference-types", Never, "(table 1 funcref)", "(drop (table.grow 0 (ref.null func) (i32.const 1)))"),
    (
        "reference-types",
        Never,
        "(table 1 funcref)",
        "(table.fill 0 (i32.const 0) (ref.null func) (i32.const 1))",
    ),
    ("reference-types", Never, "", "(drop (select (result i32) (i32.const 0) (i32.const 1) (i32.const 2)))"),
    (
        "relaxed-simd",
        Never,
        "",
        "(drop (i8x16.relaxed_swizzle (v128.const i64x2 0 0) (v128.const i64x2 0 0)))",
    ),
    ("saturating-float-to-int", Never, "", "(drop (i32.trunc_sat_f32_s (f32.const 0)))"),
    ("shared-everything-threads", Never, "(global (shared mut i32) (i32.const 0))", ""),
    ("sign-extension", Extended, "", "(drop (i32.extend8_s (i32.const 0)))"),
    ("sign-extension", Extended, "", "(drop (i32.extend16_s (i32.const 0)))"),
    ("sign-extension", Extended, "", "(drop (i64.extend8_s (i64.const 0)))"),
    ("sign-extension", Extended, "", "(drop (i64.extend16_s (i64.const 0)))"),
    ("sign-extension", Extended, "", "(drop (i64.extend32_s (i64.const 0)))"),
    ("simd", Never, "", "(drop (v128.const i64x2 0 0))"),
    ("simd", Never, "(type (func (param v128)))", ""),
    ("stack-switching", Never, "(type $f (func)) (type (cont $f))", ""),
    ("tail-call", Never, "(func $f (return_call $f))", ""),
    (
        "tail-call",
        Never,
        "(type $t (func)) (table 1 funcref)",
        "(return_call_indirect (type $t) (i32.const 0))",
    ),
    ("threads", Never, "", "(drop (i32.atomic.load (i32.const 0)))"),
    ("threads", Never, r#"(module (memory (export "memory") 1 1 shared) (func (export "main")))"#, ""),
    (
        "wide-arithmetic",
        Never,
        "",
        "(i64.add128 (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0)) drop drop",
    ),
];

fn module((_, _, more, body): &(&str, Taken, &str, &str)) -> Vec<u8> {
    if more.starts_with("(module") { wat(more) } else { contract(more, body) }
}

/// True if the survey tells that this is there, and whether the profile takes it.
fn tells(survey: &Survey<'_>, feature: &str, taken: bool) -> bool {
    survey.features.iter().any(|found| found.name == feature && found.taken == taken)
}

#[test]
fn each_profile_takes_what_it_says() {
    for row in ROWS {
        let (feature, taken, ..) = row;
        let code = module(row);
        for profile in [&Profile::R4, &Profile::EXTENDED] {
            let takes = *taken == Extended && profile.name == "extended";
            assert_eq!(
                validate(&code, profile, Revision::Byzantium, false).is_ok(),
                takes,
                "{row:?} under {}",
                profile.name
            );
            assert_eq!(hebe_vm::validate::takes(profile, feature), takes, "{feature}");
            let survey = survey(&code, profile, Revision::Byzantium, false);
            assert!(tells(&survey, feature, takes), "{row:?} under {}: {:?}", profile.name, survey.features);
        }
    }
}

/// The first release of wasm, and nothing else, in both.
#[test]
fn the_first_release_is_no_feature() {
    let code = contract(
        r#"(type $t (func)) (table 2 2 funcref) (elem (i32.const 0) $main) (data (i32.const 0) "x")
           (global $g (mut i64) (i64.const 0)) (func (param i32 i64) (result i32) (local i64) (local.get 0))"#,
        "(loop (br_if 0 (i32.const 0))) (call_indirect (type $t) (i32.const 0))
         (global.set $g (i64.popcnt (i64.load (memory.grow (memory.size)))))
         (drop (select (i32.const 0) (i32.const 1) (i32.const 2)))",
    );
    for profile in Profile::ALL {
        assert_eq!(
            validate(&code, profile, Revision::Byzantium, false).map(|_| ()),
            Ok(()),
            "{}",
            profile.name
        );
        assert_eq!(survey(&code, profile, Revision::Byzantium, false).features, []);
    }
}

/// A mutable global is a feature where it is imported or exported, and neither may be (`contract_interface.md`).
#[test]
fn mutable_globals_are_not_exported_by_a_contract() {
    let code = contract(r#"(global (export "g") (mut i32) (i32.const 0))"#, "");
    for (profile, taken, refusals) in [(&Profile::R4, false, 2), (&Profile::EXTENDED, true, 1)] {
        let survey = survey(&code, profile, Revision::Byzantium, false);
        assert!(tells(&survey, "mutable-global", taken), "{:?}", survey.features);
        assert_eq!(survey.findings.len(), refusals, "{:?}", survey.findings);
        assert!(survey.findings.iter().any(|f| f.error.violation == Violation::Export("g".to_owned())));
    }
}

/// LLVM writes the table of `call_indirect` as a LEB128 of five bytes (reference types proposal).
#[test]
fn extended_takes_llvms_call_indirect() {
    let code = contract("(table 1 funcref) (type $t (func))", "(call_indirect (type $t) (i32.const 0))");
    let at = code.windows(4).position(|bytes| bytes == [0x11, 0, 0, 0x0b]).expect("call_indirect");
    let mut long = code.clone();
    long.splice(at + 2..at + 3, [0x80, 0x80, 0x80, 0x80, 0]);
    // Four bytes more in the function and in the code section.
    let body = at - 4;
    long[body] += 4;
    long[body - 2] += 4;
    assert!(validate(&code, &Profile::R4, Revision::Byzantium, false).is_ok());
    assert_eq!(validate(&long, &Profile::EXTENDED, Revision::Byzantium, false).map(|_| ()), Ok(()));
    assert!(validate(&long, &Profile::R4, Revision::Byzantium, false).is_err());
    assert!(tells(
        &survey(&long, &Profile::EXTENDED, Revision::Byzantium, false),
        "call-indirect-overlong",
        true
    ));
    assert!(tells(&survey(&long, &Profile::R4, Revision::Byzantium, false), "call-indirect-overlong", false));
}

/// A data segment of kind 2 names its memory (bulk memory proposal); in the first release this is the index of a memory, and
/// there is one only, of index 0, which may be padded. wat writes kind 0, so the module is made from its bytes.
#[test]
fn r4_takes_no_segment_that_names_its_memory() {
    let head = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x05\x03\x01\0\x01\x07\x11\x02\x04main\0\0\x06memory\x02\0\x0a\x04\x01\x02\0\x0b";
    // How the segment begins; then `i32.const 0 end` and one byte.
    let with = |start: &[u8]| {
        let rest = [0x41, 0, 0x0b, 1, 0xaa];
        let size = (1 + start.len() + rest.len()) as u8;
        [head, &[0x0b, size, 1][..], start, &rest].concat()
    };
    for (start, r4) in [(&[0][..], true), (&[0x80, 0], true), (&[2, 0], false), (&[0x82, 0, 0], false)] {
        let code = with(start);
        assert_eq!(validate(&code, &Profile::R4, Revision::Byzantium, false).is_ok(), r4, "{start:?}");
        let facts = validate(&code, &Profile::EXTENDED, Revision::Byzantium, false)
            .map(|valid| valid.facts().data_bytes);
        assert_eq!(facts, Ok(1), "{start:?}");
    }
    assert!(tells(&survey(&with(&[2, 0]), &Profile::R4, Revision::Byzantium, false), "bulk-memory", false));
}

/// Compact imports: a module's name, an empty name, 0x7f, then names with types (compact import section proposal).
#[test]
fn nobody_takes_compact_imports() {
    let section = b"\x02\x18\x01\x08ethereum\x00\x7f\x01\x0agetGasLeft\x00\x00";
    let mut code = b"\0asm\x01\0\0\0\x01\x05\x01\x60\x00\x01\x7e".to_vec();
    code.extend(section);
    for profile in Profile::ALL {
        let survey = survey(&code, profile, Revision::Byzantium, false);
        assert!(tells(&survey, "compact-imports", false), "{:?}", survey.findings);
        assert!(validate(&code, profile, Revision::Byzantium, false).is_err());
    }
}

/// A load from an array: bit 5 of the alignment, then a type (multibyte array access proposal).
#[test]
fn nobody_takes_array_loads() {
    let mut code = contract("", "(drop (i32.load (i32.const 0)))");
    let at = code.windows(3).position(|bytes| bytes == [0x28, 2, 0]).expect("i32.load");
    code[at + 1] |= 1 << 5;
    for profile in Profile::ALL {
        let error = validate(&code, profile, Revision::Byzantium, false).expect_err("refused");
        assert!(error.to_string().contains("`i32.load`"), "{error}");
    }
}

/// A component is told from a module by the header's second half (component model, "Binary Format").
#[test]
fn nobody_takes_components() {
    for profile in Profile::ALL {
        let error = validate(b"\0asm\x0d\0\x01\0", profile, Revision::Byzantium, false).expect_err("refused");
        assert_eq!(error.violation, Violation::Version(0x0001_000d));
    }
}

/// Ends to compile when wasmparser knows a feature that is not here; then it needs a row above. What belongs to components
/// is tested above by their header; of the others `gc_types` is no proposal but a switch of the parser's.
#[test]
fn every_feature_has_a_row() {
    let WasmFeaturesInflated {
        // In the table.
        acquire_release_atomics: _,
        bulk_memory: _,
        bulk_memory_opt: _,
        custom_descriptors: _,
        custom_page_sizes: _,
        exceptions: _,
        extended_const: _,
        floats: _,
        function_references: _,
        gc: _,
        legacy_exceptions: _,
        memory_control: _,
        memory64: _,
        multi_memory: _,
        multi_value: _,
        reference_types: _,
        relaxed_simd: _,
        saturating_float_to_int: _,
        shared_everything_threads: _,
        sign_extension: _,
        simd: _,
        stack_switching: _,
        tail_call: _,
        threads: _,
        wide_arithmetic: _,
        // In tests of their own.
        call_indirect_overlong: _,
        compact_imports: _,
        multibyte_array_access: _,
        mutable_global: _,
        // Of components.
        component_model: _,
        cm_accessors: _,
        cm_async: _,
        cm_async_stackful: _,
        cm_canon_names: _,
        cm_error_context: _,
        cm_fixed_length_lists: _,
        cm_forward: _,
        cm_gc: _,
        cm_implements: _,
        cm_map: _,
        cm_more_async_builtins: _,
        cm_nested_names: _,
        cm_threading: _,
        cm_values: _,
        cm64: _,
        gc_types: _,
    } = WasmFeatures::all().inflate();
    let elsewhere = ["call-indirect-overlong", "compact-imports", "multibyte-array-access", "mutable-global"];
    for (name, _) in WasmFeatures::all().iter_names() {
        let name = name.to_lowercase().replace('_', "-");
        let of_components = name.starts_with("cm") || name == "component-model";
        let tested = elsewhere.contains(&name.as_str()) || ROWS.iter().any(|(row, ..)| *row == name);
        assert!(tested || of_components || name == "gc-types", "{name}");
    }
}
