// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#![allow(dead_code)]
pub struct Packet { pub len: i32 }
pub fn receive() -> Box<Packet> { Box::new(Packet { len: 1 }) }
pub fn transmit(_p: Box<Packet>) {}
pub fn peek(p: &Packet) -> i32 { p.len }
pub fn poke(p: &mut Packet) { p.len += 1 }

#[cfg(misuse)]
pub fn f(o: &std::sync::Mutex<i32>, i: &std::sync::Mutex<i32>) -> i32 { let a = i.lock().unwrap(); let b = o.lock().unwrap(); *a + *b }
#[cfg(not(misuse))]
pub fn f(o: &std::sync::Mutex<i32>, i: &std::sync::Mutex<i32>) -> i32 { let b = o.lock().unwrap(); let a = i.lock().unwrap(); *a + *b }
