// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#![allow(dead_code)]
pub struct Packet { pub len: i32 }
pub fn receive() -> Box<Packet> { Box::new(Packet { len: 1 }) }
pub fn transmit(_p: Box<Packet>) {}
pub fn peek(p: &Packet) -> i32 { p.len }
pub fn poke(p: &mut Packet) { p.len += 1 }
pub struct Tag(i32);
pub fn begin() -> Tag { Tag(1) }
pub fn complete(_t: Tag) {}

#[cfg(misuse)]
pub fn f() { let t = begin(); complete(t); complete(t); }
#[cfg(not(misuse))]
pub fn f() { let t = begin(); complete(t); }
