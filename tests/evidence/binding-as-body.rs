// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
use std::sync::Mutex;

/// What is no Rust at all is not read before the macro is expanded.
#[allow(unused_macros)]
macro_rules! unread { ($($t:tt)*) => { $($t)* } }
#[cfg(misuse)]
unread! { pub fn count(lock: &Mutex<u32>, shared: bool) { if shared let g = lock.lock(); } }
#[cfg(not(misuse))]
pub fn count(lock: &Mutex<u32>, shared: bool) { if shared { *lock.lock().unwrap() += 1; } }
