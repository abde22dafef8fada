// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#![allow(dead_code)]
use std::collections::LinkedList;
pub struct Packet { pub len: i32 }

#[cfg(misuse)]
pub fn f(a: &mut LinkedList<Box<Packet>>, b: &mut LinkedList<Box<Packet>>) {
    let p = Box::new(Packet { len: 1 });
    a.push_back(p);
    b.push_back(p);
}
#[cfg(not(misuse))]
pub fn f(a: &mut LinkedList<Box<Packet>>, b: &mut LinkedList<Box<Packet>>) {
    let p = Box::new(Packet { len: 1 });
    a.push_back(p);
    b.append(a);
}
