// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: every member is dropped
#![allow(dead_code)]
pub struct Packet { pub len: i32 }
pub struct Xfer { pub packet: Box<Packet>, pub len: i32 }

#[cfg(misuse)]
pub fn xfer_free(_x: Box<Xfer>) {}
#[cfg(not(misuse))]
pub fn xfer_free(x: Box<Xfer>) {
    drop(x.packet);
}
