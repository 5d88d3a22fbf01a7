//! What is left in this process's memory.
//!
//! Linux shows a process its own memory as a file, so that it can be searched without a word of
//! unsafe code. What is searched for is kept and compared in disguise, else it would find itself.

use std::fs::{File, read_to_string};
use std::hint::black_box;
use std::io::{Read, Seek, SeekFrom};

const MASK: u8 = 0x55;

/// What every token of the simulator holds. Not its beginning: an allocator writes over the first
/// bytes of what is freed.
pub(crate) const TOKEN: &str = "eyJzY29wZSI6WyJyZWFkIiwid3JpdGUiXSwiZXhw";

pub(crate) fn disguised(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| byte ^ MASK).collect()
}

/// How many copies of what is disguised here are in this process's writable memory.
pub(crate) fn copies(needle: &[u8]) -> usize {
    let maps = read_to_string("/proc/self/maps").expect("a map");
    let mut memory = File::open("/proc/self/mem").expect("the memory");
    let mut buffer = vec![0; 256 * 1024];
    let here = buffer.as_ptr() as u64;
    let here = here..here + buffer.len() as u64;
    let mut found = 0;
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (range, _) = line.split_once(' ').expect("a range");
        let (start, end) = range.split_once('-').expect("two ends");
        let number = |text| u64::from_str_radix(text, 16).expect("a number");
        let (mut at, end) = (number(start), number(end));
        while at + needle.len() as u64 <= end {
            let count = buffer.len().min(usize::try_from(end - at).expect("a size"));
            memory.seek(SeekFrom::Start(at)).expect("a place");
            // A thread that has ended meanwhile took its stack with it.
            if memory.read_exact(&mut buffer[..count]).is_ok() {
                let places = places(&buffer[..count], needle);
                // What this read itself has copied does not count.
                found += places
                    .filter(|place| !here.contains(&(at + *place as u64)))
                    .count();
            }
            black_box(&mut buffer).fill(0);
            // What lies across the border is found in the next part.
            at += (count - needle.len()) as u64 + 1;
        }
    }
    black_box(&buffer);
    found
}

fn places(bytes: &[u8], needle: &[u8]) -> impl Iterator<Item = usize> {
    let first = needle[0] ^ MASK;
    let candidates = bytes
        .iter()
        .enumerate()
        .filter(move |(_, byte)| **byte == first);
    candidates.map(|(at, _)| at).filter(move |at| {
        let here = &bytes[*at..];
        here.len() >= needle.len()
            && here
                .iter()
                .zip(needle)
                .all(|(byte, other)| byte ^ MASK == *other)
    })
}

/// What is disguised, as a variable of the environment can hold it.
pub(crate) fn shown(disguised: &[u8]) -> String {
    disguised.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What [`shown`] was given.
pub(crate) fn hidden(shown: &str) -> Vec<u8> {
    (0..shown.len() / 2)
        .map(|at| u8::from_str_radix(&shown[2 * at..2 * at + 2], 16).expect("a byte"))
        .collect()
}
