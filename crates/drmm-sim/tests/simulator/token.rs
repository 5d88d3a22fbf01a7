//! The token endpoint and what a token is good for.

use std::time::Duration;

use crate::common::{BASIC, Client, generous, small, start};
use drmm_sim::{Config, Settings};

#[test]
fn a_key_and_its_secret_buy_a_token() {
    let server = start(small());
    let answer = Client::without_token(&server)
        .login(server.key(), server.secret())
        .json();
    assert_eq!(answer["token_type"], "bearer");
    assert_eq!(answer["expires_in"], 360_000);
    assert_eq!(
        answer["access_token"].as_str().unwrap().split('.').count(),
        3
    );
    assert!(answer["scope"].is_string() && answer["jti"].is_string());
}

#[test]
fn any_character_may_be_in_a_key_or_secret() {
    let odd = "a+b&c=d%/ü";
    let server = start(Config {
        key: Some(odd.to_owned()),
        secret: Some(format!("{odd} \u{1f511}")),
        ..small()
    });
    let client = Client::new(&server);
    assert_eq!(client.get("account").status, 200);
    assert_eq!(client.login(odd, odd).status, 400);
}

#[test]
fn wrong_keys_are_a_bad_request() {
    let server = start(small());
    let client = Client::without_token(&server);
    let secret = server.secret();
    let lower = secret.to_lowercase();
    for (key, secret) in [
        (server.key(), lower.as_str()),
        ("nobody", secret),
        (server.key(), ""),
        ("", ""),
    ] {
        let answer = client.login(key, secret);
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (400, &"invalid_grant".into()),
            "{key}"
        );
    }
}

#[test]
fn other_forms_are_refused() {
    let server = start(small());
    let client = Client::without_token(&server);
    for (form, error) in [
        (
            vec![("grant_type", "client_credentials")],
            "unsupported_grant_type",
        ),
        (
            vec![("grant_type", "password"), ("username", server.key())],
            "invalid_request",
        ),
        (
            vec![("username", server.key()), ("password", server.secret())],
            "invalid_request",
        ),
        (vec![], "invalid_request"),
    ] {
        let answer = client.post_form(&form);
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (400, &error.into()),
            "{form:?}"
        );
    }
}

#[test]
fn the_public_client_must_name_itself() {
    let server = start(small());
    let form = format!(
        "grant_type=password&username={}&password={}",
        server.key(),
        server.secret()
    );
    let url = format!("{}/auth/oauth/token", server.url());
    let send = |authorization: Option<&str>, content_type: &str| {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        let request = agent.post(&url).header("Content-Type", content_type);
        let request = match authorization {
            Some(value) => request.header("Authorization", value),
            None => request,
        };
        request.send(&form).unwrap().status().as_u16()
    };
    let form_type = "application/x-www-form-urlencoded; charset=UTF-8";
    assert_eq!(send(Some(BASIC), form_type), 200);
    assert_eq!(send(Some(&BASIC.replace("Basic", "basic")), form_type), 200);
    assert_eq!(send(None, form_type), 401);
    assert_eq!(send(Some("Basic cHVibGljOnB1YmxpYw=="), form_type), 401);
    assert_eq!(send(Some(BASIC), "application/json"), 400);
}

#[test]
fn only_a_valid_token_opens_the_data() {
    let server = start(small());
    let mut client = Client::new(&server);
    let good = client.token.clone();
    let mut other_case = good.clone();
    other_case.make_ascii_uppercase();
    for token in ["", "none", &good[1..], &other_case] {
        client.token = token.to_owned();
        let answer = client.get("account");
        assert_eq!(answer.status, 401);
        assert_eq!(answer.json()["error"], "Unauthorized");
        assert_eq!(answer.json()["path"], "/v2/account");
    }
    client.token = good;
    assert_eq!(client.get("account").status, 200);
}

#[test]
fn an_unknown_path_without_a_token_tells_nothing() {
    let server = start(small());
    assert_eq!(
        Client::without_token(&server).get("no/such/path").status,
        401
    );
}

#[test]
fn the_status_needs_no_token() {
    let server = start(small());
    let answer = Client::without_token(&server).get("system/status");
    assert_eq!(
        (answer.status, &answer.json()["status"]),
        (200, &"OK".into())
    );
}

#[test]
fn an_expired_token_is_refused_and_a_new_one_is_good() {
    let settings = Settings {
        token_lifetime: Duration::ZERO,
        ..generous()
    };
    let server = start(Config {
        settings,
        ..small()
    });
    assert_eq!(Client::new(&server).get("account").status, 401);
    server
        .change(|settings| settings.token_lifetime = Duration::from_secs(3_600))
        .unwrap();
    assert_eq!(Client::new(&server).get("account").status, 200);
}

#[test]
fn revoked_tokens_are_refused() {
    let server = start(small());
    let client = Client::new(&server);
    assert_eq!(client.control("POST", "tokens/revoke", "").status, 204);
    assert_eq!(client.get("account").status, 401);
    assert_eq!(Client::new(&server).get("account").status, 200);
}

#[test]
fn a_new_secret_replaces_the_old_one_and_leaves_tokens_alone() {
    let server = start(small());
    let client = Client::new(&server);
    let body = format!(r#"{{"key":"{}","secret":"new"}}"#, server.key());
    assert_eq!(client.control("POST", "keys", &body).status, 204);
    assert_eq!(client.login(server.key(), server.secret()).status, 400);
    assert_eq!(client.login(server.key(), "new").status, 200);
    assert_eq!(client.get("account").status, 200);
}

#[test]
fn a_key_that_is_reset_buys_no_token_any_more() {
    let server = start(small());
    let client = Client::new(&server);
    let answer = client.post("user/resetApiKeys");
    assert_eq!(answer.status, 200);
    let pair = answer.json();
    assert_eq!(
        crate::common::fields(&pair),
        ["apiAccessKey", "apiSecretKey", "userName"]
    );
    let (key, secret) = (
        pair["apiAccessKey"].as_str().unwrap(),
        pair["apiSecretKey"].as_str().unwrap(),
    );
    assert!(key != server.key() && secret != server.secret() && key != secret);
    let users = client.walk("account/users", "users").0;
    assert!(
        users
            .iter()
            .any(|user| user["username"] == pair["userName"])
    );

    assert_eq!(client.login(server.key(), server.secret()).status, 400);
    assert_eq!(client.login(key, server.secret()).status, 400);
    // The token that is out is still good, the new pair buys another.
    assert_eq!(client.get("account").status, 200);
    let token = client.login(key, secret).json()["access_token"].take();
    assert_ne!(token, client.token);
    // Of what was remembered about it, nothing is secret.
    let requests = client.control("GET", "requests", "").json().to_string();
    assert!(requests.contains("resetApiKeys") && !requests.contains(secret));
}

#[test]
fn only_a_token_resets_a_key_and_only_that_of_its_user() {
    let server = start(small());
    let stranger = Client::without_token(&server);
    assert_eq!(stranger.post("user/resetApiKeys").status, 401);
    let body = r#"{"key":"second","secret":"s"}"#;
    assert_eq!(stranger.control("POST", "keys", body).status, 204);
    let client = Client::new(&server);
    let pair = client.post("user/resetApiKeys").json();
    assert_eq!(stranger.login("second", "s").status, 200);
    // Another seed gives another pair, and a second reset too.
    let again = client.post("user/resetApiKeys").json();
    assert_ne!(again["apiAccessKey"], pair["apiAccessKey"]);
    let other = start(Config { seed: 2, ..small() });
    let of_other = Client::new(&other).post("user/resetApiKeys").json();
    assert_ne!(of_other["apiAccessKey"], pair["apiAccessKey"]);
    assert_eq!(client.get("user/resetApiKeys").status, 405);
}
