// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: the bytes of a structure are behind a trait, which says that there is no padding
#![allow(dead_code)]
/// # Safety
/// It has no padding.
pub unsafe trait AsBytes {}
// SAFETY: a number has none.
unsafe impl AsBytes for u32 {}
pub struct Info { pub kind: u8, pub speed: u32 }
pub fn write<T: AsBytes>(_v: &T) {}

#[cfg(misuse)]
pub fn f(i: &Info) { write(i) }
#[cfg(not(misuse))]
pub fn f(i: &Info) { write(&i.speed) }
