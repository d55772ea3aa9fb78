//! Calls of other contracts.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ItemTrait, TraitItem};

use crate::function::{Function, Receiver};

pub(crate) fn interface(item: ItemTrait) -> syn::Result<TokenStream> {
    let (name, visibility, attributes) = (&item.ident, &item.vis, &item.attrs);
    let mut functions = Vec::new();
    for member in &item.items {
        let TraitItem::Fn(member) = member else {
            return Err(syn::Error::new_spanned(member, "an interface has functions alone"));
        };
        let function = Function::new(&member.sig)?;
        let (attributes, ident, output) = (&member.attrs, &function.ident, &function.output);
        let (receiver, call) = match function.receiver {
            Receiver::Shared => (quote!(&self), quote!(static_call)),
            Receiver::Mutable => (quote!(&mut self), quote!(call)),
            Receiver::None => {
                return Err(syn::Error::new_spanned(&member.sig, "take `&self` (view) or `&mut self`"));
            }
        };
        let (names, types, selector) = (function.names(), function.types(), function.selector());
        let values = function.names();
        functions.push(quote! {
            #(#attributes)*
            pub fn #ident(#receiver, #(#names: #types),*) -> ::core::result::Result<#output, ::hebe_sdk::abi::Data> {
                const SELECTOR: [u8; 4] = #selector;
                let input = ::hebe_sdk::abi::encode_call(SELECTOR, &(#(#values,)*));
                let output = ::hebe_sdk::call::#call(self.address).send(input)?;
                ::core::result::Result::Ok(::hebe_sdk::abi::decode(output))
            }
        });
    }
    Ok(quote! {
        #(#attributes)*
        #[derive(Clone, Copy, Debug)]
        #visibility struct #name {
            address: ::hebe_sdk::Address,
        }

        #[allow(dead_code)]
        impl #name {
            /// The contract at an address.
            pub fn at(address: ::hebe_sdk::Address) -> Self {
                Self { address }
            }

            #(#functions)*
        }
    })
}
