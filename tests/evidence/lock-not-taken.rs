// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
use std::sync::Mutex;

#[cfg(misuse)]
pub fn f(m: &Mutex<i32>) { let mut busy = 0; let Ok(mut g) = m.try_lock() else { busy += 1; }; *g += busy; }
#[cfg(not(misuse))]
pub fn f(m: &Mutex<i32>) { let Ok(mut g) = m.try_lock() else { return; }; *g += 1; }
