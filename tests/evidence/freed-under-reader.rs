// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: by the shape of what is replaced
#![allow(dead_code)]
use std::sync::atomic::{AtomicPtr, Ordering};
pub struct Config { pub limit: i32 }
pub struct Place(AtomicPtr<Config>);
pub struct Retired(*mut Config); // its drop waits for the readers
impl Place {
    pub fn replace(&self, next: Box<Config>) -> Retired { Retired(self.0.swap(Box::into_raw(next), Ordering::AcqRel)) }
}

#[cfg(misuse)]
pub fn f(p: &Place, next: Box<Config>) { let old: Box<Config> = p.replace(next); drop(old); }
#[cfg(not(misuse))]
pub fn f(p: &Place, next: Box<Config>) { let _old = p.replace(next); }
