// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: there is no goto
#![allow(dead_code)]
fn start() -> i32 { 0 }

/// What is no Rust at all is not read before the macro is expanded.
#[allow(unused_macros)]
macro_rules! unread { ($($t:tt)*) => { $($t)* } }
#[cfg(misuse)]
unread! { pub fn probe() -> i32 { let err = start(); if err != 0 { goto out; } let p = Box::new(1); out: err + *p } }
#[cfg(not(misuse))]
pub fn probe() -> i32 { let err = start(); if err != 0 { return err; } let p = Box::new(1); err + *p }
