// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
use std::sync::Mutex;

#[cfg(misuse)]
pub fn count(lock: &Mutex<u32>, shared: bool) { if shared let g = lock.lock(); }
#[cfg(not(misuse))]
pub fn count(lock: &Mutex<u32>, shared: bool) { if shared { *lock.lock().unwrap() += 1; } }
