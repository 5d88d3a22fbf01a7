//! Numbers, digit by digit and byte by byte.

use super::{Batches, deliver, round_trip, try_decode};

#[test]
fn integers_keep_every_digit() {
    for number in [
        "0",
        "1",
        "127",
        "128",
        "255",
        "256",
        "65535",
        "65536",
        "4294967295",
        "4294967296",
        "-1",
        "-32",
        "-33",
        "-128",
        "-129",
        "-32768",
        "-32769",
        "-2147483648",
        "-2147483649",
        "999999999999999999",
        "1000000000000000000",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "-340282366920938463463374607431768211456",
    ] {
        assert_eq!(round_trip(&format!("[{number}]")), format!("[{number}]"));
    }
    let long = "7".repeat(300);
    assert_eq!(round_trip(&format!("[{long}]")), format!("[{long}]"));
}

#[test]
fn an_integer_of_more_than_a_thousand_digits_is_an_error() {
    for sign in ["", "-"] {
        let most = format!("[{sign}{}]", "7".repeat(1000));
        assert_eq!(round_trip(&most), most);
        let more = format!(r#"[{{"a":{sign}{}}}]"#, "7".repeat(1001));
        let error = try_decode(&Batches::default(), &more).expect_err("too long");
        assert!(error.is_data(), "{error}");
    }
    // A fraction is a float, however long it is.
    assert_eq!(
        round_trip(&format!("[0.{}]", "7".repeat(100_000))),
        "[0.7777777777777778]"
    );
}

/// The bytes of a batch whose one item is this JSON, without what comes before the item.
fn written(json: &str) -> Vec<u8> {
    let batch = deliver(&Batches::default(), &format!("[{json}]"));
    assert_eq!(batch[..4], [0x93, 0x00, 0x90, 0x91]);
    batch[4..].to_vec()
}

#[test]
fn integers_take_their_smallest_form() {
    for (json, bytes) in [
        ("0", &[0x00][..]),
        ("-0", &[0x00]),
        ("127", &[0x7f]),
        ("128", &[0xcc, 0x80]),
        ("256", &[0xcd, 0x01, 0x00]),
        ("65536", &[0xce, 0x00, 0x01, 0x00, 0x00]),
        (
            "1700000000000",
            &[0xcf, 0x00, 0x00, 0x01, 0x8b, 0xcf, 0xe5, 0x68, 0x00],
        ),
        ("-32", &[0xe0]),
        ("-33", &[0xd0, 0xdf]),
        ("-129", &[0xd1, 0xff, 0x7f]),
        ("-32769", &[0xd2, 0xff, 0xff, 0x7f, 0xff]),
        (
            "-2147483649",
            &[0xd3, 0xff, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff],
        ),
        ("9223372036854775808", b"\xc7\x13\x039223372036854775808"),
        ("-9223372036854775809", b"\xc7\x14\x03-9223372036854775809"),
    ] {
        assert_eq!(written(json), bytes, "{json}");
    }
}

#[test]
fn fractions_and_exponents_are_floats() {
    for (json, value) in [
        ("0.5", 0.5),
        ("1.0", 1.0),
        ("1e3", 1000.0),
        ("1E+3", 1000.0),
        ("-2.5e-3", -0.0025),
        ("0.1", 0.1),
        ("1e400", f64::INFINITY),
        ("-1e400", f64::NEG_INFINITY),
        ("1e-400", 0.0),
        (
            "123456789012345678901234567890.0",
            123_456_789_012_345_678_901_234_567_890.0,
        ),
    ] {
        let mut bytes = vec![0xcb];
        bytes.extend(f64::to_be_bytes(value));
        assert_eq!(written(json), bytes, "{json}");
    }
    let mut negative_zero = vec![0xcb];
    negative_zero.extend(f64::to_be_bytes(-0.0));
    assert_eq!(written("-0.0"), negative_zero);
}
