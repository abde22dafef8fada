// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#![allow(dead_code)]
use std::sync::{Condvar, Mutex};
pub struct Queue { pub ready: Mutex<bool>, pub changed: Condvar }

#[cfg(misuse)]
pub fn f(q: &Queue) {
    let mut g = q.ready.lock().unwrap();
    if !*g { g = q.changed.wait(g).unwrap(); }
    *g = false;
}
#[cfg(not(misuse))]
pub fn f(q: &Queue) {
    let mut g = q.ready.lock().unwrap();
    while !*g { g = q.changed.wait(g).unwrap(); }
    *g = false;
}
