// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
use std::sync::Mutex;

#[cfg(misuse)]
pub fn f(m: &Mutex<i32>) { let mut busy = 0; let mut g = match m.try_lock() { Ok(g) => g, Err(_) => { busy += 1; } }; *g += busy; }
#[cfg(not(misuse))]
pub fn f(m: &Mutex<i32>) { let mut g = match m.try_lock() { Ok(g) => g, Err(_) => return }; *g += 1; }
