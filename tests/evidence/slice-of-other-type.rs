// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#![allow(dead_code)]
pub fn fill(p: &mut [u8]) { p[0] = 1; }

#[cfg(misuse)]
pub fn f(a: &mut [u32; 4]) { fill(a); }
#[cfg(not(misuse))]
pub fn f(a: &mut [u8; 16]) { fill(a); }
