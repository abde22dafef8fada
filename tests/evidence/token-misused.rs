// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#![allow(dead_code)]
pub struct Tag(i32);
pub fn start() -> Tag { Tag(1) }
pub fn settle(_tag: Tag) {}

#[cfg(misuse)]
pub fn f() -> i32 { start() + 1 }
#[cfg(not(misuse))]
pub fn f() { settle(start()); }
