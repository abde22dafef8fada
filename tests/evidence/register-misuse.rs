// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: a constant offset
#![allow(dead_code)]
/// As kernel::io::Io has it.
pub struct Io<const SIZE: usize>(*mut u32);
struct Inside<const SIZE: usize, const AT: usize>;
impl<const SIZE: usize, const AT: usize> Inside<SIZE, AT> {
    const CHECK: () = assert!(AT % 4 == 0 && AT + 4 <= SIZE);
}
impl<const SIZE: usize> Io<SIZE> {
    pub fn write<const AT: usize>(&self, v: u32) {
        let () = Inside::<SIZE, AT>::CHECK;
        // SAFETY: it is inside, as was just checked.
        unsafe { self.0.add(AT / 4).write_volatile(v) }
    }
}

#[cfg(misuse)]
pub fn f(bar: &Io<0x1000>) { bar.write::<0x1002>(1); }
#[cfg(not(misuse))]
pub fn f(bar: &Io<0x1000>) { bar.write::<0x14>(1); }
