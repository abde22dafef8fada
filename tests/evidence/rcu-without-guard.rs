// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: by the shape of a guard
#![allow(dead_code)]
use std::sync::atomic::{AtomicPtr, Ordering};
pub struct Guard(()); // kernel::sync::rcu::Guard
pub struct Config { pub limit: i32 }
pub struct Place(AtomicPtr<Config>);
impl Place {
    pub fn read<'a>(&'a self, _g: &'a Guard) -> &'a Config { unsafe { &*self.0.load(Ordering::Acquire) } }
}

#[cfg(misuse)]
pub fn f(p: &Place) -> i32 { p.read().limit }
#[cfg(not(misuse))]
pub fn f(p: &Place, g: &Guard) -> i32 { p.read(g).limit }
