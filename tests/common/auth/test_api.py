"""Each promise of signing in, one by one, through the API over a real database."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from common import problems
from common.auth import session_router, sessions
from common.auth.slowing import Limits, Slowing
from common.auth.tables import SessionRow, UserRow
from domain.instant import Instant, after
from tests.common.web import PASSWORD, House, TestClient

START = Instant(1_800_000_000_000_000)


def sign_in(browser: TestClient, user: str, password: str = PASSWORD):  # type: ignore[no-untyped-def]
    return browser.post("/api/session", json={"user": user, "password": password})


def test_signing_in_says_who_one_is(house: House) -> None:
    """The answer and a later look are what the page needs to know, and no more."""
    browser = house.browser()
    me = sign_in(browser, "root").json()
    assert me == browser.get("/api/session").json()
    assert {k: v for k, v in me.items() if k != "csrf"} == {
        "user": "root",
        "name": "Root",
        "role": "admin",
        "agent": None,
        "language": "zh-CN",
    }
    assert len(me["csrf"]) >= 32


def test_the_sign_in_name_is_read_kindly(house: House) -> None:
    """Capitals, full-width letters and spaces around the name do not matter; in the password they do."""
    assert sign_in(house.browser(), " ＲOot ").status_code == 200
    assert sign_in(house.browser(), "root", f"{PASSWORD} ").status_code == 401


def test_nobody_is_signed_in_without_a_cookie(house: House) -> None:
    """401 as problem+json, also for a made-up token."""
    browser = house.browser()
    assert browser.get("/api/session").status_code == 401
    browser.cookies.set("callfloor", "made-up")
    answer = browser.get("/api/session")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_cookie_over_http(house: House) -> None:
    """Scripts cannot read it and other sites cannot have it sent; it ends with the session."""
    cookie = sign_in(house.browser(), "root").headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/" in cookie
    assert f"Max-Age={int(sessions.ABSOLUTE_S)}" in cookie
    assert "Secure" not in cookie and "Domain" not in cookie


def test_the_cookie_over_https(house: House) -> None:
    """It is Secure, and its name binds it to this host."""
    browser = house.browser(https=True)
    cookie = sign_in(browser, "root").headers["set-cookie"]
    assert cookie.startswith("__Host-callfloor=") and "Secure" in cookie and "HttpOnly" in cookie
    assert browser.get("/api/session").status_code == 200


def test_only_a_hash_of_the_token_is_kept(house: House) -> None:
    """Who reads the database cannot sign in with what stands there."""
    browser = house.browser()
    sign_in(browser, "root")
    token = browser.cookies["callfloor"]
    with house.database.transaction() as session:
        row = session.scalars(select(SessionRow)).one()
        assert row.id == sessions.id_of(token) != token
    thief = house.browser()
    thief.cookies.set("callfloor", row.id)
    assert thief.get("/api/session").status_code == 401


def test_no_session_is_fixed_before_sign_in(house: House) -> None:
    """A token from before is never taken over, and the session it belonged to ends."""
    browser = house.browser()
    browser.cookies.set("callfloor", "planted", domain="callfloor.test", path="/")
    sign_in(browser, "root")
    assert browser.cookies["callfloor"] != "planted"
    first = browser.cookies["callfloor"]
    sign_in(browser, "root")
    assert browser.cookies["callfloor"] != first
    old = house.browser()
    old.cookies.set("callfloor", first)
    assert old.get("/api/session").status_code == 401


def test_signing_out_ends_the_session_itself(house: House) -> None:
    """A copy of the cookie is worth nothing afterwards; signing out twice is no error."""
    browser = house.signed_in("root")
    copy = house.browser()
    copy.cookies.set("callfloor", browser.cookies["callfloor"])
    assert browser.delete("/api/session").status_code == 204
    assert copy.get("/api/session").status_code == 401
    assert "callfloor" not in browser.cookies
    assert browser.delete("/api/session").status_code == 204


def test_signing_out_needs_the_csrf_token(house: House) -> None:
    """Another site cannot sign a user out."""
    browser = house.browser()
    sign_in(browser, "root")
    assert browser.delete("/api/session").status_code == 403
    assert browser.get("/api/session").status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", "ümlaut"])
def test_what_changes_something_needs_the_csrf_token(house: House, token: str) -> None:
    """A missing, wrong or strange token is a 403, and reading needs none."""
    browser = house.signed_in("root")
    browser.headers.encoding = "utf-8"
    browser.headers["X-CSRF-Token"] = token
    assert browser.get("/api/admin/users").status_code == 200
    body = {"name": "Day"}
    assert browser.post("/api/admin/calendars", json=body).status_code == 403
    assert browser.put("/api/admin/calendars/day", json=body).status_code == 403
    assert browser.delete("/api/admin/users/root").status_code == 403
    assert browser.put("/api/session", json={"language": "en"}).status_code == 403
    assert house.changed == []


def test_the_csrf_token_of_another_session_is_wrong(house: House) -> None:
    """Each session has its own."""
    house.add("boss", "admin")
    one, other = house.signed_in("root"), house.signed_in("boss")
    one.headers["X-CSRF-Token"] = other.headers["X-CSRF-Token"]
    assert one.put("/api/session", json={"language": "en"}).status_code == 403


def test_another_site_cannot_sign_a_browser_in(house: House) -> None:
    """A sign-in sent by a page of another origin is refused."""
    browser = house.browser()
    browser.headers["Origin"] = "http://evil.test"
    assert sign_in(browser, "root").status_code == 403
    browser.headers["Origin"] = "http://callfloor.test"
    assert sign_in(browser, "root").status_code == 200


def test_a_session_ends_when_nobody_uses_it(house: House) -> None:
    """Idle for longer than the limit, it is over; used in between, it goes on and the use is kept."""
    browser = house.signed_in("root")
    now = sessions.wall_clock()
    _set(house, last_seen=after(now, -sessions.IDLE_S + 60))
    assert browser.get("/api/session").status_code == 200
    with house.database.transaction() as session:
        assert session.scalars(select(SessionRow)).one().last_seen >= now
    _set(house, last_seen=after(now, -sessions.IDLE_S - 60))
    assert browser.get("/api/session").status_code == 401


def test_a_session_ends_however_much_it_is_used(house: House) -> None:
    """There is an absolute limit, and sessions that are over are cleared away at the next sign-in."""
    browser = house.signed_in("root")
    _set(house, expires=sessions.wall_clock())
    assert browser.get("/api/session").status_code == 401
    house.signed_in("root")
    with house.database.transaction() as session:
        assert len(session.scalars(select(SessionRow)).all()) == 1


def _set(house: House, **values: int) -> None:
    with house.database.transaction() as session:
        session.execute(update(SessionRow).values(**values))


def test_disabling_a_user_ends_their_sessions(house: House) -> None:
    """At once; they are told why when they try to sign in, but only with the right password."""
    house.add("li")
    li, root = house.signed_in("li"), house.signed_in("root")
    assert root.put("/api/admin/users/li", json={"name": "Li", "disabled": True}).status_code == 200
    assert li.get("/api/session").status_code == 401
    assert sign_in(house.browser(), "li").json()["title"] == "This user is disabled"
    assert sign_in(house.browser(), "li", "wrong password").status_code == 401


def test_a_new_password_by_an_admin_ends_sessions(house: House) -> None:
    """The old password and the sessions begun with it are over."""
    house.add("li")
    li, root = house.signed_in("li"), house.signed_in("root")
    body = {"name": "Li", "password": "another horse 8"}
    assert root.put("/api/admin/users/li", json=body).status_code == 200
    assert li.get("/api/session").status_code == 401
    assert sign_in(house.browser(), "li").status_code == 401
    assert sign_in(house.browser(), "li", "another horse 8").status_code == 200


def test_a_deleted_user_is_gone(house: House) -> None:
    """With their sessions."""
    house.add("li")
    li, root = house.signed_in("li"), house.signed_in("root")
    assert root.delete("/api/admin/users/li").status_code == 204
    assert li.get("/api/session").status_code == 401
    assert sign_in(house.browser(), "li").status_code == 401


def test_a_new_role_counts_at_once(house: House) -> None:
    """The next request of a running session has the new role."""
    house.add("li", "supervisor")
    li, root = house.signed_in("li"), house.signed_in("root")
    assert li.get("/api/admin/users").status_code == 200
    root.put("/api/admin/users/li", json={"name": "Li", "role": "agent"})
    assert li.get("/api/admin/users").status_code == 403


def test_own_language_and_password(house: House) -> None:
    """The old password is asked for; other sessions of the user end and this one goes on."""
    house.add("li")
    here, there = house.signed_in("li"), house.signed_in("li")
    assert here.put("/api/session", json={"language": "en"}).json()["language"] == "en"
    assert there.get("/api/session").json()["language"] == "en"
    change = {"old_password": "not this one", "password": "another horse 8"}
    refused = here.put("/api/session", json=change)
    assert (refused.status_code, refused.json()["errors"][0]["at"]) == (422, "old_password")
    short = here.put("/api/session", json={"old_password": PASSWORD, "password": "short"})
    assert short.json()["detail"] == "password has 5 characters and needs at least 10."
    change["old_password"] = PASSWORD
    assert here.put("/api/session", json=change).status_code == 200
    assert here.get("/api/session").status_code == 200
    assert there.get("/api/session").status_code == 401
    assert sign_in(house.browser(), "li", "another horse 8").status_code == 200


def test_the_unknown_user_looks_and_costs_like_a_wrong_password(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same answer, by the same path: one argon2 verification each."""
    from argon2 import PasswordHasher

    from common.auth import passwords

    verified: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash, password):  # type: ignore[no-untyped-def]
            verified.append(hash[: hash.rindex("p=") + 3])
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counting(time_cost=1, memory_cost=64, parallelism=1))
    browser = house.browser()
    wrong, unknown = sign_in(browser, "root", "wrong password"), sign_in(browser, "nobody", "wrong password")
    assert wrong.json() == unknown.json() and wrong.status_code == unknown.status_code == 401
    assert len(verified) == 2 and verified[0] == verified[1]  # the same algorithm, version and parameters


def test_a_user_without_a_password_cannot_sign_in(house: House) -> None:
    """Neither with none nor with any."""
    with house.database.transaction() as session:
        session.execute(update(UserRow).values(hash=""))
    for password in ("", PASSWORD):
        assert sign_in(house.browser(), "root", password).status_code == 401


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> Instant:
        return self.now

    def pass_(self, **how_long: float) -> None:
        """Let time go by."""
        self.now = after(self.now, timedelta(**how_long).total_seconds())


def slow_house(house: House, clock: Clock, slowing: Slowing) -> House:
    """The same house behind a door that counts with our clock."""
    app = FastAPI()
    problems.install(app)
    app.include_router(session_router(slowing, clock))
    app.state.database = house.database
    return House(app, house.database)


def test_wrong_passwords_are_slowed_per_user(house: House) -> None:
    """After the free tries comes 429 with Retry-After, from any address, even for the right password."""
    clock = Clock()
    slow = slow_house(house, clock, Slowing(user=Limits(2, 60, 60)))
    for _ in range(3):
        assert sign_in(slow.browser(), "root", "wrong password").status_code == 401
    answer = sign_in(slow.browser(address="10.0.0.9"), "ROOT")
    assert answer.status_code == 429
    wait = int(answer.headers["Retry-After"])
    assert wait == 2 and answer.json()["detail"] == "Try again in 2 s."
    clock.pass_(seconds=wait)
    assert sign_in(slow.browser(), "root").status_code == 200


def test_wrong_passwords_are_slowed_per_address(house: House) -> None:
    """Trying many names from one address is slowed too, and other addresses are not."""
    slow = slow_house(house, Clock(), Slowing(address=Limits(2, 60, 60)))
    for number in range(3):
        assert sign_in(slow.browser(), f"user{number}").status_code == 401
    assert sign_in(slow.browser(), "root").status_code == 429
    assert sign_in(slow.browser(address="10.0.0.9"), "root").status_code == 200


def test_guessing_the_old_password_is_slowed(house: House) -> None:
    """A session left open is no way to guess the password."""
    clock = Clock()
    slow = slow_house(house, clock, Slowing(user=Limits(2, 60, 60)))
    browser = slow.signed_in("root")
    change = {"old_password": "wrong", "password": "another horse 8"}
    answers = [browser.put("/api/session", json=change).status_code for _ in range(4)]
    assert answers == [422, 422, 422, 429]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"user": "root"},
        {"user": "", "password": "x"},
        {"user": "root", "password": None},
        {"user": "root", "password": "x" * 5_000},
        {"user": "x" * 1_000, "password": "x"},
        {"user": "ro\u0000ot", "password": "x"},
        [],
    ],
)
def test_nonsense_is_a_422_that_repeats_no_secret(house: House, body: object) -> None:
    """What is no sign-in is answered with the field's name, without what was typed."""
    answer = house.browser().post("/api/session", json=body)
    assert answer.status_code == 422
    assert "xxx" not in answer.text


def test_a_weak_hash_is_made_anew_at_sign_in(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the parameters grow, users do not notice."""
    from argon2 import PasswordHasher

    from common.auth import passwords

    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    for _ in range(2):
        assert sign_in(house.browser(), "root").status_code == 200
        with house.database.transaction() as session:
            assert ",t=2," in session.get_one(UserRow, "root").hash
