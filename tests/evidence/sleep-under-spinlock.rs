// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#![allow(dead_code)]
use std::sync::Mutex; // kernel::sync::SpinLock has the same guard
pub struct Packet { pub len: i32 }
pub fn peek(p: &Packet) -> i32 { p.len }
pub fn sleep() { std::thread::sleep(std::time::Duration::from_millis(1)); }

#[cfg(misuse)]
pub fn f(d: &Mutex<Packet>) {
    let mut g = d.lock().unwrap();
    sleep();
    g.len = 3;
}
#[cfg(not(misuse))]
pub fn f(d: &Mutex<Packet>) {
    sleep();
    d.lock().unwrap().len = 3;
}
