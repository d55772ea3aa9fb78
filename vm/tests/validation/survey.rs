//! Everything that is wrong with a module, at once.

use hebe_host_ei::{Profile, Revision};
use hebe_vm::validate::{Finding, LimitUse, Survey, survey, validate};

use crate::support::{contract, wat};

/// What is found, in words, without the places, each with its count where it is more than one.
fn words(survey: &Survey<'_>) -> Vec<String> {
    survey.findings.iter().map(told).collect()
}

fn told(finding: &Finding) -> String {
    let mut text = finding.error.violation.to_string();
    if let Some(function) = &finding.error.function {
        text += &format!(" [{function}]");
    }
    if finding.count > 1 { format!("{text} x{}", finding.count) } else { text }
}

/// Rules of the shape, of wasm in two functions, and a limit: each is there, in the order of their places.
#[test]
fn one_error_does_not_hide_another() {
    let code = wat(r#"(module
        (import "ethereum" "getGasLef" (func (result i64)))
        (import "env" "abort" (func (param i32 i32 i32 i32)))
        (memory (export "memory") 257)
        (global (export "__heap_base") i32 (i32.const 1024))
        (start $start)
        (func $start)
        (func $wrong (result i32) (i64.const 0))
        (func (export "main") (i32.const 0) (i32.add))
        (func $fine))"#);
    let survey = survey(&code, &Profile::EXTENDED, Revision::Byzantium, false);
    assert_eq!(
        words(&survey),
        [
            r#"the import "ethereum" "getGasLef" does not exist"#,
            r#"the import "env" "abort" is from another module than `ethereum`"#,
            "257 memory pages; the limit memory_pages is 256",
            r#"the export "__heap_base"; a contract exports `main` and `memory` and nothing else"#,
            "a start section; only `main` may run",
            r#"type mismatch: expected i32, found i64 [function 3 "wrong", `end`]"#,
            "type mismatch: expected i32 but nothing on stack [function 4, `i32.add`]",
        ]
    );
    assert!(survey.validated.is_none());
    assert_eq!((survey.more, survey.unchecked_from), (0, None));
    let imports =
        survey.imports.iter().map(|import| (import.module.as_str(), import.name.as_str(), import.known));
    assert_eq!(imports.collect::<Vec<_>>(), [("ethereum", "getGasLef", None), ("env", "abort", None)]);
}

/// What the profile does not take is told once for each feature and function, and what comes after it is checked.
#[test]
fn a_feature_does_not_hide_what_follows() {
    let code = contract(
        "(func $helper (drop (i32.extend8_s (i32.const 0))))",
        "(drop (i32.extend8_s (i32.const 0))) (drop (i32.extend16_s (i32.const 0)))
         (drop (f32.const 0)) (drop (v128.const i64x2 0 0)) (i64.const 0) (i32.add (i32.const 0)) drop",
    );
    let survey = survey(&code, &Profile::R4, Revision::Byzantium, false);
    assert_eq!(
        words(&survey),
        [
            r#"sign extension operations support is not enabled [function 0 "helper", `i32.extend8_s`]"#,
            r#"sign extension operations support is not enabled [function 1 "main", `i32.extend8_s`]"#,
            r#"floating-point instruction disallowed [function 1 "main", `f32.const`]"#,
            r#"SIMD support is not enabled [function 1 "main", `v128.const`]"#,
            r#"type mismatch: expected i32, found i64 [function 1 "main", `i32.add`]"#,
        ]
    );
    let features = survey.features.iter().map(|found| (found.name.as_str(), found.count, found.taken));
    assert_eq!(
        features.collect::<Vec<_>>(),
        [("sign-extension", 3, false), ("floats", 1, false), ("simd", 1, false)]
    );
}

/// Behind an error outside the functions the rules of wasm mean nothing, but the shape is still looked at.
#[test]
fn a_module_that_breaks_is_told_to_be_unchecked() {
    // Function 0 has type 1, which does not exist.
    let code = wat(
        r#"(module (type (func)) (memory (export "memory") 1) (func (export "main")) (export "x" (func 0)))"#,
    );
    let at = code.windows(4).position(|bytes| bytes == [3, 2, 1, 0]).expect("the function section");
    let mut broken = code;
    broken[at + 3] = 1;
    let survey = survey(&broken, &Profile::EXTENDED, Revision::Byzantium, false);
    let export = r#"the export "x"; a contract exports `main` and `memory` and nothing else"#;
    assert_eq!(words(&survey), ["unknown type 1: type index out of bounds", export]);
    assert_eq!(survey.unchecked_from, Some(at + 3));

    let nothing = self::survey(b"\0asm\x02\0\0\0", &Profile::EXTENDED, Revision::Byzantium, false);
    assert_eq!(words(&nothing), ["wasm version 2; a contract has version 1"]);
    assert_eq!(nothing.unchecked_from, Some(4));
}

/// A feature outside the functions does not end the check either.
#[test]
fn a_feature_of_the_module_does_not_hide_what_follows() {
    let code = contract(
        r#"(type (func (param f32))) (table 1 externref) (tag) (memory 1) (data "x")"#,
        "(memory.fill (i32.const 0) (i32.const 0) (i32.const 0)) (i32.add)",
    );
    let survey = survey(&code, &Profile::R4, Revision::Byzantium, false);
    assert_eq!(
        words(&survey),
        [
            "floating-point support is disabled",
            "reference types support is not enabled",
            "multiple memories",
            "exceptions proposal not enabled",
            r#"bulk memory support is not enabled [function 0 "main", `memory.fill`]"#,
            r#"type mismatch: expected i32 but nothing on stack [function 0 "main", `i32.add`]"#,
            "passive data segments require the bulk-memory proposal",
        ]
    );
    assert_eq!(survey.unchecked_from, None);
}

/// The same limit again in the same function is counted: two `br_table`s, and blocks 3 and 4 deep.
#[test]
fn a_limit_is_told_once_for_a_function() {
    let mut profile = Profile::EXTENDED;
    profile.limits.br_table_targets = 1;
    profile.limits.block_nesting = 2;
    let deep = "(block (block (block (block))))";
    let code = contract(
        "",
        &format!("{deep} (block (br_table 0 0 0 (i32.const 0))) (block (br_table 0 0 0 0 (i32.const 0)))"),
    );
    let survey = survey(&code, &profile, Revision::Byzantium, false);
    assert_eq!(
        words(&survey),
        [
            r#"3 nested blocks; the limit block_nesting is 2 [function 0 "main"] x2"#,
            r#"2 br_table targets; the limit br_table_targets is 1 [function 0 "main"] x2"#,
        ]
    );
    let used = |name| survey.limits.iter().find(|limit| limit.name == name).expect("a limit").used;
    assert_eq!((used("block_nesting"), used("br_table_targets")), (4, 3));
}

/// Of each kind 32 are kept and the rest counted: here 1000 exports beside `main` and `memory`.
#[test]
fn a_flood_is_counted() {
    let exports: String = (0..1000).map(|i| format!(r#"(export "e{i}" (func $main))"#)).collect();
    let code = contract(&format!("{exports} (func $start) (start $start)"), "");
    let survey = survey(&code, &Profile::EXTENDED, Revision::Byzantium, false);
    assert_eq!((survey.findings.len(), survey.more), (32 + 1, 1000 - 32));
    assert_eq!(survey.findings[32].error.violation.to_string(), "a start section; only `main` may run");
}

/// Every limit has a row, in the profile's order, for a valid contract too. Each number is counted in the text by hand.
#[test]
fn every_limit_is_told() {
    let code = contract(
        r#"(import "ethereum" "getGasLeft" (func (result i64)))
           (import "ethereum" "useGas" (func (param i64)))
           (type $two (func (param i32 i32 i64) (result i64)))
           (table 7 9 funcref) (elem (i32.const 0) $main $main) (data (i32.const 0) "abc") (data (i32.const 9) "de")
           (global i32 (i32.const 0)) (global i64 (i64.const 0)) (global i64 (i64.const 0))
           (func $helper (type $two) (local i32 i64 i64 i32) (local.get 2))"#,
        "(local i64) (block (loop (block (br_table 0 1 2 0 (i32.const 0)))) (loop (loop)))
         (drop (i32.add (i32.const 0) (i32.add (i32.const 0) (i32.const 0))))",
    );
    let survey = survey(&code, &Profile::EXTENDED, Revision::Byzantium, false);
    assert_eq!(words(&survey), Vec::<String>::new());
    let imports = survey.imports.iter().map(|import| import.known.map(ToString::to_string));
    let signatures = ["getGasLeft() -> i64", "useGas(amount: i64)"];
    assert_eq!(imports.collect::<Vec<_>>(), signatures.map(|signature| Some(signature.to_owned())));
    let expected: &[(&str, u64)] = &[
        ("module_bytes", code.len() as u64),
        // The two imports', $two and main's.
        ("types", 4),
        ("functions", 2),
        ("imports", 2),
        ("globals", 3),
        ("tables", 1),
        ("table_elements", 7),
        ("memory_pages", 1),
        ("data_segments", 2),
        ("element_segments", 1),
        // The name section: its own name with a length (5); the functions, subsection 1, with its size (2), a count (1),
        // indices and lengths (2 each), "helper" and "main" (10); the types, subsection 4: 2, 1, 2 and "two" (3).
        ("custom_bytes", 5 + 2 + 1 + 4 + 10 + 2 + 1 + 2 + 3),
        // "getGasLeft".
        ("name_bytes", 10),
        ("body_bytes", main_bytes(&code)),
        ("params", 3),
        ("results", 1),
        ("locals", 4),
        ("all_locals", 5),
        ("operands", 3),
        ("block_nesting", 3),
        ("loop_nesting", 2),
        ("br_table_targets", 3),
        ("br_table_values", 0),
    ];
    let told: Vec<_> = survey.limits.iter().map(|limit| (limit.name, limit.used)).collect();
    assert_eq!(told, expected);
    for (LimitUse { name, words, bound, .. }, entry) in
        survey.limits.iter().zip(Profile::EXTENDED.limits.entries())
    {
        assert_eq!((*name, *words, *bound), entry);
    }
}

/// The length of the last body in the code section: it begins after its length, a byte, with the number of groups of
/// locals (1, one i64) and ends before the data section.
fn main_bytes(code: &[u8]) -> u64 {
    let start = code.windows(4).rposition(|bytes| bytes == [1, 1, 0x7e, 2]).expect("one i64, then a block");
    u64::from(code[start - 1])
}

/// A contract is handed on as `validate` would.
#[test]
fn a_contract_is_validated() {
    let code = contract("(table 2 funcref) (elem (i32.const 0) $main $main)", "(loop)");
    let surveyed = survey(&code, &Profile::R4, Revision::Byzantium, false);
    let validated = validate(&code, &Profile::R4, Revision::Byzantium, false).expect("valid");
    let from_survey = surveyed.validated.expect("valid");
    assert_eq!(from_survey.facts(), validated.facts());
    assert_eq!(from_survey.bytes(), &code[..]);
}

/// A function with every feature that there is costs a walk for each, not a walk for each in each function: a megabyte
/// of such functions ends in seconds even without optimisation.
#[test]
fn many_features_in_many_functions_end() {
    let body = "(drop (i32.extend8_s (i32.const 0))) (drop (f32.const 0)) (drop (v128.const i64x2 0 0))
        (drop (i32.atomic.load (i32.const 0))) (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))";
    let functions = format!("(func {body})").repeat(4000);
    let code = contract(&functions, "");
    let survey = survey(&code, &Profile::R4, Revision::Byzantium, false);
    // Five kinds of which 32 are kept.
    assert_eq!(survey.findings.len(), 5 * 32);
    assert_eq!(survey.more, 5 * (4000 - 32));
    assert!(survey.features.iter().all(|found| found.count == 4000), "{:?}", survey.features);
}
