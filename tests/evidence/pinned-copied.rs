// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#![allow(dead_code)]
pub struct Packet { pub len: i32 }
pub fn receive() -> Box<Packet> { Box::new(Packet { len: 1 }) }
pub fn transmit(_p: Box<Packet>) {}
pub fn peek(p: &Packet) -> i32 { p.len }
pub fn poke(p: &mut Packet) { p.len += 1 }
pub struct Dev(i32, std::marker::PhantomPinned);

#[cfg(misuse)]
pub fn f(mut p: std::pin::Pin<Box<Dev>>) { *p.as_mut().get_mut() = Dev(2, std::marker::PhantomPinned); }
#[cfg(not(misuse))]
pub fn f(p: std::pin::Pin<Box<Dev>>) -> i32 { p.0 }
