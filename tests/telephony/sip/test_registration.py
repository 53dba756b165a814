"""Devices that sign in: digest and registrar, through the whole user agent."""

import pytest

from domain.instant import after
from telephony.sip.digest import NONCE_LIFE_S, response_for
from telephony.sip.events import Peer, Registered, Unregistered
from tests.telephony.sip.wire import DEVICE, PAGE, PASSWORDS, Wire

ELSEWHERE = Peer("UDP", "10.0.0.66", 5062)


def test_the_example_of_the_rfc() -> None:
    """RFC 2617 section 3.5: Mufasa opens the Circle of Life."""
    assert response_for(
        "Mufasa",
        "testrealm@host.com",
        "Circle Of Life",
        "GET",
        "/dir/index.html",
        "dcd98b7102dd2f0e8b11d0f600bfb0c093",
        "00000001",
        "0a4f113b",
    ) == "6629fae49393a05397450978507c4ef1"  # fmt: skip


def test_signing_in() -> None:
    """401 with a challenge, then 200 with the contact and how long it holds; told once."""
    wire = Wire()
    wire.register()
    assert wire.codes == [200]
    assert wire.one.headers["Contact"] == "<sip:wang@10.0.0.9:5062>;expires=300"
    assert wire.told == [Registered("desk-wang")]
    assert wire.ua.registrar.users() == ("desk-wang",)


def test_a_refresh_tells_nothing_and_keeps_the_device() -> None:
    """The same nonce serves again with a higher count; the time starts anew."""
    wire = Wire()
    nonce = wire.challenge()
    wire.register(nonce=nonce, number=2, call_id="r")
    wire.wait(200)
    wire.register(nonce=nonce, count=2, number=3, call_id="r")
    assert (wire.codes, wire.told) == ([200], [])
    assert wire.wait(299).told == []
    assert wire.wait(2).told == [Unregistered("desk-wang")]


def test_a_registration_elsewhere_replaces_the_first() -> None:
    """The newest place wins and rings; the old place signing off or breaking changes nothing."""
    wire = Wire()
    wire.register()
    wire.register(source=PAGE, contact="<sip:abc@x.invalid;transport=ws>")
    assert wire.told == [Registered("desk-wang")]
    wire.ring()
    assert wire.raw[0].peer == PAGE
    wire.register(extra=["Expires: 0"])
    assert (wire.codes, wire.told) == ([200], [])
    assert wire.take(wire.ua.peer_lost(DEVICE, wire.now)).told == []
    assert wire.ua.registrar.users() == ("desk-wang",)


@pytest.mark.parametrize(
    ("contact", "extra"),
    [
        ("*", ["Expires: 0"]),
        ("<sip:wang@10.0.0.9:5062>", ["Expires: 0"]),
        ("<sip:wang@10.0.0.9:5062>;expires=0", []),
    ],
)
def test_signing_off(contact: str, extra: list[str]) -> None:
    """By star, by header, by parameter: gone at once, and the answer names no contact."""
    wire = Wire()
    wire.register()
    wire.register(contact=contact, extra=extra)
    assert (wire.codes, wire.told) == ([200], [Unregistered("desk-wang")])
    assert wire.one.headers.get("Contact") is None
    wire.assert_nothing_left()


def test_asking_where_a_device_is() -> None:
    """A REGISTER without Contact only reads."""
    wire = Wire()
    wire.register()
    wire.register(contact=None)
    assert wire.told == []
    assert wire.one.headers["Contact"].startswith("<sip:wang@10.0.0.9:5062>;expires=")


def test_moving_house_in_one_request() -> None:
    """The old contact with expires=0 beside the new one: the new one counts."""
    wire = Wire()
    wire.register(contact="<sip:old@10.0.0.9>;expires=0, <sip:new@10.0.0.9>;expires=60")
    assert wire.one.headers["Contact"] == "<sip:new@10.0.0.9>;expires=60"


@pytest.mark.parametrize(
    ("contact", "extra", "code"),
    [
        ("<sip:wang@10.0.0.9>", ["Expires: 5"], 423),
        ("*", [], 400),
        ("*, <sip:a@b>", ["Expires: 0"], 400),
        ("<sip:wang@10.0.0.9>", ["Expires: soon"], 400),
        ("<sip:wang@10.0.0.9>", ["Expires: -1"], 400),
        ("<nonsense>", [], 400),
    ],
)
def test_wishes_that_cannot_be_granted(contact: str, extra: list[str], code: int) -> None:
    """Too brief is 423 with Min-Expires, nonsense 400; nothing changes."""
    wire = Wire()
    wire.register(contact=contact, extra=extra)
    assert (wire.codes, wire.told) == ([code], [])
    assert (wire.one.headers.get("Min-Expires") is not None) == (code == 423)


def test_a_very_long_wish_is_cut() -> None:
    """An hour at most."""
    wire = Wire()
    wire.register(extra=["Expires: 999999"])
    assert wire.one.headers["Contact"].endswith("expires=3600")


def test_an_older_registration_that_comes_late_is_refused() -> None:
    """Same Call-ID with a lower or equal number: 500, nothing changes."""
    wire = Wire()
    wire.register(call_id="r", number=5)
    wire.register(call_id="r", number=4, extra=["Expires: 0"])
    assert (wire.codes, wire.told) == ([500], [])


def test_a_copy_gets_the_same_answer() -> None:
    """A repeated REGISTER is not a second registration nor a replay."""
    wire = Wire()
    nonce = wire.challenge()
    wire.register(nonce=nonce, branch="z9hG4bK-same")
    wire.register(nonce=nonce, branch="z9hG4bK-same")
    assert (wire.codes, wire.told) == ([200], [])


def test_a_lost_connection_is_a_lost_device() -> None:
    """The page's socket breaks: unregistered at once."""
    wire = Wire()
    wire.register(source=PAGE)
    assert wire.take(wire.ua.peer_lost(PAGE, wire.now)).told == [Unregistered("desk-wang")]
    wire.assert_nothing_left()


@pytest.mark.parametrize(("user", "password"), [("desk-wang", "hunter2"), ("nobody", "correct horse")])
def test_a_wrong_password_and_an_unknown_user_look_the_same(user: str, password: str) -> None:
    """403 either way, after the same work; a log line says so without the password."""
    wire = Wire()
    wire.register(user, password=password)
    assert (wire.codes, wire.told) == ([403], [])
    assert wire.asked_for == [user]
    assert wire.noted[0].kind == "SIP password refused"
    assert password not in wire.noted[0].detail


def test_somebody_elses_credentials_do_not_serve() -> None:
    """Signing in as another user with one's own name and password is wrong."""
    wire = Wire()
    nonce = wire.challenge("desk-li")
    wire.register("desk-li", nonce=nonce, password=PASSWORDS["desk-wang"])
    assert wire.codes == [403]


def test_guessing_is_slowed_down() -> None:
    """After the third wrong try the source waits, longer each time, even with the right password."""
    wire = Wire()
    waits = []
    for _ in range(12):
        wire.register(password="wrong")
        assert wire.codes == [403]
        waits.append(int(wire.one.headers.get("Retry-After") or 0))
        wire.wait(waits[-1])
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    wire.register(password="wrong")
    asked = len(wire.asked_for)
    wire.register()
    assert wire.codes == [403]
    assert len(wire.asked_for) == asked, "while it waits the password is not even looked at"
    wire.register(source=ELSEWHERE)
    assert wire.codes == [200], "the real owner elsewhere is not locked out by this"
    wire.wait(60)
    wire.register()
    assert wire.codes == [200]


def test_one_source_trying_many_users_is_slowed_down() -> None:
    """Thirty wrong tries of one source over all users, and it waits for every user."""
    wire = Wire()
    for number in range(30):
        wire.register(f"guess{number}", password="x", source=ELSEWHERE)
    wire.register("desk-wang", source=ELSEWHERE)
    assert (wire.codes, wire.told) == ([403], [])
    assert int(wire.one.headers["Retry-After"]) >= 1


def test_many_sources_trying_one_user_are_slowed_down_but_not_its_own_desk() -> None:
    """Strangers wait for this user; the device that is signed in refreshes undisturbed."""
    wire = Wire()
    wire.register()
    for number in range(40):
        wire.register(password="x", source=Peer("UDP", f"10.9.0.{number}", 5060))
    wire.register(source=Peer("UDP", "10.9.1.1", 5060))
    assert wire.codes == [403]
    wire.register()
    assert wire.codes == [200]


def test_wrong_tries_are_forgotten_after_a_while() -> None:
    """Ten minutes later it begins anew."""
    wire = Wire()
    for _ in range(8):
        wire.register(password="wrong")
    wire.wait(700)
    wire.register(password="wrong")
    assert wire.one.headers.get("Retry-After") is None


def test_an_old_nonce_is_stale() -> None:
    """After its life a nonce gets a new challenge that says the password was not the matter."""
    wire = Wire()
    nonce = wire.challenge()
    wire.now = after(wire.now, NONCE_LIFE_S + 1)
    wire.register(nonce=nonce)
    assert wire.codes == [401]
    assert "stale=true" in wire.one.headers["WWW-Authenticate"]
    wire.register(nonce=wire.nonce())
    assert wire.codes == [200]


@pytest.mark.parametrize("qop", [True, False])
def test_a_replayed_request_gets_a_new_challenge(qop: bool) -> None:
    """A count already used is stale; without qop a nonce is good for one request."""
    wire = Wire()
    nonce = wire.challenge()
    wire.register(nonce=nonce, qop=qop)
    assert wire.codes == [200]
    wire.register(nonce=nonce, qop=qop, contact="<sip:thief@10.6.6.6>")
    assert (wire.codes, wire.told) == ([401], [])


def test_a_nonce_belongs_to_who_asked_for_it() -> None:
    """A challenge overheard at one address is worth nothing at another; nor is one made up."""
    wire = Wire()
    nonce = wire.challenge()
    for stolen in (nonce, "made.up", "", "zz", nonce + "0"):
        wire.register(nonce=stolen, source=ELSEWHERE)
        assert wire.codes == [401]


@pytest.mark.parametrize(
    "credentials",
    ["Basic abc", "Digest", "Digest ,,,", 'Digest username="', "Digest " + "a" * 9000, "Digest nonce=\u4e2d"],
)
def test_credentials_that_cannot_be_read(credentials: str) -> None:
    """Another challenge, never an error of ours."""
    wire = Wire()
    wire.register(extra=[], nonce="x")
    data = wire._register("desk-wang", DEVICE, 9, None, "<sip:a@b>", [f"Authorization: {credentials}"], "")
    assert wire.hear(data, DEVICE).codes == [401]


def test_a_name_nobody_can_have() -> None:
    """A user's name of thousands of letters is 404 and is not kept."""
    wire = Wire()
    wire.hear(wire._register("x" * 500, DEVICE, 1, None, "<sip:a@b>", [], ""), DEVICE)
    assert wire.codes == [404]
