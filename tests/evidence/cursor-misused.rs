// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#![allow(dead_code)]
use std::io::{Cursor, Write};

#[cfg(misuse)]
pub fn f(r: &mut Cursor<&[u8]>) { r.write_all(&[1]).unwrap(); }
#[cfg(not(misuse))]
pub fn f(w: &mut Cursor<Vec<u8>>) { w.write_all(&[1]).unwrap(); }
