// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#![allow(dead_code)]
use std::sync::Arc; // kernel::irq::Registration wants data that lives as long, too
pub struct Packet { pub len: i32 }
pub fn peek(p: &Packet) -> i32 { p.len }

#[cfg(misuse)]
pub fn f(p: &Packet) {
    std::thread::spawn(move || peek(p));
}
#[cfg(not(misuse))]
pub fn f(p: &Arc<Packet>) {
    let p = p.clone();
    std::thread::spawn(move || peek(&p));
}
