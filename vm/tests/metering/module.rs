//! What metering leaves as it is.

use hebe_host_ei::{Prices, Profile, Revision};
use hebe_vm::{
    meter::{DEPTH_EXPORT, GAS_EXPORT, Metering, RUN_EXPORT, meter},
    validate::validate,
};
use wasmparser::{Parser, Payload, TypeRef, Validator};

use crate::support::wat;

const RECURSIVE: &str = r#"(module $contract (import "ethereum" "useGas" (func $pay (param i64))) (memory (export "memory") 1)
    (global $g (mut i32) (i32.const 3)) (table 2 funcref) (elem (i32.const 0) $again) (data (i32.const 7) "abc")
    (func $again (param $n i32) (result i32 i64)
        (loop $l (if (local.get $n) (then (call $again (i32.sub (local.get $n) (i32.const 1))) drop drop (return (i32.const 1) (i64.const 1))))
            (br_if 1 (i32.const 7) (i64.const 8) (i32.const 1)) drop drop)
        (i32.const 2) (i64.const 2))
    (func $main (export "main") (drop (call $again (i32.const 5))) drop)
    (@custom "author" (after last) "somebody"))"#;

/// Each section but those that grow: number, content.
fn sections(code: &[u8], grown: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let payloads = Parser::new(0).parse_all(code).map(|payload| payload.expect("valid"));
    let sections = payloads.filter_map(|payload| payload.as_section());
    let kept = sections.filter(|(id, _)| !grown.contains(id));
    kept.map(|(id, range)| (id, code[range.start as usize..range.end as usize].to_vec())).collect()
}

/// Names, custom sections, memory, table, elements and data are the contract's own, byte for byte: no index moved. What
/// grows are types (1), functions (3), globals (6), exports (7) and code (10), and with gas imports (2), in their places.
#[test]
fn all_but_code_and_what_is_added_stays() {
    let code = wat(RECURSIVE);
    let module = validate(&code, &Profile::EXTENDED, Revision::Byzantium, false).expect("valid");
    let own = sections(&code, &[1, 3, 6, 7, 10]);
    assert_eq!(own.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [2, 4, 5, 9, 11, 0, 0]);
    for metering in [Metering::Inline, Metering::Sentinel, Metering::None] {
        let metered = meter(&module, metering, &Prices::UNIT);
        Validator::new().validate_all(metered.bytes()).expect("valid");
        let counted = metering == Metering::Inline;
        let grown: &[u8] = if counted { &[1, 2, 3, 6, 7, 10] } else { &[1, 3, 6, 7, 10] };
        let kept: Vec<_> = own.iter().filter(|(id, _)| !counted || *id != 2).cloned().collect();
        assert_eq!(sections(metered.bytes(), grown), kept, "{metering:?}");
        let mut exports = Vec::new();
        for payload in Parser::new(0).parse_all(metered.bytes()) {
            if let Payload::ExportSection(section) = payload.expect("valid") {
                exports.extend(section.into_iter().map(|export| export.expect("valid").name.to_owned()));
            }
        }
        // The contract recurses, so depth is counted in every mode.
        let gas = if metering == Metering::Inline { vec![GAS_EXPORT] } else { Vec::new() };
        let own = vec!["memory", "main", RUN_EXPORT];
        assert_eq!(exports, [own, gas, vec![DEPTH_EXPORT]].concat(), "{metering:?}");
    }
}

/// Of a contract that cannot nest too deep and whose instructions nobody pays for, the functions stay as they are, and the entry is all
/// that is added. By hand: type 1 is `[] -> []`, function 2 has it, is exported as `hebe.run` and calls function 1, `main`.
#[test]
fn nothing_to_count_nothing_to_write() {
    let code =
        wat(r#"(module (memory (export "memory") 1) (func $f) (func (export "main") (loop (call $f))))"#);
    let entered = wat(r#"(module (type $own (func)) (type $added (func)) (memory (export "memory") 1)
            (func $f (type $own)) (func (export "main") (type $own) (loop (call $f)))
            (func (export "hebe.run") (type $added) (call 1)))"#);
    let module = validate(&code, &Profile::R4, Revision::Byzantium, false).expect("valid");
    for metering in [Metering::None, Metering::Sentinel] {
        let metered = meter(&module, metering, &Prices::UNIT);
        assert_eq!(sections(metered.bytes(), &[0]), sections(&entered, &[0]), "{metering:?}");
    }
}

/// The entry gives every mutable global its first value, whatever kind of expression that is, and no other.
#[test]
fn the_entry_resets_globals() {
    let globals = r#"(global $a (mut i32) (i32.const -7)) (global $b i64 (i64.const 5)) (global $c (mut i64) (i64.add (i64.const 5) (i64.const 1)))"#;
    let code = wat(&format!(r#"(module {globals} (memory (export "memory") 1) (func (export "main")))"#));
    let entered = wat(&format!(
        r#"(module (type $own (func)) (type $added (func)) (memory (export "memory") 1) {globals} (func (export "main") (type $own))
            (func (export "hebe.run") (type $added) (global.set $a (i32.const -7))
                (global.set $c (i64.add (i64.const 5) (i64.const 1))) (call 0)))"#
    ));
    let module = validate(&code, &Profile::EXTENDED, Revision::Byzantium, false).expect("valid");
    let metered = meter(&module, Metering::None, &Prices::UNIT);
    assert_eq!(sections(metered.bytes(), &[0]), sections(&entered, &[0]));
}

/// By hand: an import that is called by its index alone takes the gas and gives it back; one that is in the table stays as it is.
#[test]
fn imports_take_the_gas() {
    let code = wat(r#"(module (type $f (func (result i32)))
            (import "ethereum" "getCallDataSize" (func $size (type $f))) (import "ethereum" "getCodeSize" (func $code (type $f)))
            (import "ethereum" "useGas" (func $pay (param i64)))
            (memory (export "memory") 1) (table 1 1 funcref) (elem (i32.const 0) $code)
            (func (export "main") (drop (call $size)) (drop (call $code)) (call $pay (i64.const 1))
                (drop (call_indirect (type $f) (i32.const 0)))))"#);
    let module = validate(&code, &Profile::EXTENDED, Revision::Byzantium, false).expect("valid");
    let imports = |metering| {
        let metered = meter(&module, metering, &Prices::UNIT);
        Validator::new().validate_all(metered.bytes()).expect("valid");
        let (mut types, mut imports) = (Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(metered.bytes()) {
            match payload.expect("valid") {
                Payload::TypeSection(section) => {
                    types.extend(
                        section.into_iter_err_on_gc_types().map(|ty| ty.expect("a function").to_string()),
                    );
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports().map(|import| import.expect("valid")) {
                        let TypeRef::Func(ty) = import.ty else { panic!("a function") };
                        imports.push((import.module.to_owned(), types[ty as usize].clone()));
                    }
                }
                _ => {}
            }
        }
        imports
    };
    let named = |module: &str, ty: &str| (module.to_owned(), ty.to_owned());
    assert_eq!(
        imports(Metering::Inline),
        [
            named("hebe.ethereum", "(func (param i64) (result i32 i64))"),
            named("ethereum", "(func (result i32))"),
            named("hebe.ethereum", "(func (param i64 i64) (result i64))"),
        ]
    );
    assert_eq!(
        imports(Metering::None),
        [
            named("ethereum", "(func (result i32))"),
            named("ethereum", "(func (result i32))"),
            named("ethereum", "(func (param i64))")
        ]
    );
}
