// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: as a warning
#![allow(dead_code)]
pub struct Packet { pub len: i32 }
pub fn receive() -> Box<Packet> { Box::new(Packet { len: 1 }) }
pub fn transmit(_p: Box<Packet>) {}
pub fn peek(p: &Packet) -> i32 { p.len }
pub fn poke(p: &mut Packet) { p.len += 1 }
pub fn send(x: i32) -> Result<(), i32> { if x > 0 { Ok(()) } else { Err(x) } }

#[cfg(misuse)]
pub fn f() -> i32 {
    send(3);
    0
}
#[cfg(not(misuse))]
pub fn f() -> i32 {
    send(3).map_or(1, |_| 0)
}
