// SPDX-License-Identifier: GPL-2.0-only OR MIT
//! The kernels that have a meaning in Rust, as Rust is written: `rust_x` beside the C of kernels/.
//!
//! Memory comes from the same allocator as that of the C sides.

use std::alloc::{GlobalAlloc, Layout};
use std::arch::asm;
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::sync::{Arc, Mutex, RwLock};

const EINVAL: i64 = 22;
const ENODATA: i64 = 61;
const ENOMEM: i64 = 12;
const ENOSPC: i64 = 28;
const EOVERFLOW: i64 = 75;
const EPROTO: i64 = 71;
const ERANGE: i64 = 34;
const EMSGSIZE: i64 = 90;

/// std::hint::black_box(), which Debian 12's rustc (1.63) lacks.
fn opaque<T>(v: T) -> T {
    // SAFETY: the asm has no instructions.
    unsafe { asm!("/* {0} */", in(reg) &v, options(nostack, preserves_flags)) };
    v
}

/// `struct bench_in` of bench.h, without the fields after `arena`, which are not used here.
#[repr(C)]
pub struct In {
    n: usize,
    words: *const u32,
    more: *const u32,
    at: *const u16,
    index: *const u16,
    out: *mut u32,
    tlvs: *const u8,
    tlvs_len: usize,
    entries: *const u8,
    entries_len: usize,
    packets: *const u8,
    packets_len: usize,
    arena: *mut c_void,
}

// SAFETY, for all of these: bench.h gives the lengths, and nothing else uses the memory during the call.
impl In {
    fn words(&self) -> &[u32] {
        unsafe { std::slice::from_raw_parts(self.words, self.n) }
    }
    fn more(&self) -> &[u32] {
        unsafe { std::slice::from_raw_parts(self.more, self.n) }
    }
    fn at(&self) -> &[u16] {
        unsafe { std::slice::from_raw_parts(self.at, self.n) }
    }
    fn index(&self) -> &[u16] {
        unsafe { std::slice::from_raw_parts(self.index, self.n) }
    }
    #[allow(clippy::mut_from_ref)]
    fn out(&self) -> &mut [u32] {
        unsafe { std::slice::from_raw_parts_mut(self.out, self.n) }
    }
    fn tlvs(&self) -> &[u8] {
        unsafe { std::slice::from_raw_parts(self.tlvs, self.tlvs_len) }
    }
    fn entries(&self) -> &[u8] {
        unsafe { std::slice::from_raw_parts(self.entries, self.entries_len) }
    }
    fn packets(&self) -> &[u8] {
        unsafe { std::slice::from_raw_parts(self.packets, self.packets_len) }
    }
}

struct Allocator;

extern "C" {
    fn hf_user_alloc(size: usize, gfp: u32) -> *mut u8;
    fn hf_user_realloc(p: *mut u8, size: usize, gfp: u32) -> *mut u8;
    fn hf_user_free(p: *mut u8);
}

unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        hf_user_alloc(layout.size(), 0)
    }
    unsafe fn dealloc(&self, p: *mut u8, _layout: Layout) {
        hf_user_free(p)
    }
    unsafe fn realloc(&self, p: *mut u8, _layout: Layout, size: usize) -> *mut u8 {
        hf_user_realloc(p, size, 0)
    }
}

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

/// The result of a kernel: a number, or a negative errno.
fn given(r: Result<i64, i64>) -> i64 {
    r.unwrap_or_else(|e| -e)
}

macro_rules! kernel {
    ($name:ident, $in:ident, $body:block) => {
        #[no_mangle]
        pub extern "C" fn $name($in: &In) -> i64 {
            given((|| $body)())
        }
    };
}

// --- slices ---------------------------------------------------------------------------------------

kernel!(rust_slice_get, i, {
    let s = i.words();
    let mut sum = 0;
    for &at in i.at() {
        sum += *s.get(at as usize).ok_or(ERANGE)? as i64;
    }
    Ok(sum)
});

kernel!(rust_slice_at, i, {
    let s = i.words();
    Ok(i.at().iter().map(|&at| s[at as usize] as i64).sum())
});

kernel!(rust_slice_sub, i, {
    let s = i.words();
    let mut sum = 0;
    for &at in i.at() {
        let from = at as usize;
        let part = s.get(from..from + 4).ok_or(ERANGE)?;
        sum += (part[0] ^ part[1] ^ part[2] ^ part[3]) as i64;
    }
    Ok(sum)
});

kernel!(rust_slice_for_each, i, {
    Ok(i.words().iter().fold(0u32, |sum, v| sum.wrapping_add(*v)) as i64)
});

kernel!(rust_slice_for_each_store, i, {
    let s = i.out();
    for v in s.iter_mut() {
        *v = v.wrapping_mul(3).wrapping_add(1);
    }
    Ok(s.get(s.len() / 2).copied().unwrap_or(0) as i64)
});

kernel!(rust_slice_zip, i, {
    Ok(i.words().iter().zip(i.more()).fold(0u32, |sum, (p, q)| sum.wrapping_add(p ^ q)) as i64)
});

kernel!(rust_slice_rows, i, {
    let mut mixed = 0u32;
    for row in i.words().chunks_exact(32) {
        let sum = row[..30].iter().fold(0u32, |sum, v| sum.wrapping_add(*v));
        mixed = mixed.wrapping_mul(31).wrapping_add(sum);
    }
    Ok(mixed as i64)
});

kernel!(rust_slice_copy, i, {
    let (from, to) = (i.words(), i.out());
    let mut sum = 0;
    for k in 0..from.len().min(16) {
        let len = from.len() - k;
        to[..len].copy_from_slice(&from[k..]);
        sum += to[len / 2] as i64;
    }
    Ok(sum)
});

kernel!(rust_slice_stencil, i, {
    let (s, to) = (i.words(), i.out());
    if s.len() < 3 {
        return Err(ERANGE);
    }
    for (q, w) in to[1..].iter_mut().zip(s.windows(3)) {
        *q = w[0].wrapping_add(w[1].wrapping_mul(2)).wrapping_add(w[2]);
    }
    Ok(to[s.len() / 2] as i64)
});

kernel!(rust_slice_histogram, i, {
    let mut counts = [0u32; 256];
    for v in i.words() {
        counts[*v as u8 as usize] += 1;
    }
    Ok(counts.iter().fold(0u32, |m, c| m.wrapping_mul(31).wrapping_add(*c)) as i64)
});

kernel!(rust_gather, i, {
    let s = i.words();
    let mut sum = 0;
    for at in i.index() {
        sum += *s.get(u16::from_le(*at) as usize).ok_or(ERANGE)? as i64;
    }
    Ok(sum)
});

// --- cursors --------------------------------------------------------------------------------------

/// Splits off the first n bytes, or fails where `split_at` would panic.
fn take<'a>(r: &mut &'a [u8], n: usize) -> Result<&'a [u8], i64> {
    if n > r.len() {
        return Err(ENODATA);
    }
    let (head, tail) = r.split_at(n);
    *r = tail;
    Ok(head)
}

fn le16(b: &[u8]) -> u16 {
    u16::from_le_bytes([b[0], b[1]])
}

fn le32(b: &[u8]) -> u32 {
    u32::from_le_bytes([b[0], b[1], b[2], b[3]])
}

fn be16(b: &[u8]) -> u16 {
    u16::from_be_bytes([b[0], b[1]])
}

fn be32(b: &[u8]) -> u32 {
    u32::from_be_bytes([b[0], b[1], b[2], b[3]])
}

fn mix(mixed: u32, v: u32) -> u32 {
    mixed.wrapping_mul(31).wrapping_add(v)
}

kernel!(rust_cursor_tlv, i, {
    let mut r = i.tlvs();
    let mut mixed = 0u32;
    while !r.is_empty() {
        let head = take(&mut r, 2)?;
        let mut body = take(&mut r, head[1] as usize)?;
        mixed = mix(mixed, head[0] as u32).wrapping_add(le16(take(&mut body, 2)?) as u32);
    }
    Ok(mixed as i64)
});

kernel!(rust_cursor_nvme, i, {
    let mut mixed = 0u32;
    let mut entries = i.entries().chunks_exact(16);
    for e in &mut entries {
        mixed = mix(mixed, le32(e));
        mixed = mix(mixed, le16(&e[8..]) as u32);
        mixed = mix(mixed, le16(&e[10..]) as u32);
        mixed = mix(mixed, le16(&e[12..]) as u32);
        mixed = mix(mixed, le16(&e[14..]) as u32);
    }
    if entries.remainder().is_empty() { Ok(mixed as i64) } else { Err(ENODATA) }
});

kernel!(rust_cursor_ipv4_tcp, i, {
    let mut r = i.packets();
    let mut mixed = 0u32;
    while !r.is_empty() {
        let ip = r.get(..20).ok_or(ENODATA)?;
        let header = (ip[0] & 0xf) as usize * 4;
        let total = be16(&ip[2..]) as usize;
        if ip[0] >> 4 != 4 || header < 20 || ip[9] != 6 {
            return Err(EPROTO);
        }
        if total < header + 20 {
            return Err(ENODATA);
        }
        let segment = &take(&mut r, total)?[header..];
        let tcp = &segment[..20];
        let offset = (tcp[12] >> 4) as usize * 4;
        if offset < 20 || offset > segment.len() {
            return Err(EPROTO);
        }
        mixed = mix(mixed, be32(&ip[12..]));
        mixed = mix(mixed, be32(&ip[16..]));
        mixed = mix(mixed, be16(tcp) as u32);
        mixed = mix(mixed, be16(&tcp[2..]) as u32);
        mixed = mix(mixed, be32(&tcp[4..]));
        mixed = mix(mixed, tcp[13] as u32);
    }
    Ok(mixed as i64)
});

// --- rings and vectors ------------------------------------------------------------------------------

/// The ring contains its slots, as in C.
struct Wrap<'a> {
    slots: &'a mut [u32],
    head: usize,
    tail: usize,
    used: usize,
}

impl Wrap<'_> {
    fn push(&mut self, v: u32) -> Result<(), i64> {
        if self.used == self.slots.len() {
            return Err(ENOSPC);
        }
        self.slots[self.head] = v;
        self.head += 1;
        if self.head == self.slots.len() {
            self.head = 0;
        }
        self.used += 1;
        Ok(())
    }
    fn pop(&mut self) -> Result<u32, i64> {
        if self.used == 0 {
            return Err(ENODATA);
        }
        let v = self.slots[self.tail];
        self.tail += 1;
        if self.tail == self.slots.len() {
            self.tail = 0;
        }
        self.used -= 1;
        Ok(v)
    }
}

kernel!(rust_ring_wrap, i, {
    let place = i.arena as *mut Wrap;
    // SAFETY: the arena is large enough, aligned and zeroed, and nothing else uses it during the call.
    let r = unsafe {
        std::ptr::addr_of_mut!((*place).slots).write(i.out());
        &mut *place
    };
    let mut sum = 0;
    for v in i.words() {
        r.push(*v)?;
        sum += r.pop()? as i64;
    }
    Ok(sum)
});

kernel!(rust_vec_push_growing, i, {
    let mut v = Vec::new();
    for w in i.words() {
        v.try_reserve(1).map_err(|_| ENOMEM)?;
        v.push(*w);
    }
    Ok(v.last().copied().unwrap_or(0) as i64)
});

// --- owners -----------------------------------------------------------------------------------------

struct Packet {
    len: u32,
    id: u32,
    _data: [u8; 56],
}

impl Packet {
    fn new() -> Box<Packet> {
        Box::new(Packet { len: 0, id: 0, _data: [0; 56] })
    }
}

kernel!(rust_own_create_drop, i, {
    let mut sum = 0;
    for w in i.words().iter().take(64) {
        let mut p = opaque(Packet::new());
        p.len = *w;
        sum += (p.len + p.id) as i64;
    }
    Ok(sum)
});

#[inline(never)]
fn move_on(mut p: Box<Packet>, len: u32) -> Option<Box<Packet>> {
    if len & 0x80000000 != 0 {
        return None;
    }
    p.len = p.len.wrapping_add(len);
    Some(p)
}

kernel!(rust_own_move, i, {
    let mut p = Packet::new();
    for w in i.words() {
        p = move_on(p, *w).ok_or(EMSGSIZE)?;
    }
    Ok(p.len as i64)
});

kernel!(rust_own_take_put, i, {
    let mut slots: [Option<Box<Packet>>; 16] = Default::default();
    let mut from = 0;
    slots[0] = Some(Packet::new());
    for w in i.words() {
        let to = (*w % 16) as usize;
        let mut p = slots[from].take().ok_or(EINVAL)?;
        p.len += to as u32;
        slots[to] = Some(p);
        from = to;
    }
    Ok(slots[from].as_ref().ok_or(EINVAL)?.len as i64)
});

#[inline(never)]
fn use_arc(n: Arc<u32>, v: u32) -> u32 {
    *n ^ v
}

kernel!(rust_arc_clone_put, i, {
    let n = Arc::new(7u32);
    Ok(i.words().iter().take(256).map(|w| use_arc(n.clone(), *w) as i64).sum())
});

// --- owners in a pointer of C -------------------------------------------------------------------------

#[repr(C)]
struct OpenFile {
    _flags: u32,
    private_data: *const c_void,
}

struct Session {
    key: u32,
}

fn open_file() -> OpenFile {
    OpenFile { _flags: 0, private_data: std::ptr::null() }
}

#[inline(never)]
fn open(f: &mut OpenFile, s: &Arc<Session>) {
    f.private_data = Arc::into_raw(s.clone()) as *const c_void;
}

// SAFETY, for both: open() stored an Arc of a Session, and only release() takes it.
#[inline(never)]
fn read(f: &OpenFile, v: u32) -> u32 {
    let s = ManuallyDrop::new(unsafe { Arc::from_raw(f.private_data as *const Session) });
    s.key ^ v
}

#[inline(never)]
fn release(f: &mut OpenFile, v: u32) -> u32 {
    let s = unsafe { Arc::from_raw(f.private_data as *const Session) };
    s.key ^ v
}

kernel!(rust_foreign_borrow, i, {
    let mut f = opaque(open_file());
    open(&mut f, &Arc::new(Session { key: 7 }));
    let sum = i.words().iter().take(256).map(|w| read(&f, *w) as i64).sum();
    release(&mut f, 0);
    Ok(sum)
});

kernel!(rust_foreign_store_take, i, {
    let mut f = opaque(open_file());
    let s = Arc::new(Session { key: 7 });
    let mut sum = 0;
    for w in i.words().iter().take(256) {
        open(&mut f, &s);
        sum += release(&mut f, *w) as i64;
    }
    Ok(sum)
});

// --- objects of two kinds behind one interface --------------------------------------------------------

trait Shape {
    fn area(&self, scale: u32) -> u32;
}

struct Circle {
    radius: u32,
}

struct Square {
    side: u32,
}

impl Shape for Circle {
    #[inline(never)]
    fn area(&self, scale: u32) -> u32 {
        3u32.wrapping_mul(self.radius).wrapping_mul(self.radius).wrapping_mul(scale)
    }
}

impl Shape for Square {
    #[inline(never)]
    fn area(&self, scale: u32) -> u32 {
        self.side.wrapping_mul(self.side).wrapping_mul(scale)
    }
}

#[inline(never)]
fn new_shape(v: u32) -> Box<dyn Shape> {
    if v & 1 != 0 { Box::new(Circle { radius: v }) } else { Box::new(Square { side: v }) }
}

#[inline(never)]
fn area_of(s: &dyn Shape, v: u32) -> u32 {
    s.area(v)
}

kernel!(rust_dyn_call, i, {
    let (c, q) = (opaque(new_shape(3)), opaque(new_shape(4)));
    Ok(i.words().iter().take(256).map(|w| area_of(if w & 1 != 0 { &*c } else { &*q }, *w) as i64).sum())
});

#[inline(never)]
fn end_shape(s: Box<dyn Shape>, v: u32) -> u32 {
    s.area(v)
}

kernel!(rust_dyn_drop, i, {
    Ok(i.words().iter().take(64).map(|w| end_shape(new_shape(*w), *w) as i64).sum())
});

// --- results ----------------------------------------------------------------------------------------

#[inline(never)]
fn result_at1(x: u32) -> Result<u32, i32> {
    if x >= 0xfffffff0 { Err(ERANGE as i32) } else { Ok(x ^ 0x55) }
}

macro_rules! deeper {
    ($($name:ident $below:ident),*) => {
        $(#[inline(never)]
        fn $name(x: u32) -> Result<u32, i32> {
            Ok($below(x)?.wrapping_add(1))
        })*
    };
}

deeper!(result_at2 result_at1, result_at3 result_at2, result_at4 result_at3, result_at5 result_at4,
        result_at6 result_at5, result_at7 result_at6, result_at8 result_at7);

fn results(i: &In, f: fn(u32) -> Result<u32, i32>) -> Result<i64, i64> {
    let mut sum = 0;
    for w in i.words().iter().take(256) {
        sum += f(*w).map_err(|e| e as i64)? as i64;
    }
    Ok(sum)
}

kernel!(rust_result_1, i, { results(i, result_at1) });
kernel!(rust_result_2, i, { results(i, result_at2) });
kernel!(rust_result_3, i, { results(i, result_at3) });
kernel!(rust_result_4, i, { results(i, result_at4) });
kernel!(rust_result_5, i, { results(i, result_at5) });
kernel!(rust_result_6, i, { results(i, result_at6) });
kernel!(rust_result_7, i, { results(i, result_at7) });
kernel!(rust_result_8, i, { results(i, result_at8) });

// --- locks ------------------------------------------------------------------------------------------

kernel!(rust_lock_mutex, i, {
    let l = opaque(Mutex::new(1u32));
    Ok(i.words().iter().take(256).map(|w| (w ^ *l.lock().unwrap()) as i64).sum())
});

kernel!(rust_lock_read, i, {
    let l = opaque(RwLock::new(1u32));
    Ok(i.words().iter().take(256).map(|w| (w ^ *l.read().unwrap()) as i64).sum())
});

// --- numbers ----------------------------------------------------------------------------------------

kernel!(rust_num_add, i, {
    let mut sum = 0u32;
    for w in i.words() {
        sum = sum.checked_add(*w).ok_or(EOVERFLOW)?;
    }
    Ok(sum as i64)
});

kernel!(rust_num_mul, i, {
    let mut sum = 0;
    for w in i.words() {
        sum += w.checked_mul(24).and_then(|v| v.checked_add(16)).ok_or(EOVERFLOW)? as i64;
    }
    Ok(sum)
});

kernel!(rust_num_narrow, i, {
    let mut sum = 0;
    for w in i.words() {
        sum += u16::try_from(w >> 4).map_err(|_| ERANGE)? as i64;
    }
    Ok(sum)
});
