// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: it deadlocks
use std::sync::RwLock; // kernel::revocable::Revocable waits for its guards as well

#[cfg(misuse)]
pub fn f(r: &RwLock<Option<i32>>) -> i32 { let g = r.read().unwrap(); *r.write().unwrap() = None; g.unwrap_or(-19) }
#[cfg(not(misuse))]
pub fn f(r: &RwLock<Option<i32>>) -> i32 { let v = r.read().unwrap().unwrap_or(-19); *r.write().unwrap() = None; v }
