//! Storage, events and errors.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Field, Fields, Ident, ItemEnum, ItemStruct, Type};

use crate::function::{describe, describe_parameters, signature};

fn named(item: &ItemStruct) -> syn::Result<Vec<(&Ident, &Type)>> {
    match &item.fields {
        Fields::Named(fields) => {
            Ok(fields.named.iter().filter_map(|field| Some((field.ident.as_ref()?, &field.ty))).collect())
        }
        Fields::Unit => Ok(Vec::new()),
        Fields::Unnamed(fields) => Err(syn::Error::new_spanned(fields, "give the fields names")),
    }
}

pub(crate) fn storage(item: ItemStruct) -> syn::Result<TokenStream> {
    let fields = named(&item)?;
    let name = &item.ident;
    let places: Vec<_> = (0..fields.len()).map(|index| format_ident!("FIELD{index}")).collect();
    let mut end = quote!(::hebe_sdk::storage::Place::START);
    let mut constants = Vec::new();
    for ((_, kind), place) in fields.iter().zip(&places) {
        let bytes = quote!(<#kind as ::hebe_sdk::storage::Storage>::BYTES);
        constants.push(quote!(const #place: ::hebe_sdk::storage::Place = #end.fit(#bytes);));
        end = quote!(#place.after(#bytes));
    }
    let names = fields.iter().map(|(field, _)| field);
    Ok(quote! {
        #item

        impl #name {
            /// The storage of the account that runs.
            #[inline(always)]
            pub fn at_storage() -> Self {
                #(#constants)*
                Self { #(#names: ::hebe_sdk::storage::Storage::at(const { &#places.slot() }, const { #places.offset() }),)* }
            }
        }
    })
}

/// Takes the mark `#[indexed]` off a field.
fn take_indexed(field: &mut Field) -> bool {
    let before = field.attrs.len();
    field.attrs.retain(|attribute| !attribute.path().is_ident("indexed"));
    field.attrs.len() < before
}

pub(crate) fn event(mut item: ItemStruct) -> syn::Result<TokenStream> {
    let indexed: Vec<bool> = item.fields.iter_mut().map(take_indexed).collect();
    if indexed.iter().filter(|indexed| **indexed).count() > 3 {
        return Err(syn::Error::new_spanned(&item.ident, "at most three fields can be indexed"));
    }
    let fields = named(&item)?;
    let name = &item.ident;
    let types: Vec<_> = fields.iter().map(|(_, kind)| *kind).collect();
    let signature = signature(&name.to_string(), types.iter().copied());
    let topics = fields.iter().zip(&indexed).filter(|(_, indexed)| **indexed).map(|((field, _), _)| field);
    let data = fields.iter().zip(&indexed).filter(|(_, indexed)| !**indexed);
    let values = data.map(|((field, _), _)| field);
    let open = format!(r#"{{"type":"event","name":"{name}","anonymous":false,"inputs":["#);
    let parameters = describe_parameters(
        fields
            .iter()
            .zip(&indexed)
            .map(|((field, kind), indexed)| (field.to_string(), *kind, format!(r#","indexed":{indexed}"#))),
    );
    let line = describe(&quote!(::hebe_sdk::abi::Text::new().push(#open)#parameters.push("]}\n")));
    Ok(quote! {
        #[derive(Clone, Debug, PartialEq, Eq)]
        #item

        impl ::hebe_sdk::events::Event for #name {
            const TOPIC: [u8; 32] = #signature.hash();

            fn emit(&self) {
                ::hebe_sdk::events::log(
                    &Self::TOPIC,
                    &(#(::hebe_sdk::abi::By(&self.#topics),)*),
                    &(#(::hebe_sdk::abi::By(&self.#values),)*),
                );
            }
        }

        #line
    })
}

pub(crate) fn errors(item: ItemEnum) -> syn::Result<TokenStream> {
    let name = &item.ident;
    let mut arms = Vec::new();
    let mut lines = Vec::new();
    for variant in &item.variants {
        let ident = &variant.ident;
        let types: Vec<_> = variant.fields.iter().map(|field| &field.ty).collect();
        let places: Vec<_> = (0..types.len()).map(|index| format_ident!("field{index}")).collect();
        let members = variant.fields.members();
        let signature = signature(&ident.to_string(), types.iter().copied());
        arms.push(quote! {
            Self::#ident { #(#members: #places),* } => {
                const SELECTOR: [u8; 4] = #signature.selector();
                ::hebe_sdk::abi::encode_call(SELECTOR, &(#(::hebe_sdk::abi::By(#places),)*))
            }
        });
        let open = format!(r#"{{"type":"error","name":"{ident}","inputs":["#);
        let parameters = describe_parameters(variant.fields.iter().map(|field| {
            let field_name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            (field_name, &field.ty, String::new())
        }));
        lines.push(describe(&quote!(::hebe_sdk::abi::Text::new().push(#open)#parameters.push("]}\n"))));
    }
    Ok(quote! {
        #[derive(Clone, Debug, PartialEq, Eq)]
        #item

        impl ::hebe_sdk::revert::Revert for #name {
            #[allow(unused_variables)]
            fn data(&self) -> ::hebe_sdk::abi::Data {
                match self { #(#arms)* }
            }
        }

        #(#lines)*
    })
}
