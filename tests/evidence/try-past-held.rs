// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: the guard unlocks; what raw bindings lock stays locked
#![allow(dead_code)]
pub struct Lock;
impl Lock {
    pub fn lock(&self) {}
    pub fn unlock(&self) {}
}
pub fn read_mtu() -> Result<u32, i32> { Ok(1) }

#[cfg(misuse)]
pub fn f(lock: &Lock, mtu: &mut u32) -> Result<(), i32> {
    lock.lock();
    *mtu = read_mtu()?;
    lock.unlock();
    Ok(())
}
#[cfg(not(misuse))]
pub fn f(lock: &Lock, mtu: &mut u32) -> Result<(), i32> {
    lock.lock();
    let got = read_mtu();
    lock.unlock();
    *mtu = got?;
    Ok(())
}
