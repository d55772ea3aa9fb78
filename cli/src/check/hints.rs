//! What to do about a reason for which code is not a contract.
//!
//! For the compilers that people use for contracts: clang with LLD, rustc, AssemblyScript's asc.

use hebe_host_ei::{IMPORTS, Profile};
use hebe_vm::{
    meter::{DEPTH_EXPORT, GAS_EXPORT},
    validate::{Violation, takes},
};

use super::nearest::nearest;

/// What to do, if anything is to be said beyond the reason itself.
pub(super) fn hint(violation: &Violation, profile: &Profile) -> Option<String> {
    let words = match violation {
        Violation::Version(_) => {
            "a contract is a core wasm module, no component; build one without a component tool"
        }
        Violation::Wasm(words) => return rule(words, profile),
        Violation::Feature { feature, .. } => return Some(missing(feature, profile)),
        Violation::Limit { limit, .. } => shrink(limit)?,
        Violation::Start => START,
        Violation::ImportKind { kind, .. } => kind_of_import(kind),
        Violation::ImportModule { module, name } => return Some(foreign(module, name)),
        Violation::ImportName { module, name, .. } => return unknown(module, name),
        Violation::ImportProfile { .. } => {
            "--profile extended takes it; a VM does with profile=extended, its default"
        }
        Violation::ImportRevision { since, .. } => {
            return Some(format!("--rev {} takes it, as a chain does from then on", since.revision));
        }
        Violation::ImportSignature { expected, .. } => {
            return Some(format!("declare it as {expected}; i32 pointers, i64 gas"));
        }
        Violation::Export(name) => export(name),
        Violation::Main(_) => MAIN,
        Violation::Memory(_) => {
            "LLD exports the memory by itself, unless it is given --import-memory; in text, (memory (export \"memory\") 1)"
        }
    };
    Some(words.to_owned())
}

const START: &str = "move what it does into main. asc makes one of what stands outside of functions, such as globals \
                     with initialisers that have to be computed; LLD makes one for --shared-memory and passive segments";
const MAIN: &str = "clang: void main(void), with -Wl,--no-entry,--export=main (or an attribute export_name); \
                    rustc: #[unsafe(no_mangle)] pub extern \"C\" fn main() in a cdylib; \
                    asc: export function main(): void";
const MVP: &str = "build for the first release of wasm: clang -mcpu=mvp; rustc -C target-cpu=mvp with core built the \
                   same way (-Z build-std=core); asc with --disable for the feature";
const NO_FLOATS: &str = "contracts compute with integers: look for f32 and f64 in the source and in what it links, such \
                         as formatting, parsing and random numbers; with fixed point or u256 arithmetic instead";

/// A feature that the profile does not have.
fn missing(feature: &str, profile: &Profile) -> String {
    if !takes(profile, feature) && takes(&Profile::EXTENDED, feature) {
        return format!("--profile extended takes it; for {}, {MVP}", profile.name);
    }
    let words = match feature {
        "floats" | "saturating-float-to-int" => NO_FLOATS,
        "simd" | "relaxed-simd" => {
            "clang -mno-simd128; rustc -C target-feature=-simd128; asc without --enable simd"
        }
        "threads" | "shared-everything-threads" | "acquire-release-atomics" => {
            "a contract is one thread: clang without -pthread and -matomics; rustc -C target-feature=-atomics"
        }
        "reference-types" => {
            "clang -mno-reference-types; rustc -C target-feature=-reference-types; one table of functions, set by \
             active element segments"
        }
        "tail-call" => "clang -mno-tail-call, and no musttail; rustc -C target-feature=-tail-call",
        "exceptions" | "legacy-exceptions" => "clang++ -fno-exceptions; rustc -C panic=abort",
        "memory64" => "build for wasm32, not wasm64",
        "multi-memory" => "a contract has one memory",
        "gc" | "function-references" => "languages whose objects are wasm's own cannot make contracts",
        _ => "no profile has it; switch it off in the compiler",
    };
    words.to_owned()
}

/// Rules that are broken by a feature, though the parser does not say so.
fn rule(words: &str, profile: &Profile) -> Option<String> {
    let feature = match words {
        "multiple memories" => "multi-memory",
        "multiple tables" => "reference-types",
        _ if words.contains("bulk-memory") || words.starts_with("bulk memory") => "bulk-memory",
        _ if words.starts_with("unexpected end") => {
            return Some(
                "the code is cut off, or has something behind its end: compare its length with that of the compiler's output"
                    .to_owned(),
            );
        }
        _ => return None,
    };
    Some(missing(feature, profile))
}

fn shrink(limit: &str) -> Option<&'static str> {
    Some(match limit {
        "module_bytes" | "functions" => {
            "leave out what is not used: -Oz with -flto, wasm-opt -Oz, no unused libraries"
        }
        "custom_bytes" => {
            "leave out names and debug information: -Wl,--strip-all, rustc -C strip=symbols, or wasm-strip"
        }
        "memory_pages" => {
            "begin with less: -Wl,--initial-memory=BYTES, -z stack-size=BYTES, smaller static arrays"
        }
        "body_bytes" => "split the function, or keep the compiler from inlining into it",
        "locals" | "all_locals" | "operands" => {
            "split the function; with optimisation (-Oz) compilers need fewer locals"
        }
        "block_nesting" | "loop_nesting" => "split the function; inner blocks go into one of their own",
        "br_table_targets" | "br_table_values" => "split the switch, or look values up in data",
        "data_segments" => "LLD merges them unless it is given --no-merge-data-segments; asc --optimize",
        "tables" => "one table of functions; leave the others out",
        "table_elements" => "fewer functions whose address is taken",
        _ => return None,
    })
}

fn kind_of_import(kind: &str) -> &'static str {
    match kind {
        "memory" => {
            "the contract has its own memory and exports it: LLD without --import-memory; asc without --importMemory"
        }
        "table" => "the contract has its own table: LLD without --import-table; asc without --importTable",
        _ => "only functions of the EEI can be imported (docs/eei.md)",
    }
}

/// An import from another module than `ethereum`.
fn foreign(module: &str, name: &str) -> String {
    let bare = name.trim_start_matches("ethereum_").trim_start_matches("eth_");
    if let Some(known) =
        nearest(bare, IMPORTS.iter().filter(|import| !import.is_debug()).map(|import| import.name))
    {
        return format!(
            "name the module and the function: clang __attribute__((import_module(\"ethereum\"), \
             import_name(\"{known}\"))); rustc #[link(wasm_import_module = \"ethereum\")] on the extern block"
        );
    }
    match (module, name) {
        (_, "abort") => "asc --use abort=FUNCTION, a function of yours that reverts, or --noAssert".to_owned(),
        ("env", "memcpy" | "memmove" | "memset" | "memcmp" | "bcmp" | "strlen") => {
            format!("link a {name} (contracts/lib/memory.c has some), or under the profile extended -mbulk-memory")
        }
        ("env", _) => format!("no library has {name:?}: define it or link what does; LLD without --allow-undefined tells earlier"),
        _ if module.starts_with("wasi") => {
            "there is no operating system: build for wasm32-unknown-unknown, not for WASI, without files, time and \
             random numbers"
                .to_owned()
        }
        _ if module.contains("wbindgen") || module == "wbg" => {
            "wasm-bindgen is for JavaScript: leave it out, with all crates that need it".to_owned()
        }
        _ => "functions come from the module `ethereum` alone (docs/eei.md)".to_owned(),
    }
}

/// A name that the EEI does not have.
fn unknown(module: &str, name: &str) -> Option<String> {
    if IMPORTS.iter().any(|known| known.module == module && known.name == name) {
        return Some(
            "--debug allows it here; a VM allows it with the option debug; leave it out to deploy".to_owned(),
        );
    }
    let known = IMPORTS.iter().filter(|known| known.module == module).map(|known| known.name);
    match nearest(name, known) {
        Some(nearest) => Some(format!("did you mean `{nearest}`?")),
        None => Some("docs/eei.md lists all that there are".to_owned()),
    }
}

fn export(name: &str) -> &'static str {
    match name {
        "__heap_base"
        | "__data_end"
        | "__stack_pointer"
        | "__global_base"
        | "__memory_base"
        | "__table_base"
        | "__wasm_call_ctors"
        | "__indirect_function_table"
        | "__dso_handle"
        | "__tls_base"
        | "__tls_size"
        | "__tls_align"
        | "__heap_end"
        | "__stack_low"
        | "__stack_high"
        | "__wasm_first_page_end"
        | "__wasm_init_tls" => {
            "the linker's own: LLD without --export-all, --export-dynamic, --export-table; rustc exports __heap_base \
             and __data_end from a cdylib: build a bin with #![no_main] and -C link-arg=--export=main, or remove them \
             afterwards (wasm-chisel's trimexports)"
        }
        "_start" | "_initialize" => {
            "the entry of WASI programs: build for wasm32-unknown-unknown with -Wl,--no-entry and export main"
        }
        "__new" | "__pin" | "__unpin" | "__collect" | "__rtti_base" => "asc without --exportRuntime",
        GAS_EXPORT | DEPTH_EXPORT => {
            "this is what `hebe meter --mode inline` writes, to look at; deploy the contract itself, or what --mode sentinel writes"
        }
        _ if name.eq_ignore_ascii_case("main") => "the name is `main`, in small letters",
        _ if name.eq_ignore_ascii_case("memory") => "the name is `memory`, in small letters",
        _ => {
            "keep it inside: no export keyword, #[no_mangle] or export_name on it; a contract tells what it is asked \
             for by its call data"
        }
    }
}

#[cfg(test)]
mod tests {
    use hebe_host_ei::{Import, Revision};

    use super::*;

    fn told(violation: &Violation) -> String {
        hint(violation, &Profile::R4).expect("a hint")
    }

    fn names(module: &str, name: &str) -> (String, String) {
        (module.to_owned(), name.to_owned())
    }

    #[test]
    fn mistyped_names() {
        let (module, name) = names("ethereum", "getCalldataSize");
        let text = told(&Violation::ImportName { module, name, hint: "" });
        assert_eq!(text, "did you mean `getCallDataSize`?");
        let (module, name) = names("ethereum", "transferTokens");
        let text = told(&Violation::ImportName { module, name, hint: "" });
        assert_eq!(text, "docs/eei.md lists all that there are");
        let (module, name) = names("debug", "print32");
        assert!(
            told(&Violation::ImportName { module, name, hint: "" }).starts_with("--debug allows it here")
        );
    }

    #[test]
    fn functions_that_come_later() {
        let import = Import::find("ethereum", "getBaseFee").expect("known");
        let since = import.since.expect("it is no part of revision 4");
        let told = |violation| hint(&violation, &Profile::R4).expect("a hint");
        let text = told(Violation::ImportRevision { import, since, revision: Revision::Berlin });
        assert_eq!(text, "--rev London takes it, as a chain does from then on");
        let text = told(Violation::ImportProfile { import, profile: "r4" });
        assert_eq!(text, "--profile extended takes it; a VM does with profile=extended, its default");
    }

    #[test]
    fn other_modules() {
        for (module, name, start) in [
            (
                "env",
                "ethereum_getGasLeft",
                "name the module and the function: clang __attribute__((import_module(\"ethereum\"), import_name(\"getGasLeft\")))",
            ),
            ("env", "useGas", "name the module and the function"),
            ("env", "abort", "asc --use abort="),
            ("env", "memcpy", "link a memcpy (contracts/lib/memory.c has some)"),
            ("env", "sqrt", "no library has \"sqrt\""),
            ("wasi_snapshot_preview1", "fd_write", "there is no operating system"),
            ("__wbindgen_placeholder__", "__wbindgen_describe", "wasm-bindgen is for JavaScript"),
            ("spectest", "print", "functions come from the module `ethereum` alone"),
        ] {
            let text = foreign(module, name);
            assert!(text.starts_with(start), "{module} {name}: {text}");
        }
    }

    #[test]
    fn features_that_the_other_profile_has() {
        let missing = |feature, profile| missing(feature, profile);
        assert!(
            missing("sign-extension", &Profile::R4).starts_with("--profile extended takes it; for r4, build")
        );
        assert!(!missing("floats", &Profile::R4).contains("--profile"));
        assert!(!missing("simd", &Profile::EXTENDED).contains("--profile"));
    }

    #[test]
    fn rules_that_a_feature_breaks() {
        let text = rule("data count section requires the bulk-memory proposal", &Profile::R4);
        assert!(text.is_some_and(|text| text.starts_with("--profile extended takes it")));
        assert_eq!(rule("multiple memories", &Profile::R4).as_deref(), Some("a contract has one memory"));
        assert_eq!(rule("type mismatch: expected i32, found i64", &Profile::R4), None);
    }
}
