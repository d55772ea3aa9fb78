//! Dispatch.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, ImplItem, ItemImpl, Type, Visibility};

use crate::function::{Function, Receiver, describe, describe_parameters};

/// Takes a mark off.
fn take(attributes: &mut Vec<Attribute>, mark: &str) -> bool {
    let before = attributes.len();
    attributes.retain(|attribute| !attribute.path().is_ident(mark));
    attributes.len() < before
}

struct Entry {
    function: Function,
    payable: bool,
}

impl Entry {
    /// The call, with arguments that are read from `arguments`, of the contract in `contract`.
    fn run(&self, this: &Type) -> TokenStream {
        let ident = &self.function.ident;
        let receiver = match self.function.receiver {
            Receiver::None => quote!(),
            Receiver::Shared => quote!(&contract,),
            Receiver::Mutable => quote!(&mut contract,),
        };
        let arguments = self
            .function
            .types()
            .map(|kind| quote!(<#kind as ::hebe_sdk::abi::Decode>::decode(&mut arguments)));
        quote!(<#this>::#ident(#receiver #(#arguments),*))
    }

    fn refuse_value(&self) -> TokenStream {
        if self.payable { quote!() } else { quote!(::hebe_sdk::message::refuse_value();) }
    }

    fn mutability(&self) -> &'static str {
        match self.function.receiver {
            _ if self.payable => "payable",
            Receiver::None => "pure",
            Receiver::Shared => "view",
            Receiver::Mutable => "nonpayable",
        }
    }

    fn inputs(&self) -> TokenStream {
        let parameters = self.function.parameters.iter();
        describe_parameters(parameters.map(|(name, kind)| (name.to_string(), kind, String::new())))
    }

    /// The line of a function, or of what has no name.
    fn describe(&self, kind: &str) -> TokenStream {
        let (inputs, output) = (self.inputs(), &self.function.output);
        let end = format!("\"stateMutability\":\"{}\"}}\n", self.mutability());
        let text = match kind {
            "function" => {
                let open = format!(r#"{{"type":"function","name":"{}","inputs":["#, self.function.name);
                quote! {
                    ::hebe_sdk::abi::Text::new().push(#open)#inputs.push("],\"outputs\":[")
                        .append(&<#output as ::hebe_sdk::abi::Outputs>::OUTPUTS).push("],").push(#end)
                }
            }
            "constructor" => {
                quote!(::hebe_sdk::abi::Text::new().push(r#"{"type":"constructor","inputs":["#)#inputs.push("],").push(#end))
            }
            kind => {
                let line = format!(r#"{{"type":"{kind}",{end}"#);
                quote!(::hebe_sdk::abi::Text::new().push(#line))
            }
        };
        describe(&text)
    }
}

pub(crate) fn contract(mut item: ItemImpl) -> syn::Result<TokenStream> {
    let mut functions = Vec::new();
    let (mut constructor, mut receive, mut fallback) = (None, None, None);
    for member in &mut item.items {
        let ImplItem::Fn(member) = member else { continue };
        let attributes = &mut member.attrs;
        let payable = take(attributes, "payable");
        let place = if take(attributes, "constructor") {
            // It is often called `new`, and gets its contract.
            attributes.push(syn::parse_quote!(#[allow(clippy::new_ret_no_self)]));
            Some(&mut constructor)
        } else if take(attributes, "receive") {
            Some(&mut receive)
        } else if take(attributes, "fallback") {
            Some(&mut fallback)
        } else {
            None
        };
        if place.is_none() && !matches!(member.vis, Visibility::Public(_)) {
            continue;
        }
        let entry = Entry { function: Function::new(&member.sig)?, payable };
        match place {
            Some(Some(_)) => return Err(syn::Error::new_spanned(&member.sig, "there is one already")),
            Some(place) => *place = Some(entry),
            None => functions.push(entry),
        }
    }
    for entry in receive.iter().chain(&fallback) {
        if !entry.function.parameters.is_empty() {
            let ident = &entry.function.ident;
            return Err(syn::Error::new_spanned(
                ident,
                "no parameters: `message::input()` has the call data",
            ));
        }
    }
    let this = (*item.self_ty).clone();
    let dispatch = dispatch(&this, &functions, receive.as_ref(), fallback.as_ref());
    let create = create(&this, constructor.as_ref());
    let lines = functions.iter().map(|entry| entry.describe("function"));
    let others = [("constructor", &constructor), ("receive", &receive), ("fallback", &fallback)];
    let others = others.into_iter().filter_map(|(kind, entry)| Some(entry.as_ref()?.describe(kind)));
    Ok(quote! {
        #item
        #dispatch
        #create
        #(#lines)*
        #(#others)*
    })
}

/// What runs when the contract is called.
fn dispatch(
    this: &Type,
    functions: &[Entry],
    receive: Option<&Entry>,
    fallback: Option<&Entry>,
) -> TokenStream {
    let end = |entry: Option<&Entry>| match entry {
        Some(entry) => {
            let (refuse, run) = (entry.refuse_value(), entry.run(this));
            quote!({ #refuse ::hebe_sdk::abi::Answer::answer(#run) })
        }
        None => quote!(::hebe_sdk::revert::refuse()),
    };
    let otherwise = end(fallback);
    let empty = end(receive.or(fallback));
    // One check for all if nothing takes ether.
    let all = functions.iter().chain(receive).chain(fallback).all(|entry| !entry.payable);
    let once = if all { quote!(::hebe_sdk::message::refuse_value();) } else { quote!() };
    let selectors: Vec<_> = (0..functions.len()).map(|index| format_ident!("SELECTOR{index}")).collect();
    let values = functions.iter().map(|entry| entry.function.selector());
    let distinct = functions.iter().zip(&selectors).enumerate().flat_map(|(at, (one, selector))| {
        functions.iter().zip(&selectors).skip(at + 1).map(move |(other, other_selector)| {
            let (one, other) = (&one.function.ident, &other.function.ident);
            let message = format!("`{one}` and `{other}` have the same selector: give one another name");
            quote!(
                const _: () = assert!(#selector != #other_selector, #message);
            )
        })
    });
    let arms = functions.iter().zip(&selectors).map(|(entry, selector)| {
        let refuse = if all { quote!() } else { entry.refuse_value() };
        let run = entry.run(this);
        quote!(#selector => { #refuse ::hebe_sdk::abi::Answer::answer(#run) })
    });
    quote! {
        impl #this {
            /// A call: finds the function by its selector, decodes, runs, and ends with the result.
            #[allow(unused_mut, unused_variables)]
            pub fn main() {
                #(const #selectors: u32 = u32::from_be_bytes(#values);)*
                #(#distinct)*
                #once
                let mut contract = <#this>::at_storage();
                let input = ::hebe_sdk::message::input();
                if input.is_empty() {
                    #empty
                }
                let Some((selector, arguments)) = input.split_first_chunk::<4>() else { #otherwise };
                let mut arguments = ::hebe_sdk::abi::Decoder::new(arguments);
                #[allow(unreachable_patterns)]
                match u32::from_be_bytes(*selector) {
                    #(#arms)*
                    _ => #otherwise,
                }
            }
        }

        #[cfg(all(target_family = "wasm", not(hebe_init)))]
        const _: () = {
            #[unsafe(export_name = "main")]
            extern "C" fn main() {
                <#this>::main();
            }
        };
    }
}

/// What runs when the contract is created.
fn create(this: &Type, constructor: Option<&Entry>) -> TokenStream {
    let refuse =
        constructor.map_or_else(|| quote!(::hebe_sdk::message::refuse_value();), Entry::refuse_value);
    let run = constructor.map(|entry| {
        let run = entry.run(this);
        quote! {
            let mut contract = <#this>::at_storage();
            let mut arguments = ::hebe_sdk::abi::Decoder::new(arguments);
            ::hebe_sdk::init::constructed(#run);
        }
    });
    quote! {
        #[cfg(all(target_family = "wasm", hebe_init))]
        const _: () = {
            #[unsafe(export_name = "main")]
            #[allow(unused_mut, unused_variables)]
            extern "C" fn main() {
                #refuse
                let (code, arguments) = ::hebe_sdk::init::parts();
                #run
                ::hebe_sdk::init::deploy(code)
            }
        };
    }
}
