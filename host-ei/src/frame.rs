//! One execution: its message, its gas, what it has produced so far, and its view of linear memory.

use std::sync::Arc;

use crate::{
    Fault, Gas, GasCounter, GasSchedule, Halt, Host, Message, Outcome, Revision, Sink, StatusCode, TxContext,
    U256,
};

/// What a running contract has besides its linear memory.
pub struct Frame<H> {
    /// The client.
    pub host: H,
    /// What is asked.
    pub message: Message,
    /// The revision of the chain.
    pub revision: Revision,
    /// What host functions cost.
    pub schedule: &'static GasSchedule,
    /// The code as it stands in the state; in a create, the init code.
    pub code: Arc<[u8]>,
    /// Gas left.
    pub gas: GasCounter,
    /// Refund so far, with that of nested calls. May be negative.
    pub refund: Gas,
    /// Output of the last nested call.
    pub return_data: Vec<u8>,
    /// Output of this one, once it has ended.
    pub output: Vec<u8>,
    /// A host function has written to linear memory.
    wrote_memory: bool,
    /// What host functions have cost, in particles.
    host_particles: i64,
    /// Where the `debug` module prints, when debugging is on.
    pub debug: Option<Arc<dyn Sink>>,
    /// Where host calls are traced.
    pub trace: Option<Arc<dyn Sink>>,
    /// The transaction, once it has been asked for.
    tx_context: Option<TxContext>,
}

impl<H: Host> Frame<H> {
    /// The start of an execution.
    pub fn new(
        host: H,
        message: Message,
        revision: Revision,
        schedule: &'static GasSchedule,
        code: Arc<[u8]>,
    ) -> Self {
        Self {
            gas: GasCounter::new(message.gas),
            host,
            message,
            revision,
            schedule,
            code,
            refund: 0,
            return_data: Vec::new(),
            output: Vec::new(),
            wrote_memory: false,
            host_particles: 0,
            debug: None,
            trace: None,
            tx_context: None,
        }
    }

    /// The transaction and the block, asked of the host once.
    pub fn tx_context(&mut self) -> &TxContext {
        self.tx_context.get_or_insert_with(|| self.host.get_tx_context())
    }

    /// The balance of the account that runs, in wei.
    pub fn own_balance(&mut self) -> U256 {
        self.host.get_balance(&self.message.recipient)
    }

    /// Whether a host function has written to linear memory, or could have.
    pub fn wrote_memory(&self) -> bool {
        self.wrote_memory
    }

    /// What host functions have cost so far, in particles. It tells engines how much of the gas was for instructions.
    pub fn host_particles(&self) -> i64 {
        self.host_particles
    }

    /// Notes what a host function has cost.
    pub fn add_host_particles(&mut self, particles: i64) {
        self.host_particles = self.host_particles.saturating_add(particles);
    }

    /// Adds to the refund.
    pub fn add_refund(&mut self, amount: Gas) {
        self.refund = self.refund.saturating_add(amount);
    }

    /// The end of an execution: what the contract's own end, or a failure of the node, comes to.
    ///
    /// A failure other than a revert keeps no gas and no output; only a success keeps its refund.
    pub fn finish(self, end: Result<Halt, Fault>) -> (H, Result<Outcome, Fault>) {
        let outcome = end.map(|halt| match halt.status() {
            StatusCode::Success => Outcome {
                status: StatusCode::Success,
                gas_left: self.gas.left(),
                gas_refund: self.refund,
                output: self.output,
                reason: None,
            },
            StatusCode::Revert => Outcome {
                status: StatusCode::Revert,
                gas_left: self.gas.left(),
                gas_refund: 0,
                output: self.output,
                reason: Some(Arc::new(halt)),
            },
            failure => Outcome::failure(failure, halt),
        });
        (self.host, outcome)
    }
}

/// A running contract as a host function sees it: linear memory and the frame.
pub struct Guest<'a, H> {
    memory: &'a mut [u8],
    /// The execution.
    pub frame: &'a mut Frame<H>,
}

impl<'a, H> Guest<'a, H> {
    /// A contract with this linear memory.
    pub fn new(memory: &'a mut [u8], frame: &'a mut Frame<H>) -> Self {
        Self { memory, frame }
    }

    /// Linear memory, to read.
    pub fn memory(&self) -> &[u8] {
        self.memory
    }

    /// Linear memory, to write, and the frame, which notes that.
    pub fn memory_mut(&mut self) -> (&mut [u8], &mut Frame<H>) {
        self.frame.wrote_memory = true;
        (self.memory, self.frame)
    }
}
