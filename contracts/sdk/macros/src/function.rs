//! A function of the ABI, read off its signature.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, Ident, Pat, ReceiverKind, ReturnType, Signature, Type};

/// What a function does to the state.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receiver {
    None,
    Shared,
    Mutable,
}

pub(crate) struct Function {
    /// In Rust.
    pub(crate) ident: Ident,
    /// In the ABI.
    pub(crate) name: String,
    pub(crate) receiver: Receiver,
    pub(crate) parameters: Vec<(Ident, Type)>,
    pub(crate) output: Type,
}

impl Function {
    pub(crate) fn new(signature: &Signature) -> syn::Result<Self> {
        let generics = &signature.generics;
        if !generics.params.is_empty() || signature.asyncness.is_some() {
            return Err(syn::Error::new_spanned(
                signature,
                "a function of the ABI has no generics and is not async",
            ));
        }
        let mut receiver = Receiver::None;
        let mut parameters = Vec::new();
        for input in &signature.inputs {
            match input {
                FnArg::Receiver(this) => {
                    receiver = match this.kind {
                        ReceiverKind::Reference(_, _, Some(_)) => Receiver::Mutable,
                        ReceiverKind::Reference(_, _, None) => Receiver::Shared,
                        _ => return Err(syn::Error::new_spanned(this, "take `&self` (view) or `&mut self`")),
                    }
                }
                FnArg::Typed(typed) => {
                    let Pat::Ident(pattern) = &*typed.pat else {
                        return Err(syn::Error::new_spanned(
                            &typed.pat,
                            "a parameter of the ABI needs a name",
                        ));
                    };
                    parameters.push((pattern.ident.clone(), (*typed.ty).clone()));
                }
            }
        }
        if parameters.len() > 8 {
            return Err(syn::Error::new_spanned(&signature.inputs, "at most 8 parameters"));
        }
        let output = match &signature.output {
            ReturnType::Default => syn::parse_quote!(()),
            ReturnType::Type(_, output) => (**output).clone(),
        };
        let ident = signature.ident.clone();
        let name = camel_case(&ident.to_string());
        Ok(Self { ident, name, receiver, parameters, output })
    }

    pub(crate) fn types(&self) -> impl Iterator<Item = &Type> {
        self.parameters.iter().map(|(_, kind)| kind)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &Ident> {
        self.parameters.iter().map(|(name, _)| name)
    }

    /// The selector, a constant expression.
    pub(crate) fn selector(&self) -> TokenStream {
        let signature = signature(&self.name, self.types());
        quote!(#signature.selector())
    }
}

/// The text of a signature, a constant expression.
pub(crate) fn signature<'a>(name: &str, types: impl Iterator<Item = &'a Type>) -> TokenStream {
    let open = format!("{name}(");
    quote! {
        ::hebe_sdk::abi::Text::<512>::new().push(#open)
            #(.comma().append(&<#types as ::hebe_sdk::abi::Abi>::NAME))*
            .push(")")
    }
}

/// `transfer_from` is `transferFrom` in the ABI.
pub(crate) fn camel_case(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let mut out = String::new();
    let mut upper = false;
    for (at, letter) in name.char_indices() {
        if letter == '_' && at > 0 && !out.is_empty() {
            upper = true;
        } else if upper {
            out.extend(letter.to_uppercase());
            upper = false;
        } else {
            out.push(letter);
        }
    }
    out
}

/// A line of the ABI's JSON, in a custom section that no chain ever sees.
pub(crate) fn describe(text: &TokenStream) -> TokenStream {
    quote! {
        #[cfg(target_family = "wasm")]
        const _: () = {
            const TEXT: ::hebe_sdk::abi::Text<4096> = #text;
            #[unsafe(link_section = "hebe.abi")]
            static ABI: [u8; TEXT.length()] = TEXT.array();
        };
    }
}

/// Parameters in the ABI's JSON: a part of a constant expression, behind a text. `extra` comes behind each.
pub(crate) fn describe_parameters<'a>(
    parameters: impl Iterator<Item = (String, &'a Type, String)>,
) -> TokenStream {
    let parameters = parameters.map(|(name, kind, extra)| {
        let before = format!(r#"{{"name":"{}","type":""#, camel_case(&name));
        let after = format!("\"{extra}}}");
        quote!(.comma().push(#before).append(&<#kind as ::hebe_sdk::abi::Abi>::NAME).push(#after))
    });
    quote!(#(#parameters)*)
}
