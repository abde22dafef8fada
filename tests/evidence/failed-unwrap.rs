// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: it panics at run time
#![allow(dead_code)]
pub struct Packet { pub len: i32 }
pub fn peek(p: &Packet) -> i32 { p.len }
pub fn find(id: i32) -> Result<Packet, i32> { Err(id) }

#[cfg(misuse)]
pub fn f() -> i32 { peek(&find(3).unwrap()) }
#[cfg(not(misuse))]
pub fn f() -> Result<i32, i32> { Ok(peek(&find(3)?)) }
