//! The types of arguments in [`for_each_eei!`](crate::for_each_eei): what a pointer points to. To wasm each is an `i32`.

/// A pointer to 20 bytes that are read.
pub type AddressIn = i32;
/// A pointer to where 20 bytes are written.
pub type AddressOut = i32;
/// A pointer to 32 bytes that are read.
pub type Bytes32In = i32;
/// A pointer to where 32 bytes are written.
pub type Bytes32Out = i32;
/// A pointer to a little-endian u128 that is read.
pub type U128In = i32;
/// A pointer to where a little-endian u128 is written.
pub type U128Out = i32;
/// A pointer to a little-endian u256 that is read.
pub type U256In = i32;
/// A pointer to where a little-endian u256 is written.
pub type U256Out = i32;
/// A pointer to bytes that are read, so many as another argument says.
pub type BytesIn = i32;
/// A pointer to where bytes are written, so many as another argument says.
pub type BytesOut = i32;
