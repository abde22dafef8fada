// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#![allow(dead_code)]
pub struct Packet { pub len: i32 }
pub fn peek(p: &Packet) -> i32 { p.len }
pub struct Queue { pub slot: Option<Box<Packet>> }

#[cfg(misuse)]
pub fn f(q: &Queue) -> i32 { peek(&q.slot) }
#[cfg(not(misuse))]
pub fn f(q: &Queue) -> i32 { q.slot.as_ref().map_or(0, |p| peek(p)) }
