// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#![allow(dead_code)]
use std::collections::BTreeMap;
pub struct Packet { pub len: i32 }
pub fn peek(p: &Packet) -> i32 { p.len }

#[cfg(misuse)]
pub fn f(m: &mut BTreeMap<u64, Packet>, to: u64) {
    for (key, _) in m.iter_mut() { *key = to; }
}
#[cfg(not(misuse))]
pub fn f(m: &mut BTreeMap<u64, Packet>, to: u64) {
    if let Some((_, packet)) = m.pop_first() { m.insert(to, packet); }
}
