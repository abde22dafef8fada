// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#![allow(dead_code)]
pub struct Packet { pub len: i32 }
pub fn receive() -> Box<Packet> { Box::new(Packet { len: 1 }) }
pub fn transmit(_p: Box<Packet>) {}
pub fn peek(p: &Packet) -> i32 { p.len }
pub fn poke(p: &mut Packet) { p.len += 1 }

#[cfg(misuse)]
pub fn f<'a>(d: &'a std::sync::Mutex<Packet>) -> &'a Packet { let g = d.lock().unwrap(); &g }
#[cfg(not(misuse))]
pub fn f(d: &std::sync::Mutex<Packet>) -> i32 { let g = d.lock().unwrap(); g.len }
