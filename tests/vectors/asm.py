"""EVM code from names and numbers."""

_NAMES = {
    0x00: "STOP ADD MUL SUB DIV SDIV MOD SMOD ADDMOD MULMOD EXP SIGNEXTEND",
    0x10: "LT GT SLT SGT EQ ISZERO AND OR XOR NOT BYTE SHL SHR SAR CLZ",
    0x20: "SHA3",
    0x30: "ADDRESS BALANCE ORIGIN CALLER CALLVALUE CALLDATALOAD CALLDATASIZE CALLDATACOPY CODESIZE CODECOPY GASPRICE"
    " EXTCODESIZE EXTCODECOPY RETURNDATASIZE RETURNDATACOPY EXTCODEHASH",
    0x40: "BLOCKHASH COINBASE TIMESTAMP NUMBER PREVRANDAO GASLIMIT CHAINID SELFBALANCE BASEFEE BLOBHASH BLOBBASEFEE",
    0x50: "POP MLOAD MSTORE MSTORE8 SLOAD SSTORE JUMP JUMPI PC MSIZE GAS JUMPDEST TLOAD TSTORE MCOPY PUSH0",
    0x80: " ".join(f"DUP{n}" for n in range(1, 17)),
    0x90: " ".join(f"SWAP{n}" for n in range(1, 17)),
    0xA0: " ".join(f"LOG{n}" for n in range(5)),
    0xF0: "CREATE CALL CALLCODE RETURN DELEGATECALL CREATE2",
    0xFA: "STATICCALL",
    0xFD: "REVERT INVALID SELFDESTRUCT",
}
OPCODES = {name: first + n for first, names in _NAMES.items() for n, name in enumerate(names.split())}


def push(number):
    body = number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")
    return bytes([0x5F + len(body)]) + body


def asm(*parts):
    """Names are instructions, numbers are pushed, bytes are taken as they are."""
    code = b""
    for part in parts:
        if isinstance(part, str):
            code += bytes(OPCODES[name] for name in part.split())
        else:
            code += push(part) if isinstance(part, int) else part
    return code


def word(number):
    return (number % (1 << 256)).to_bytes(32, "big")


def store(key, *value):
    """Storage of a value."""
    return asm(*value, key, "SSTORE")


def memory(data, at=0):
    """Memory with these bytes."""
    words = [data[n : n + 32].ljust(32, b"\0") for n in range(0, len(data), 32)]
    return b"".join(
        asm(b"\x7f" + chunk, at + 32 * n, "MSTORE") for n, chunk in enumerate(words)
    )


def returns(data):
    """Init code that deploys these bytes."""
    return memory(data) + asm(len(data), 0, "RETURN")


def call(kind, to, gas=("GAS",), value=0, input=(0, 0), output=(0, 0)):
    """A call; what is left on the stack is whether it was a success."""
    to = (to,) if isinstance(to, int) else to
    gas = (gas,) if isinstance(gas, int) else gas
    value = (value,) if kind in ("CALL", "CALLCODE") else ()
    return asm(output[1], output[0], input[1], input[0], *value, *to, *gas, kind)
