// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#![allow(dead_code)]
use std::collections::LinkedList;
pub struct Packet { pub len: i32 }
pub fn peek(p: &Packet) -> i32 { p.len }
pub struct Timer { pub at: u64 }

#[cfg(misuse)]
pub fn f(l: &mut LinkedList<Packet>) { l.push_back(Timer { at: 1 }); }
#[cfg(not(misuse))]
pub fn f(l: &mut LinkedList<Packet>) { l.push_back(Packet { len: 1 }); }
