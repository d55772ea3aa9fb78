//! Every host function in an engine's linker, written once.
//!
//! `for_each_eei!(link)` in an engine makes a function `link` there. It takes from the engine: `Linker`, `Caller` (which is
//! [`Running`](super::guest::Running)), `Data`, `Error`, and `stopped`, which makes an error of a stop; and the types of `hebe_host_ei::abi`.

macro_rules! link {
    ($( $module:ident $name:ident = $function:ident($($arg:ident: $ty:tt),*) -> $result:tt, $since:tt, $gas:tt, $about:literal; )*) => {
        /// Links every host function.
        fn link<H: Host>(mut linker: Linker<Data<H>>) -> Linker<Data<H>> {
            $(
                let linked = linker.func_wrap(
                    stringify!($module),
                    stringify!($name),
                    |mut caller: Caller<'_, Data<H>>, $($arg: $ty),*| -> Result<$result, Error> {
                        let end = called(&mut caller, |guest| {
                            traced(guest, stringify!($name), &[$(i64::from($arg)),*], |g| {
                                functions::$function(g, $($arg),*).map_err(Stop::from)
                            })
                        });
                        end.map_err(stopped)
                    },
                );
                linked.expect("every name is listed once");
                let linked = linker.func_wrap(
                    &format!("{WITH_GAS}{}", stringify!($module)),
                    stringify!($name),
                    |mut caller: Caller<'_, Data<H>>, $($arg: $ty,)* gas: i64| -> Result<<$result as WithGas>::Results, Error> {
                        let end = called_with_gas(&mut caller, gas, |guest| {
                            traced(guest, stringify!($name), &[$(i64::from($arg)),*], |g| {
                                functions::$function(g, $($arg),*).map_err(Stop::from)
                            })
                        });
                        end.map_err(stopped)
                    },
                );
                linked.expect("every name is listed once");
            )*
            linker
        }
    };
}
