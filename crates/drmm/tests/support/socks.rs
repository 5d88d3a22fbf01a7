//! What a SOCKS 5 server says before its tunnel is open (RFC 1928 and 1929).

use std::io::{Read, Write};
use std::net::TcpStream;

const REFUSED: [u8; 2] = [5, 0xff];

/// Gives the target; `None` if the client is not let through. `note` hears what the client said.
pub(crate) fn handshake(
    client: &mut TcpStream,
    login: Option<(&str, &str)>,
    note: impl Fn(&[u8]),
) -> Option<String> {
    let take = |client: &mut TcpStream, count: usize| {
        let mut bytes = vec![0; count];
        client.read_exact(&mut bytes).ok()?;
        note(&bytes);
        Some(bytes)
    };
    let greeting = take(client, 2)?;
    let methods = take(client, greeting[1].into())?;
    let wanted = if login.is_some() { 2 } else { 0 };
    if !methods.contains(&wanted) {
        client.write_all(&REFUSED).ok()?;
        return None;
    }
    client.write_all(&[5, wanted]).ok()?;
    if let Some((user, password)) = login {
        let mut given = Vec::new();
        take(client, 1)?;
        for _ in 0..2 {
            let length = take(client, 1)?[0];
            given.push(take(client, length.into())?);
        }
        let right = given == [user.as_bytes(), password.as_bytes()];
        client.write_all(&[1, u8::from(!right)]).ok()?;
        if !right {
            return None;
        }
    }
    let host = match take(client, 4)?[3] {
        1 => {
            let bytes = take(client, 4)?;
            bytes
                .iter()
                .map(u8::to_string)
                .collect::<Vec<_>>()
                .join(".")
        }
        3 => {
            let length = take(client, 1)?[0];
            String::from_utf8(take(client, length.into())?).ok()?
        }
        // Nothing here listens on IPv6.
        _ => {
            take(client, 18)?;
            client.write_all(&[5, 8, 0, 1, 0, 0, 0, 0, 0, 0]).ok()?;
            return None;
        }
    };
    let port = take(client, 2)?;
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).ok()?;
    Some(format!("{host}:{}", u16::from_be_bytes([port[0], port[1]])))
}
