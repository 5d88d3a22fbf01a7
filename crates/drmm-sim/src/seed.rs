//! Random numbers that depend on nothing but the seed, what they are for, and which item they are of.
//!
//! No item's data depends on another's, so one device of 100,000 can be written without the others
//! and nothing but a few bytes of each is kept.

use std::fmt;

use serde::{Serialize, Serializer};

/// The moment from which all times in the data count back: 2026-06-01T00:00:00Z, in Unix milliseconds.
/// A fixed one, so that the same seed gives the same bytes on every day.
pub(crate) const EPOCH_MS: i64 = 1_780_272_000_000;

/// Milliseconds in a day.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// What a random number is for. Each purpose has its own sequence, which its place in this list
/// decides: a new one goes to the end.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Account,
    Alert,
    AlertText,
    Device,
    DeviceText,
    DeviceUid,
    AlertUid,
    Key,
    Site,
    SiteUid,
    Udf,
    Variable,
    SiteVariable,
    ComponentUid,
    Filter,
    Nic,
    User,
    MailRecipient,
    SiteMapping,
    Audit,
    Software,
    JobUid,
    Patch,
    PatchUid,
    Activity,
    ActivityUid,
}

/// The seed of an account.
#[derive(Clone, Copy)]
pub(crate) struct Seed(pub(crate) u64);

impl Seed {
    /// A generator for item `index`.
    pub(crate) fn rng(self, purpose: Purpose, index: u32) -> fastrand::Rng {
        let salted = mix(self.0 ^ mix(purpose as u64 + 1));
        fastrand::Rng::with_seed(mix(salted ^ u64::from(index)))
    }

    /// A version 4 UUID for item `index`.
    pub(crate) fn uid(self, purpose: Purpose, index: u32) -> Uid {
        let bits = self.rng(purpose, index).u128(..);
        let version = (bits & !(0xf << 76)) | (0x4 << 76);
        Uid((version & !(0x3 << 62)) | (0x2 << 62))
    }
}

/// The finaliser of SplitMix64: neighbouring numbers become unrelated ones.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// A UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Uid(u128);

impl Uid {
    /// Reads the usual 8-4-4-4-12 form in either case; anything else is `None`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let dashes = [8, 13, 18, 23];
        if text.len() != 36 || dashes.iter().any(|&at| text.as_bytes()[at] != b'-') {
            return None;
        }
        let digits: String = text.chars().filter(|&c| c != '-').collect();
        if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        u128::from_str_radix(&digits, 16).ok().map(Self)
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v = self.0;
        let part = |shift: u32, bits: u32| (v >> shift) & ((1 << bits) - 1);
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            part(96, 32),
            part(80, 16),
            part(64, 16),
            part(48, 16),
            part(0, 48)
        )
    }
}

impl Serialize for Uid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uid_survives_its_text() {
        let uid = Seed(7).uid(Purpose::DeviceUid, 3);
        assert_eq!(Uid::parse(&uid.to_string()), Some(uid));
        assert_eq!(Uid::parse(&uid.to_string().to_uppercase()), Some(uid));
    }

    #[test]
    fn a_uid_says_version_four() {
        let text = Seed(7).uid(Purpose::AlertUid, 3).to_string();
        assert_eq!(&text[14..15], "4");
        assert!("89ab".contains(&text[19..20]));
    }

    #[test]
    fn other_texts_are_no_uid() {
        for text in [
            "",
            "x",
            "../../account",
            "+1111111-1111-4111-8111-111111111111",
            &"1".repeat(36),
        ] {
            assert_eq!(Uid::parse(text), None, "{text}");
        }
    }

    #[test]
    fn items_purposes_and_seeds_are_unrelated() {
        let uid = |seed, purpose, index| Seed(seed).uid(purpose, index);
        let one = uid(1, Purpose::DeviceUid, 1);
        assert_eq!(one, uid(1, Purpose::DeviceUid, 1));
        assert_ne!(one, uid(1, Purpose::DeviceUid, 2));
        assert_ne!(one, uid(1, Purpose::SiteUid, 1));
        assert_ne!(one, uid(2, Purpose::DeviceUid, 1));
    }
}
