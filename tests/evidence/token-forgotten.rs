// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: a value may be dropped
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
pub fn f(bad: bool) -> i32 { let t = begin(); if bad { return -1; } complete(t); 0 }
#[cfg(not(misuse))]
pub fn f(_bad: bool) -> i32 { let t = begin(); complete(t); 0 }
