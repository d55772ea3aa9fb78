//! How the shared library is linked.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // A compiler's handlers of signals, once set, are the process's: code that they lead to must stay when a client closes the library.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
