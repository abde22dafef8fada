// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: what the device writes is behind a raw pointer
#![allow(dead_code)]
#![allow(clippy::not_unsafe_ptr_arg_deref)]

#[cfg(misuse)]
pub fn f(queue: *const u16, table: &[i32; 4]) -> i32 { table[*queue as usize & 3] }
#[cfg(not(misuse))]
pub fn f(queue: *const u16, table: &[i32; 4]) -> i32 {
    // SAFETY: the caller allocated it.
    let id = unsafe { queue.read_volatile() };
    table[id as usize & 3]
}
