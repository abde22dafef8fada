// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: the removal is unsafe, and its comment was wrong (CVE-2025-68260)
#![allow(dead_code)]
pub struct Packet { pub len: i32 }
pub fn peek(p: &Packet) -> i32 { p.len }
pub struct List { first: *const Packet }
impl List {
    /// As kernel::list::List has it.
    ///
    /// # Safety
    /// The item is in no other list.
    pub unsafe fn remove(&mut self, _item: &Packet) { self.first = std::ptr::null(); }
}

#[cfg(misuse)]
pub fn f(a: &mut List, in_another: &Packet) {
    // SAFETY: it is in this list.
    unsafe { a.remove(in_another) }
}
#[cfg(not(misuse))]
pub fn f(a: &mut List, b: &mut List, in_another: &Packet) {
    let _ = a;
    // SAFETY: it is in this list.
    unsafe { b.remove(in_another) }
}
