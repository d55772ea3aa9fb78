//! An instance of a contract, written once for every engine.
//!
//! `instance!()` in an engine makes the types there. It takes from the engine: `Store`, `Memory`, `Global`, `TypedFunc`, `Val`, `Caller`,
//! `Error`, `Bounds`, and `classify`, which knows an error as the contract's own end or as the engine's fault.

macro_rules! instance {
    ($engine:ident) => {
        /// A contract that is set up to run.
        struct Instance<H: Host> {
            store: Store<Data<H>>,
            memory: Memory,
            depth: Option<Global>,
            run: Run,
            /// If it is to be kept.
            place: Option<Place>,
        }

        /// The entry function of a module that counts gas, and of one that does not.
        enum Run {
            Counted(TypedFunc<i64, i64>),
            Plain(TypedFunc<(), ()>),
        }

        /// What a store holds.
        struct Data<H> {
            /// There while the contract runs.
            frame: Option<Box<Frame<H>>>,
            memory: Option<Memory>,
            /// The global of gas, where the module counts it.
            gas: Option<Global>,
            /// Particles in a unit of it.
            unit: i64,
            bounds: Bounds,
        }

        impl<H: Host> Data<H> {
            fn new(unit: i64, memory_bytes: usize) -> Self {
                let bounds = Bounds { memory_bytes, failed: false };
                Self { frame: None, memory: None, gas: None, unit, bounds }
            }
        }

        impl<H: Host> Instance<H> {
            /// What is needed of an instance in its store. It is kept if it gets a place for its memory.
            fn new(
                mut store: Store<Data<H>>,
                instance: $engine::Instance,
                place: impl FnOnce(&[u8]) -> Option<Place>,
            ) -> Result<Self, Error> {
                let gas = instance.get_global(&mut store, GAS_EXPORT);
                let depth = instance.get_global(&mut store, DEPTH_EXPORT);
                let run = match gas {
                    Some(_) => Run::Counted(instance.get_typed_func(&mut store, RUN_EXPORT)?),
                    None => Run::Plain(instance.get_typed_func(&mut store, RUN_EXPORT)?),
                };
                let memory = instance.get_memory(&mut store, "memory").ok_or_else(no_memory)?;
                (store.data_mut().memory, store.data_mut().gas) = (Some(memory), gas);
                let place = place(memory.data(&store));
                Ok(Self { store, memory, depth, run, place })
            }

            /// Runs `main` with a frame and hands it back.
            fn run(&mut self, frame: Box<Frame<H>>) -> (Box<Frame<H>>, Result<Halt, Fault>) {
                let Self { store, depth, run, .. } = self;
                let unit = store.data().unit;
                let given = units(&frame, unit);
                store.data_mut().frame = Some(frame);
                // The frame stays in the store, which outlives the unwinding: the host survives a panic.
                let end = caught(|| {
                    Ok(match run {
                        Run::Counted(run) => run.call(&mut *store, given).map(Some),
                        Run::Plain(run) => run.call(&mut *store, ()).map(|()| None),
                    })
                });
                let end = end.and_then(|end| match end {
                    Ok(left) => Ok(returned(store.data_mut().frame.as_mut(), left, unit)),
                    Err(error) => classify(error),
                });
                let end = end.map(|halt| match halt {
                    Halt::Unreachable | Halt::Trap(_) | Halt::GasExhausted => {
                        let gas = store.data().gas;
                        let mut read =
                            |global: Option<Global>| global.and_then(|global| global.get(&mut *store).i64());
                        let counters = Counters { units: read(gas), depth: read(*depth) };
                        let frame = store.data_mut().frame.as_mut();
                        frame.map_or(halt, |frame| settle(frame, unit, halt, counters))
                    }
                    _ => halt,
                });
                let end = if store.data().bounds.failed { Err(Fault::OutOfMemory) } else { end };
                let Some(frame) = store.data_mut().frame.take() else {
                    unreachable!("a frame stays where it was put")
                };
                (frame, end)
            }

            /// Makes it as new after a run. False if it cannot be used again; `writes` says whether anybody wrote to memory.
            fn restore(&mut self, writes: bool) -> bool {
                let memory = self.memory.data_mut(&mut self.store);
                self.place.as_ref().is_some_and(|place| place.restore(memory, writes))
            }
        }

        impl<H: Host> Running<H> for Caller<'_, Data<H>> {
            fn units(&mut self) -> Option<i64> {
                let gas = self.data().gas?;
                gas.get(self).i64()
            }

            fn set_units(&mut self, units: i64) {
                if let Some(gas) = self.data().gas {
                    // The global is a mutable i64: it takes every i64.
                    let _ = gas.set(self, Val::I64(units));
                }
            }

            fn unit(&self) -> i64 {
                self.data().unit
            }

            fn guest(&mut self) -> Option<Guest<'_, H>> {
                let memory = self.data().memory?;
                let (memory, data) = memory.data_and_store_mut(self);
                Some(Guest::new(memory, data.frame.as_mut()?))
            }
        }
    };
}
