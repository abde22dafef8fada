// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: the old value is dropped
#![allow(dead_code)]
pub struct Packet { pub len: i32 }
pub fn receive() -> Box<Packet> { Box::new(Packet { len: 1 }) }
pub fn transmit(_p: Box<Packet>) {}
pub fn peek(p: &Packet) -> i32 { p.len }
pub fn poke(p: &mut Packet) { p.len += 1 }

#[cfg(misuse)]
pub fn f() -> i32 {
    let mut p = receive();
    peek(&p);
    p = receive();
    peek(&p)
}
#[cfg(not(misuse))]
pub fn f() -> i32 {
    let p = receive();
    peek(&p)
}
