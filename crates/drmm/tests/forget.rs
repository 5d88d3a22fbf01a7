//! The last disconnect really forgets: no copy of secret and token is left in memory, but for what
//! `secret.rs` says that nobody can reach.
//!
//! Linux shows a process its own memory as a file, so that it can be searched without a word of
//! unsafe code. What is searched for is kept and compared in disguise, else it would find itself.

#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, reason = "a test fails this way")]

mod support;

use std::fs::{File, read_to_string};
use std::hint::black_box;
use std::io::{Read, Seek, SeekFrom};

use drmm::{Options, Secret, Session};
use support::alone::{alone, is_alone};
use support::{get, login, small_server, until};

const MASK: u8 = 0x55;

/// What every token of the simulator holds. Not its beginning: an allocator writes over the first
/// bytes of what is freed.
const TOKEN: &str = "eyJzY29wZSI6WyJyZWFkIiwid3JpdGUiXSwiZXhw";

fn disguised(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| byte ^ MASK).collect()
}

/// How many copies of what is disguised here are in this process's writable memory.
fn copies(needle: &[u8]) -> usize {
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

const URL: &str = "DRMM_TEST_URL";
const SECRET: &str = "DRMM_TEST_SECRET";

#[test]
fn nothing_is_left_in_memory_after_the_last_disconnect() {
    const NAME: &str = "nothing_is_left_in_memory_after_the_last_disconnect";
    if is_alone(NAME) {
        return connect_and_forget();
    }
    let server = small_server();
    let secret: String = (0..48).map(|_| fastrand::alphanumeric()).collect();
    server.set_key("key", &secret);
    let disguise = disguised(secret.as_bytes());
    let hex: String = disguise.iter().map(|byte| format!("{byte:02x}")).collect();
    alone(NAME, &[(URL, &server.url()), (SECRET, &hex)]);
    assert_eq!(server.counters().tokens, 1);
}

fn connect_and_forget() {
    let hex = std::env::var(SECRET).expect("a secret");
    let secret: Vec<u8> = (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("a byte"))
        .collect();
    let token = disguised(TOKEN.as_bytes());

    let url = std::env::var(URL).expect("a URL");
    let text = String::from_utf8(disguised(&secret)).expect("letters");
    let options = Options::new(&url, "key", Secret::new(text)).expect("options");
    let session = Session::connect(&options).expect("a session");
    drop(options);
    login(&session).expect("a login");
    // Its second half, for the same reason.
    let secret = &secret[24..];
    // One each to work with, and the answer that brought the token in the connection's buffer.
    // Workers let go of what they hold a moment after their answer has been handed over.
    let mut seen = (0, 0);
    until("the end of passing copies", || {
        seen = (copies(secret), copies(&token));
        seen.0 <= 1 && seen.1 <= 2
    });
    assert_eq!(seen, (1, 2), "they are there, and this would see them");

    get(&session, "v2/account").expect("an account");
    session.disconnect();
    until("the end of all copies", || {
        copies(secret) + copies(&token) == 0
    });
}
