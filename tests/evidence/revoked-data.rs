// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: by the shape of Revocable
#![allow(dead_code)]
use std::sync::{RwLock, RwLockReadGuard}; // kernel::revocable::Revocable has the same shape
pub struct Window { pub status: i32 }
pub struct Revocable(RwLock<Option<Window>>);
impl Revocable {
    pub fn try_access(&self) -> Option<RwLockReadGuard<'_, Option<Window>>> { self.0.read().ok().filter(|g| g.is_some()) }
}

#[cfg(misuse)]
pub fn f(r: &Revocable) -> i32 { r.0.status }
#[cfg(not(misuse))]
pub fn f(r: &Revocable) -> i32 { r.try_access().and_then(|g| g.as_ref().map(|w| w.status)).unwrap_or(-19) }
