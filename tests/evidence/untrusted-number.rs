// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: the index is checked at run time
#![allow(dead_code)]
pub struct Packet { pub len: i32 }
pub fn receive() -> Box<Packet> { Box::new(Packet { len: 1 }) }
pub fn transmit(_p: Box<Packet>) {}
pub fn peek(p: &Packet) -> i32 { p.len }
pub fn poke(p: &mut Packet) { p.len += 1 }

#[cfg(misuse)]
pub fn f(table: &[i32], from_device: u16) -> i32 { table[from_device as usize] }
#[cfg(not(misuse))]
pub fn f(table: &[i32], from_device: u16) -> i32 { *table.get(from_device as usize).unwrap_or(&0) }
