//! Who uses, fetches and waits for a token, at any time of its life.

use super::*;

const LIFE: Duration = Duration::from_secs(100);

/// Two transports.
const HERE: usize = 1;
const THERE: usize = 2;

fn with_token(now: Instant) -> TokenState {
    let mut state = TokenState::default();
    assert!(matches!(state.need(HERE, now), Need::Fetch(_)));
    state.fetched(1, Secret::new("t".into()), LIFE, now);
    state
}

#[test]
fn one_fetches_while_the_others_wait() {
    let now = Instant::now();
    let mut state = TokenState::default();
    assert!(matches!(state.need(HERE, now), Need::Fetch(_)));
    for _ in 0..31 {
        assert!(matches!(state.need(HERE, now), Need::Wait(_)));
    }
    state.fetched(1, Secret::new("t".into()), LIFE, now);
    assert!(matches!(state.need(HERE, now), Need::Use(_)));
}

#[test]
fn renewed_at_three_quarters_while_others_go_on() {
    let now = Instant::now();
    let mut state = with_token(now);
    assert!(matches!(
        state.need(HERE, now + LIFE.mul_f64(0.74)),
        Need::Use(_)
    ));
    assert!(matches!(
        state.need(HERE, now + LIFE.mul_f64(0.76)),
        Need::Fetch(_)
    ));
    assert!(matches!(
        state.need(HERE, now + LIFE.mul_f64(0.77)),
        Need::Use(_)
    ));
    assert!(matches!(
        state.need(HERE, now + LIFE.mul_f64(1.01)),
        Need::Wait(_)
    ));
}

#[test]
fn a_refusal_of_an_old_token_does_not_cost_the_new_one() {
    let now = Instant::now();
    let mut state = with_token(now);
    let Need::Use(first) = state.need(HERE, now) else {
        panic!("a token")
    };
    state.refused(first.number);
    assert!(matches!(state.need(HERE, now), Need::Fetch(_)));
    let second = state.fetched(2, Secret::new("u".into()), LIFE, now);
    state.refused(first.number);
    assert!(matches!(state.need(HERE, now), Need::Use(token) if token.number == second.number));
}

#[test]
fn those_who_waited_share_a_failure_and_the_next_tries_again() {
    let now = Instant::now();
    let mut state = TokenState::default();
    assert!(matches!(state.need(HERE, now), Need::Fetch(_)));
    let Need::Wait(fetch) = state.need(HERE, now) else {
        panic!("a wait")
    };
    assert!(fetch.failure().is_none());
    state.failed(1, Error::new(ErrorKind::Authentication, "no"), now);
    assert_eq!(
        fetch.failure().map(Error::kind),
        Some(ErrorKind::Authentication)
    );
    assert!(matches!(state.need(HERE, now), Need::Fetch(2)));
    let Need::Wait(fetch) = state.need(HERE, now) else {
        panic!("a wait")
    };
    assert!(fetch.failure().is_none());
}

#[test]
fn each_transport_fetches_for_itself_and_the_token_is_for_all() {
    let now = Instant::now();
    let mut state = TokenState::default();
    assert!(matches!(state.need(HERE, now), Need::Fetch(1)));
    let Need::Wait(here) = state.need(HERE, now) else {
        panic!("a wait")
    };
    assert!(matches!(state.need(THERE, now), Need::Fetch(2)));
    let Need::Wait(there) = state.need(THERE, now) else {
        panic!("a wait")
    };
    state.failed(1, Error::new(ErrorKind::Connection, "no way"), now);
    assert!(here.failure().is_some() && there.failure().is_none());
    assert!(matches!(state.need(THERE, now), Need::Wait(_)));
    assert!(matches!(state.need(HERE, now), Need::Fetch(3)));
    state.fetched(2, Secret::new("t".into()), LIFE, now);
    assert!(matches!(state.need(HERE, now), Need::Use(token) if token.number == 2));
    // The other one still fetches, and nobody has to wait for that while there is a token.
    let old = now + LIFE.mul_f64(0.9);
    assert!(matches!(state.need(THERE, old), Need::Use(_)));
    assert!(matches!(state.need(THERE, now + LIFE), Need::Fetch(4)));
    assert!(matches!(state.need(HERE, now + LIFE), Need::Wait(_)));
}

#[test]
fn a_renewal_that_fails_late_leaves_no_token_in_use_that_has_expired() {
    let now = Instant::now();
    let mut state = with_token(now);
    let late = now + LIFE.mul_f64(0.95);
    assert!(matches!(state.need(HERE, late), Need::Fetch(2)));
    state.failed(2, Error::new(ErrorKind::Server, "503"), late);
    assert!(matches!(state.need(HERE, late), Need::Use(_)));
    assert!(matches!(state.need(HERE, now + LIFE), Need::Fetch(3)));
}

#[test]
fn a_fetch_that_was_given_up_neither_blocks_nor_disturbs_the_next() {
    let now = Instant::now();
    let mut state = TokenState::default();
    assert!(matches!(state.need(HERE, now), Need::Fetch(1)));
    state.abandoned(1);
    assert!(matches!(state.need(HERE, now), Need::Fetch(2)));
    state.fetched(1, Secret::new("late".into()), LIFE, now);
    state.failed(1, Error::new(ErrorKind::Timeout, "late"), now);
    assert!(matches!(state.need(HERE, now), Need::Wait(_)));
    state.fetched(2, Secret::new("t".into()), LIFE, now);
    assert!(matches!(state.need(HERE, now), Need::Use(token) if token.number == 2));
}

#[test]
fn a_renewal_that_fails_leaves_the_old_token_in_use_while_it_is_valid() {
    let now = Instant::now();
    let mut state = with_token(now);
    let late = now + LIFE.mul_f64(0.8);
    assert!(matches!(state.need(HERE, late), Need::Fetch(2)));
    let trouble = Error::new(ErrorKind::Server, "503");
    assert!(
        state
            .failed(2, trouble, late)
            .is_some_and(|token| token.number == 1)
    );
    assert!(matches!(state.need(HERE, late), Need::Use(_)));
    let refusal = Error::new(ErrorKind::Authentication, "no");
    state.refused(1);
    assert!(matches!(state.need(HERE, late), Need::Fetch(3)));
    assert!(state.failed(3, refusal, late).is_none());
}
