// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: the other lock may be one of another type; std panics
use std::sync::{Condvar, Mutex};
pub struct Dev { pub state: Mutex<i32>, pub ring: Mutex<bool>, pub room: Condvar }

#[cfg(misuse)]
pub fn f(d: &Dev) {
    let s = d.state.lock().unwrap();
    let _s = d.room.wait(s).unwrap();
}
#[cfg(not(misuse))]
pub fn f(d: &Dev) {
    let mut r = d.ring.lock().unwrap();
    while !*r { r = d.room.wait(r).unwrap(); }
}
