"""HTTP to others: only to hosts on the list, at addresses that were looked at, within time and size."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callfloor import certificate
from common import fetch, hosts
from common.asks import CannotAnswer
from common.fetch import Fetcher, FetchError, MemoryFetcher, Request, Response, read_json, resolve_name
from common.hosts import Hosts
from tests.common.servers import Server, answers, hangs_up, sends, serving

HOST = "api.bank.test"
HERE = "127.0.0.1"


def resolved(*addresses: str) -> Callable[[str, int, float], list[str]]:
    return lambda host, port, timeout_s: list(addresses)


def near(server: Server, resolve: Any = None, **more: Any) -> Fetcher:
    """A fetcher that may ask the server of this test without TLS."""
    names = [f"{HOST}:{server.port}"]
    return Fetcher(
        Hosts.read(names, names, names), resolve=resolve or resolved(HERE), sleep=lambda s: None, **more
    )


def get(server: Server, path: str = "/", **more: Any) -> Request:
    return Request("GET", f"http://{HOST}:{server.port}{path}", **more)


def refused(fetcher: Fetcher | MemoryFetcher, request: Request) -> str:
    with pytest.raises(CannotAnswer) as caught:
        fetcher.fetch(request)
    return str(caught.value)


# ------------------------------------------------------------------ asking


def test_an_answer_comes_back() -> None:
    """Status, kind and body; what was sent arrives as it was, with our own headers."""
    with serving(answers('{"balance": 12.5}')) as server:
        request = Request(
            "POST",
            f"http://{HOST}:{server.port}/账户?name=李 娜".replace(" ", "%20"),
            {"Authorization": "Bearer abc"},
            b'{"a": 1}',
            key="k1",
        )
        answer = near(server).fetch(request)
    assert (answer.status, answer.json()) == (200, {"balance": 12.5})
    head, _, body = server.asked[0].partition("\r\n\r\n")
    lines = head.split("\r\n")
    assert lines[0] == "POST /%E8%B4%A6%E6%88%B7?name=%E6%9D%8E%20%E5%A8%9C HTTP/1.1"
    assert {
        f"Host: {HOST}:{server.port}",
        "Authorization: Bearer abc",
        "Idempotency-Key: k1",
        "Connection: close",
        "Accept-Encoding: identity",
        "Content-Length: 8",
    } <= set(lines)
    assert body == '{"a": 1}'


def test_an_answer_in_chunks_is_put_together() -> None:
    """As servers send what they do not know the length of."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/x\r\n\r\n"
    with serving(sends(head, b"3\r\nabc\r\n", b"1\r\nd\r\n0\r\n\r\n")) as server:
        assert near(server).fetch(get(server)).body == b"abcd"


def test_an_error_of_the_far_end_is_an_answer() -> None:
    """Whoever asks decides what it means."""
    with serving(answers("no", "404 Not Found")) as server:
        assert near(server).fetch(get(server)).status == 404


def test_nothing_that_is_sent_is_part_of_a_representation() -> None:
    """Requests and answers may end up in a traceback."""
    request = Request("GET", "https://h/?pin=271828", {"X-Pin": "271828"}, b"271828", key="271828")
    assert "271828" not in repr(request) + repr(Response(200, "text/x", b"271828"))


# ------------------------------------------------------------------ whom


@pytest.fixture(params=["network", "memory"])
def listed(request: pytest.FixtureRequest) -> Fetcher | MemoryFetcher:
    """Both adapters with the same list."""
    names = Hosts.read(["api.bank.test", "*.partner.test", "core.lan:8443"], ["api.bank.test:8080"])
    if request.param == "memory":
        return MemoryFetcher(names, {})
    return Fetcher(names, resolve=resolved())


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/",
        "https://bank.test/",
        "https://api.bank.test.evil.test/",
        "https://evilpartner.test/",
        "https://partner.test/",
        "https://api.bank.test:444/",
        "https://core.lan/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
    ],
)
def test_hosts_that_are_not_listed_are_not_asked(listed: Fetcher | MemoryFetcher, url: str) -> None:
    """Nor others that only look like one; the reason names the setting."""
    assert "flows.http_hosts" in refused(listed, Request("GET", url))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.bank.test",
        "//api.bank.test/",
        "ftp://api.bank.test/",
        "file:///etc/passwd",
        "https://",
        "https://user@api.bank.test/",
        "https://user:pw@api.bank.test/",
        "https://evil.test\\@api.bank.test/",
        "https://api.bank.test/\r\nX: y",
        "https://api.bank.test/a b",
        "https://api.bank.test:99999/",
        "https://[::1/",
        "https://a..b/",
        "https://api.bank.test./",
        "https://api.bank.test/" + "a" * 2_000,
    ],
)
def test_what_is_no_plain_url_is_not_asked(listed: Fetcher | MemoryFetcher, url: str) -> None:
    """And the reason does not repeat it."""
    why = refused(listed, Request("GET", url))
    assert "flows" not in why
    assert "evil" not in why and "pw" not in why


def test_without_tls_only_where_it_is_said(listed: Fetcher | MemoryFetcher) -> None:
    """A listed host is asked with https."""
    assert "flows.http_plain" in refused(listed, Request("GET", "http://api.bank.test/"))


def test_what_is_listed_is_asked(listed: Fetcher | MemoryFetcher) -> None:
    """However it is written."""
    for url in ("https://API.bank.test", "https://a.b.partner.test:443/x?y#z", "https://core.lan:8443"):
        if isinstance(listed, MemoryFetcher):
            assert listed.fetch(Request("GET", url)).status == 404
        else:
            assert "has no address" in refused(listed, Request("GET", url))


@pytest.mark.parametrize(
    "entry",
    ["", "*", "*.test", "a b", "https://x.test", "x.test/", "x.test:0", "x:70000", "-x", "x..y", "[x]"],
)
def test_entries_that_mean_nothing_or_too_much_are_told(entry: str) -> None:
    """With the entry."""
    with pytest.raises(ValueError, match=r"^'"):
        Hosts.read([entry])


def test_names_of_other_scripts_are_names() -> None:
    """In the list and in the URL."""
    names = Hosts.read(["银行.example"])
    names.allow(hosts.place_of(hosts.split("https://银行.example/")))
    names.allow(hosts.place_of(hosts.split("https://xn--jn2a72x.example/")))


def test_headers_that_are_ours_cannot_be_chosen() -> None:
    """Nor can a line break be smuggled in."""
    fetcher = MemoryFetcher(Hosts.read([HOST]), {})
    for name, value in (
        ("Host", "x"),
        ("content-length", "0"),
        ("X\r\nY", "z"),
        ("X", "a\r\nY: b"),
        ("X", "é"),
        ("", ""),
    ):
        assert "header" in refused(fetcher, Request("GET", f"https://{HOST}/", {name: value}))
    assert "header" in refused(fetcher, Request("GET", f"https://{HOST}/", key="a\nb"))


def test_methods_times_and_sizes_are_bounded() -> None:
    """Before anything is sent."""
    fetcher = MemoryFetcher(Hosts.read([HOST]), {})
    url = f"https://{HOST}/"
    assert "method" in refused(fetcher, Request("TRACE", url))
    assert "time limit" in refused(fetcher, Request("GET", url, timeout_s=0))
    assert "time limit" in refused(fetcher, Request("GET", url, timeout_s=61))
    assert "64 kB" in refused(fetcher, Request("POST", url, body=b"x" * 65_537))


# ------------------------------------------------------------------ addresses

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.1",
    "::1",
    "fd00::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]
NEVER = [
    "169.254.169.254",
    "fe80::1",
    "fe80::1%eth0",
    "224.0.0.1",
    "ff02::1",
    "0.0.0.0",
    "::",
    "::ffff:169.254.169.254",
    "2001::1",
    "x",
]
PUBLIC = ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


def address_is_asked(address: str, *internal: str) -> bool:
    names = Hosts.read([HOST], internal=internal)
    try:
        names.allow_addresses(hosts.place_of(hosts.split(f"https://{HOST}/")), [address])
    except CannotAnswer:
        return False
    return True


def test_addresses_of_the_own_network_are_only_asked_where_it_is_said() -> None:
    """Private, loopback, carrier's, and IPv6 ways of writing them; groups and link-local ones never."""
    assert [a for a in PRIVATE + NEVER if address_is_asked(a)] == []
    assert [a for a in PRIVATE if not address_is_asked(a, HOST)] == []
    assert [a for a in NEVER if address_is_asked(a, HOST)] == []
    assert [a for a in PUBLIC if not address_is_asked(a)] == []
    assert not address_is_asked("10.0.0.1", "other.bank.test")


def test_one_address_that_is_not_public_is_enough() -> None:
    """A name that has both is not asked at the other either."""
    fetcher = Fetcher(Hosts.read([HOST]), resolve=resolved("8.8.8.8", "10.0.0.1"))
    assert "not public" in refused(fetcher, Request("GET", f"https://{HOST}/"))


def test_a_name_that_means_something_else_a_moment_later() -> None:
    """It is resolved once, and that address is connected to: what is looked at is what is asked."""
    seen: list[str] = []

    def resolve(host: str, port: int, timeout_s: float) -> list[str]:
        seen.append(host)
        return [HERE] if len(seen) == 1 else ["192.0.2.1"]

    with serving(answers()) as server:
        fetcher = near(server, resolve)
        assert fetcher.fetch(get(server)).status == 200
        assert seen == [HOST]
    inside = Fetcher(Hosts.read([f"{HOST}:{server.port}"], [f"{HOST}:{server.port}"]), resolve=resolve)
    seen.clear()
    assert "not public" in refused(inside, get(server))


def test_the_next_address_is_tried_where_one_is_deaf() -> None:
    """In what is left of the time."""
    with serving(answers()) as server, socket.socket() as deaf:
        deaf.bind(("127.0.0.2", server.port))  # nobody listens there
        assert near(server, resolved("127.0.0.2", HERE)).fetch(get(server)).status == 200


def test_a_name_is_resolved_by_the_system() -> None:
    """Numbers are addresses already; what nobody is called is an error; a slow resolver is left behind."""
    assert resolve_name("127.0.0.1", 80, 5.0) == ["127.0.0.1"]
    with pytest.raises(OSError):
        resolve_name("nobody.invalid", 80, 5.0)


def test_a_resolver_that_hangs_costs_its_time_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """And so many at once."""
    release = threading.Event()

    def hangs(*_args: Any, **_more: Any) -> list[Any]:
        release.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    try:
        fetcher = Fetcher(Hosts.read([HOST]))
        began = time.monotonic()
        for _ in range(fetch.RESOLVING + 2):
            assert "in time" in refused(fetcher, Request("GET", f"https://{HOST}/", timeout_s=0.02))
        assert time.monotonic() - began < 5
        assert sum(t.name == "resolve" for t in threading.enumerate()) <= fetch.RESOLVING
    finally:
        release.set()
        for thread in threading.enumerate():
            if thread.name == "resolve":
                thread.join(5)


# ------------------------------------------------------------------ time and size


def took(act: Callable[[], Any]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


@pytest.mark.parametrize(
    "pieces",
    [
        [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", *[b"x"] * 100],
        [*[bytes([c]) for c in b"HTTP/1.1 200 OK\r\nX-Slow: yes, very slow\r\n"], b"\r\n"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 100],
    ],
    ids=["body", "head", "chunks"],
)
def test_a_byte_at_a_time_does_not_stretch_the_time(pieces: list[bytes]) -> None:
    """The limit is for the whole exchange, not for each byte."""
    with serving(sends(*pieces, every_s=0.1)) as server:
        fetcher = near(server)
        assert took(lambda: refused(fetcher, get(server, timeout_s=0.4))) < 3


def test_silence_costs_the_time_limit() -> None:
    """No more, however often it may be tried."""
    with serving(sends(b"", every_s=2.0)) as server:
        why = ""

        def ask() -> None:
            nonlocal why
            why = refused(near(server), get(server, timeout_s=0.3, retries=5))

        assert took(ask) < 1.9
        assert why == f"{HOST}:{server.port} did not answer in 0.3 s"


def test_a_long_answer_is_not_read_to_its_end() -> None:
    """Whether it says its length or not, in head and in body."""
    many = b"x" * 65_536
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    long = [
        sends(head + b"Content-Length: 1000000000\r\n\r\n", *[many] * 3),
        sends(head + b"\r\n", *[many] * 100),
        sends(head + b"Transfer-Encoding: chunked\r\n\r\n", *[b"10000\r\n" + many + b"\r\n"] * 100),
        sends(head + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1;" + b"e" * 5000 + b"\r\nx\r\n"] * 1000),
        sends(b"HTTP/1.1 200 OK\r\n", *[b"X-Filler: " + b"y" * 5000 + b"\r\n"] * 90),
        sends(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 100_000),
    ]
    for handler in long:
        with serving(handler) as server:
            assert "long" in refused(near(server), get(server))


def test_the_largest_answer_is_read() -> None:
    """64 kB to the byte."""
    with serving(answers(b" " * (fetch.LONGEST_BODY - 2) + b"{}")) as server:
        assert near(server).fetch(get(server)).json() == {}


def test_a_compressed_answer_is_refused() -> None:
    """A small one may be a large one."""
    with serving(answers("", "200 OK", "Content-Encoding: gzip")) as server:
        assert "compressed" in refused(near(server), get(server))


def test_rubbish_is_an_error() -> None:
    """That does not quote it."""
    for handler in (sends(b"SSH-2.0-secret\r\n\r\n"), sends(b"HTTP/1.1 abc secret\r\n\r\n"), hangs_up):
        with serving(handler) as server:
            why = refused(near(server), get(server))
            assert why.startswith(f"{HOST}:{server.port} cannot be asked (")
            assert "secret" not in why


# ------------------------------------------------------------------ redirects


def test_a_redirect_is_followed_on_the_same_host() -> None:
    """With its headers, a few times."""
    moved = answers("", "302 Found", "Location: /there?x=1")
    with serving(moved, answers('{"a": 1}')) as server:
        answer = near(server).fetch(get(server, headers={"X-Token": "t"}))
        assert answer.json() == {"a": 1}
        assert server.heads() == ["GET / HTTP/1.1", "GET /there?x=1 HTTP/1.1"]
        assert "X-Token: t" in server.asked[1]
    with serving(moved) as server:
        assert "redirects" in refused(near(server), get(server))
        assert len(server.asked) == fetch.MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    "location",
    [
        "http://evil.test/",
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "file:///etc/passwd",
        "//evil.test/",
        "http://evil.test\\@api.bank.test/",
    ],
)
def test_a_redirect_elsewhere_is_not_followed(location: str) -> None:
    """Off the list, to this machine, to another scheme."""
    with serving(answers("", "301 Moved", f"Location: {location}")) as server:
        refused(near(server), get(server))
        assert len(server.asked) == 1


def test_a_redirect_to_a_listed_name_with_a_private_address_is_not_followed() -> None:
    """Each hop is resolved and looked at anew."""

    def resolve(host: str, port: int, timeout_s: float) -> list[str]:
        return [HERE] if host == HOST else ["10.0.0.1"]

    with serving(answers("", "302 Found", "Location: https://other.bank.test/")) as server:
        names = [f"{HOST}:{server.port}"]
        fetcher = Fetcher(Hosts.read([*names, "other.bank.test"], names, names), resolve=resolve)
        assert refused(fetcher, get(server)).startswith("other.bank.test has an address that is not public")


def test_a_redirect_takes_no_headers_to_another_host() -> None:
    """They may be a password for the first one."""
    with (
        serving(answers()) as second,
        serving(answers("", "307 X", f"Location: http://b.test:{second.port}/")) as first,
    ):
        names = [f"{HOST}:{first.port}", f"b.test:{second.port}"]
        fetcher = Fetcher(Hosts.read(names, names, names), resolve=resolved(HERE))
        assert fetcher.fetch(get(first, headers={"X-Token": "secret"}, key="k")).status == 200
    assert "secret" in first.asked[0]
    assert "secret" not in second.asked[0] and "Idempotency" not in second.asked[0]


def test_what_changes_something_follows_no_redirect() -> None:
    """It would be done elsewhere, or become something else."""
    with serving(answers("", "303 See Other", "Location: /there")) as server:
        why = refused(near(server), Request("POST", f"http://{HOST}:{server.port}/", key="k", retries=2))
        assert "POST does not follow" in why
        assert len(server.asked) == 1


# ------------------------------------------------------------------ again


def test_a_question_is_asked_again_where_that_may_help() -> None:
    """After a hang-up and after 503, with growing pauses; the answer is the last one."""
    pauses: list[float] = []
    with serving(hangs_up, answers("", "503 X"), answers('{"a": 1}')) as server:
        fetcher = near(server)
        fetcher._sleep = pauses.append
        assert fetcher.fetch(get(server, retries=2)).json() == {"a": 1}
    assert pauses == [fetch.BACKOFF_S, 2 * fetch.BACKOFF_S]
    with serving(answers("", "503 X")) as server:
        assert near(server).fetch(get(server, retries=2)).status == 503
        assert len(server.asked) == 3


def test_what_changes_something_is_asked_once_unless_it_has_a_key() -> None:
    """It might have been done although no answer came."""
    for method, key, times in (
        ("POST", "", 1),
        ("PATCH", "", 1),
        ("POST", "k", 3),
        ("PUT", "", 3),
        ("DELETE", "", 3),
    ):
        with serving(hangs_up) as server:
            refused(near(server), Request(method, f"http://{HOST}:{server.port}/", key=key, retries=2))
            assert len(server.asked) == times, method


def test_what_is_wrong_is_not_asked_again() -> None:
    """404 and 500 are answers."""
    for status in ("404 X", "500 X", "400 X"):
        with serving(answers("", status)) as server:
            near(server).fetch(get(server, retries=3))
            assert len(server.asked) == 1


def test_whoever_asks_to_wait_is_waited_for_if_there_is_time() -> None:
    """``Retry-After`` beyond the time limit is an end."""
    pauses: list[float] = []
    for seconds, times in (("1", 2), ("3600", 1), ("soon", 2), ("Fri, 31 Dec 9999 23:59:59 GMT", 1)):
        with serving(answers("", "429 X", f"Retry-After: {seconds}")) as server:
            fetcher = near(server)
            fetcher._sleep = pauses.append
            assert fetcher.fetch(get(server, retries=1)).status == 429
            assert len(server.asked) == times, seconds
    assert pauses == [1.0, fetch.BACKOFF_S]


# ------------------------------------------------------------------ TLS


def test_certificates_are_looked_at(tmp_path: Path) -> None:
    """A stranger's is refused, the right one for another name too; the name asked is the name meant."""
    file, key = certificate.make(tmp_path, "localhost")
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(file, key)
    known = ssl.create_default_context(cafile=str(file))
    with socket.create_server((HERE, 0)) as listener:
        port = listener.getsockname()[1]

        def run() -> None:
            for _ in range(3):
                connection, _peer = listener.accept()
                try:
                    with server_side.wrap_socket(connection, server_side=True) as secure:
                        secure.recv(4096)
                        secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
                except OSError:
                    connection.close()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        names = Hosts.read(
            [f"localhost:{port}", f"other.test:{port}"], [], [f"localhost:{port}", f"other.test:{port}"]
        )
        told = []
        for context, host in ((None, "localhost"), (known, "other.test")):
            fetcher = Fetcher(names, resolve=resolved(HERE), context=context)
            told.append(refused(fetcher, Request("GET", f"https://{host}:{port}/")))
        fetcher = Fetcher(names, resolve=resolved(HERE), context=known)
        assert fetcher.fetch(Request("GET", f"https://localhost:{port}/")).body == b"hi"
        thread.join(5)
    assert [why.split(" is not good: ")[0] for why in told] == [
        f"the certificate of localhost:{port}",
        f"the certificate of other.test:{port}",
    ]


def test_a_server_that_speaks_no_tls_is_an_error() -> None:
    """Not a hang."""
    with serving(answers()) as server:
        names = [f"{HOST}:{server.port}"]
        fetcher = Fetcher(Hosts.read(names, [], names), resolve=resolved(HERE))
        why = refused(fetcher, Request("GET", f"https://{HOST}:{server.port}/", timeout_s=1))
    assert "cannot be asked" in why or "did not answer" in why


# ------------------------------------------------------------------ JSON


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nope",
        b"NaN",
        b"[1e999]",
        b"\xff",
        b"[" * 30_000,
        b'{"a":' * 21 + b"1" + b"}" * 21,
        b"1" * 5_000,
    ],
)
def test_what_is_no_json_is_told(body: bytes) -> None:
    """Too deep and too large numbers too."""
    with pytest.raises(FetchError, match="no JSON"):
        read_json(body)


def test_json_needs_its_kind() -> None:
    """A page of HTML is none, whatever it says."""
    with pytest.raises(FetchError, match="not JSON"):
        Response(200, "text/html", b"{}").json()
    assert Response(200, "application/problem+json", b'\xef\xbb\xbf{"a": "]["}').json() == {"a": "]["}


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(TREES)
def test_json_is_read_as_it_was_written(tree: Any) -> None:
    """Brackets and quotes in texts included."""
    for ascii in (True, False):
        text = json.dumps(tree, ensure_ascii=ascii)
        try:
            encoded = text.encode()
        except UnicodeEncodeError:
            continue
        assert read_json(encoded) == tree


@given(st.binary(max_size=200))
def test_whatever_comes_it_is_json_or_an_error(body: bytes) -> None:
    """Never anything else."""
    try:
        read_json(body)
    except FetchError:
        pass
