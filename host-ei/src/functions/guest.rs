//! What every host function does first: charge, check, read and write.

use std::ops::Range;

use crate::{AccessStatus, Address, Bytes32, Fault, Gas, Guest, Halt, Host, Stop, U256};

impl<H: Host> Guest<'_, H> {
    /// Takes gas.
    pub(crate) fn charge(&mut self, charge: Gas) -> Result<(), Halt> {
        let left = self.frame.gas.left();
        if self.frame.gas.spend(charge) { Ok(()) } else { Err(Halt::OutOfGas { charge, left }) }
    }

    /// Takes the gas of a copy: once and for each word.
    pub(crate) fn charge_copy(&mut self, once: Gas, length: i32) -> Result<(), Halt> {
        self.charge(once + words(length) * self.frame.schedule.copy_word)
    }

    /// Touches an account (EIP-2929) and takes `cold` if the transaction has not before. At 0 the client is not asked.
    pub(crate) fn touch_account(&mut self, address: &Address, cold: Gas) -> Result<(), Halt> {
        if cold != 0 && self.frame.host.access_account(address) == AccessStatus::Cold {
            self.charge(cold)?;
        }
        Ok(())
    }

    /// Touches a slot of the account that runs, as [`Self::touch_account`] does an account.
    pub(crate) fn touch_slot(&mut self, key: &Bytes32, cold: Gas) -> Result<(), Halt> {
        let frame = &mut *self.frame;
        if cold != 0 && frame.host.access_storage(&frame.message.recipient, key) == AccessStatus::Cold {
            self.charge(cold)?;
        }
        Ok(())
    }

    /// Refuses to go on in a static call.
    pub(crate) fn forbid_static(&self) -> Result<(), Halt> {
        if self.frame.message.is_static { Err(Halt::StaticModeViolation) } else { Ok(()) }
    }

    /// `length` bytes of linear memory.
    pub(crate) fn bytes(&self, offset: i32, length: i32) -> Result<&[u8], Halt> {
        let memory = self.memory();
        Ok(&memory[memory_range(memory.len(), offset, length)?])
    }

    /// A copy of `length` bytes of linear memory. A node without the memory for it has failed.
    pub(crate) fn copy(&self, offset: i32, length: i32) -> Result<Vec<u8>, Stop> {
        let bytes = self.bytes(offset, length)?;
        let mut copy = Vec::new();
        copy.try_reserve_exact(bytes.len()).map_err(|_| Fault::OutOfMemory)?;
        copy.extend_from_slice(bytes);
        Ok(copy)
    }

    /// `length` bytes of linear memory, to write to, and the host that may fill them.
    pub(crate) fn bytes_mut(&mut self, offset: i32, length: i32) -> Result<(&mut [u8], &mut H), Halt> {
        let range = memory_range(self.memory().len(), offset, length)?;
        let (memory, frame) = self.memory_mut();
        Ok((&mut memory[range], &mut frame.host))
    }

    fn array<const N: usize>(&self, offset: i32) -> Result<[u8; N], Halt> {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(offset, N as i32)?);
        Ok(array)
    }

    /// The 20 bytes of an address.
    pub(crate) fn address(&self, offset: i32) -> Result<Address, Halt> {
        self.array(offset).map(Address)
    }

    /// 32 bytes as they are.
    pub(crate) fn bytes32(&self, offset: i32) -> Result<Bytes32, Halt> {
        self.array(offset).map(Bytes32)
    }

    /// A little-endian u256.
    pub(crate) fn u256(&self, offset: i32) -> Result<U256, Halt> {
        self.array::<32>(offset).map(|bytes| U256::from_little_endian(&bytes))
    }

    /// A little-endian u128.
    pub(crate) fn u128(&self, offset: i32) -> Result<u128, Halt> {
        self.array(offset).map(u128::from_le_bytes)
    }

    /// Writes bytes.
    pub(crate) fn write(&mut self, offset: i32, bytes: &[u8]) -> Result<(), Halt> {
        self.bytes_mut(offset, bytes.len() as i32)?.0.copy_from_slice(bytes);
        Ok(())
    }

    /// Writes a number as a little-endian u256.
    pub(crate) fn write_u256(&mut self, offset: i32, value: U256) -> Result<(), Halt> {
        self.write(offset, &value.to_little_endian())
    }

    /// Writes a number as a little-endian u128. One that does not fit is out of range.
    pub(crate) fn write_u128(&mut self, offset: i32, value: U256) -> Result<(), Halt> {
        self.write(offset, &to_u128(value)?.to_le_bytes())
    }
}

/// 32-byte words, begun ones too, in so many bytes: at most 2^27.
pub(crate) fn words(length: i32) -> Gas {
    Gas::from((length as u32).div_ceil(32))
}

/// A number that the EEI passes as a u128.
pub(crate) fn to_u128(value: U256) -> Result<u128, Halt> {
    u128::try_from(value).map_err(|_| Halt::ValueTooWide)
}

/// The part of linear memory that a host function is pointed at.
pub(crate) fn memory_range(size: usize, offset: i32, length: i32) -> Result<Range<usize>, Halt> {
    range(size, offset, length).map_err(|(offset, length, size)| Halt::MemoryOutOfBounds {
        offset,
        length,
        size,
    })
}

/// The part of a source that a copy asks for. Copies never pad: what is not there cannot be read.
pub(crate) fn source_range(size: usize, offset: i32, length: i32) -> Result<Range<usize>, Halt> {
    range(size, offset, length).map_err(|(offset, length, size)| Halt::SourceOutOfBounds {
        offset,
        length,
        size,
    })
}

/// The range, or what was asked for as unsigned numbers if it is not within `size`.
fn range(size: usize, offset: i32, length: i32) -> Result<Range<usize>, (u32, u32, u64)> {
    let (offset, length, size) = (offset as u32, length as u32, size as u64);
    let end = u64::from(offset) + u64::from(length);
    if end > size { Err((offset, length, size)) } else { Ok(offset as usize..end as usize) }
}
