// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: operands are evaluated in order, and dropped
#![allow(dead_code)]
pub struct Packet { pub len: i32 }
pub fn next_tag() -> Result<i32, i32> { Ok(1) }
pub fn submit(_p: Box<Packet>, _tag: i32) -> Result<(), i32> { Ok(()) }

#[cfg(misuse)]
pub fn f(p: Box<Packet>) -> Result<(), i32> {
    submit(p, next_tag()?)
}
#[cfg(not(misuse))]
pub fn f(p: Box<Packet>) -> Result<(), i32> {
    let tag = next_tag()?;
    submit(p, tag)
}
