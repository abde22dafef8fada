// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#![allow(dead_code)]
use std::collections::LinkedList;
pub struct Packet { pub len: i32 }
pub fn peek(p: &Packet) -> i32 { p.len }

#[cfg(misuse)]
pub fn f(l: &mut LinkedList<Box<Packet>>) {
    let p = Box::new(Packet { len: 1 });
    l.push_back(p);
    drop(p);
}
#[cfg(not(misuse))]
pub fn f(l: &mut LinkedList<Box<Packet>>) {
    let p = Box::new(Packet { len: 1 });
    l.push_back(p);
    drop(l.pop_back());
}
