// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#![allow(dead_code)]
// Wire numbers are plain numbers: std has no type for them, nor has the kernel crate.

#[cfg(misuse)]
pub fn f(wire: u16) -> u16 { wire.wrapping_add(1) }
#[cfg(not(misuse))]
pub fn f(wire: u16) -> u16 { u16::from_le(wire).wrapping_add(1) }
