//! Instructions that open or leave a block or a function. All others are checked without a second look.

use wasmparser::{BlockType, FrameKind, FuncValidator, ModuleArity, WasmModuleResources};

use super::module::Shape;
use crate::binary::opcode;

/// Such an instruction, before it is validated: its immediates may be anything, and then it is refused right after.
pub(super) struct Control<'a> {
    pub(super) opcode: u8,
    immediates: &'a [u8],
}

impl<'a> Control<'a> {
    /// The instruction at the start of the code, if it is one of control.
    pub(super) fn at(code: &'a [u8]) -> Option<Self> {
        match code {
            [
                opcode @ (opcode::BLOCK..=opcode::ELSE | opcode::END..=opcode::CALL_INDIRECT),
                immediates @ ..,
            ] => Some(Self { opcode: *opcode, immediates }),
            _ => None,
        }
    }

    /// The first index behind the opcode.
    pub(super) fn immediate(&self) -> Option<u32> {
        read_u32(&mut { self.immediates })
    }

    /// How many values it moves, over all its targets.
    pub(super) fn values_moved<T: WasmModuleResources>(
        &self,
        validator: &FuncValidator<T>,
        shape: &Shape<'_>,
    ) -> u64 {
        let blocks = validator.control_stack_height();
        if blocks == 0 {
            // After the end of the body.
            return 0;
        }
        let block = |depth: u32| (depth < blocks).then(|| validator.label_block(depth)).flatten();
        let types = |depth: u32| match block(depth)?.0 {
            BlockType::Empty => Some((0, 0)),
            BlockType::Type(_) => Some((0, 1)),
            BlockType::FuncType(ty) => shape.type_arity(ty),
        };
        let label = |depth: u32| {
            let (params, results) = types(depth)?;
            Some(if block(depth)?.1 == FrameKind::Loop { params } else { results })
        };
        let values = match self.opcode {
            opcode::ELSE => types(0).map(more),
            opcode::END => types(0).map(|(_, results)| results),
            opcode::RETURN => label(blocks - 1),
            opcode::BR => self.immediate().and_then(label),
            // The condition, and what goes on if it is false.
            opcode::BR_IF => self.immediate().and_then(label).map(|values| values + 1),
            opcode::BR_TABLE => return self.values_of_table(label).unwrap_or_default(),
            opcode::CALL => self.immediate().and_then(|function| shape.function_arity(function)).map(more),
            opcode::CALL_INDIRECT => {
                let arity = self.immediate().and_then(|ty| shape.type_arity(ty));
                arity.map(|(params, results)| more((params + 1, results)))
            }
            _ => None,
        };
        values.unwrap_or_default().into()
    }

    /// All targets of a `br_table` take the same number of values, and each the index.
    fn values_of_table(&self, label: impl Fn(u32) -> Option<u32>) -> Option<u64> {
        let mut rest = self.immediates;
        let listed = read_u32(&mut rest)?;
        let first = read_u32(&mut rest)?;
        Some((u64::from(listed) + 1) * (u64::from(label(first)?) + 1))
    }
}

/// What is moved by what takes and gives values.
fn more((takes, gives): (u32, u32)) -> u32 {
    takes.max(gives)
}

/// A LEB128 of at most five bytes.
fn read_u32(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0;
    for shift in [0, 7, 14, 21, 28] {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}
