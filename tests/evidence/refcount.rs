// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: it aborts at run time
#![allow(dead_code)]
use std::sync::Arc;
pub struct Packet { pub len: i32 }
pub fn peek(p: &Packet) -> i32 { p.len }

#[cfg(misuse)]
pub fn f(p: &Arc<Packet>) { loop { std::mem::forget(p.clone()); } }
#[cfg(not(misuse))]
pub fn f(p: &Arc<Packet>) { drop(p.clone()); }
