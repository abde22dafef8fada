// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#![allow(dead_code)]

#[cfg(misuse)]
pub fn f(a: *const u8) -> usize { a.len() }
#[cfg(not(misuse))]
pub fn f(a: &[u8]) -> usize { a.len() }
