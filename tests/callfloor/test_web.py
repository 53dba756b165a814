"""The web application: who may call what, what every answer carries, what is too much."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from callfloor.door import MOST_BODY, AnonymousLimit, Armour
from callfloor.server import Platform
from callfloor.settings import Web
from callfloor.web import IMPORTS, MOST_IMPORT, make_app
from common.auth.tables import ROLES
from tests.callfloor.running import ELSEWHERE, browser, make_platform
from tests.common.web import TestClient
from tests.hashes import quick_hashes

__all__ = ["quick_hashes"]
pytestmark = pytest.mark.usefixtures("quick_hashes")

ANYBODY = {"", *ROLES}
SIGNED_IN = set(ROLES)
WATCHING = {"supervisor", "planner", "admin"}
SERVING = {"agent", "supervisor", "admin"}
ADMINS = {"admin"}


def _rows(kind: str) -> dict[tuple[str, str], set[str]]:
    """Rows of configuration: read by those who watch, written by admins."""
    path = f"/api/admin/{kind}"
    return {
        ("GET", path): WATCHING,
        ("GET", f"{path}/{{id}}"): WATCHING,
        ("POST", path): ADMINS,
        ("PUT", f"{path}/{{id}}"): ADMINS,
        ("DELETE", f"{path}/{{id}}"): ADMINS,
    }


SUPERVISING = {"supervisor", "admin"}
DESK = (
    *("device", "sign-in", "sign-out", "ready", "pause", "decline", "hold", "resume", "hang-up"),
    *("pick-up", "dial", "transfer", "wrap-up", "card"),
)
FLOW = ("", "/versions/{version}", "/draft", "/diff", "/history")
FLOOR = (
    *(f"agents/{{agent}}/{verb}" for verb in ("sign-out", "pause", "ready", "skills")),
    *("calls/{call}/assign", "calls/{call}/priority"),
    *("queues/{queue}/close", "queues/{queue}/open", "callbacks"),
)
PLANNERS = {"planner", "admin"}
PLANNED = {
    "GET": (
        *("sources", "series", "calendars", "jobs", "deadlines", "alarms"),
        *("calendars/{calendar}", "calendars/{calendar}/days", "jobs/{number}", "backtests/{number}"),
        *(f"forecasts/{{number}}{part}" for part in ("", "/overrides", "/comparison", "/requirements")),
        *("findings/{number}/trail", "versions/{number}", "requirements/{number}", "series/{series}"),
        *(f"series/{{series}}/{part}" for part in ("imports", "history", "heat", "findings", "backtests")),
        *(f"series/{{series}}/{part}" for part in ("forecasts", "versions", "accuracy", "patience")),
    ),
    "POST": (
        *("series", "imports", "imports/{number}/redo", "jobs/{number}/cancel"),
        *(f"series/{{series}}/{part}" for part in ("clean", "backtests", "forecasts")),
        *(f"forecasts/{{number}}/{part}" for part in ("overrides", "overrides/preview", "publish")),
        *("forecasts/{number}/requirements", "overrides/{number}/withdraw"),
    ),
    "PUT": ("series/{series}", "findings/{number}", "calendars/{calendar}"),
    "DELETE": (
        *("series/{series}", "imports/{number}", "calendars/{calendar}", "forecasts/{number}"),
        "requirements/{number}",
    ),
}
ROSTERS = {
    "GET": (
        *("problems", "problems/{number}", "jobs", "jobs/{number}", "drafts", "versions", "books"),
        *(f"drafts/{{number}}{part}" for part in ("", "/trail", "/sheet", "/against", "/verdict")),
        *(f"versions/{{number}}{part}" for part in ("", "/verdict", "/sheet", "/adherence")),
        *(f"{of}/{{number}}/{part}" for of in ("drafts", "versions") for part in ("cover", "helpers")),
        *("proposals", "proposals/{number}", "openings", "openings/{number}"),
        *("versions/{number}/adherence/{person}", "absences", "requests", "requests/{number}"),
    ),
    "POST": (
        *("problems", "problems/{number}/solve", "jobs/{number}/stop", "jobs/{number}/cancel"),
        *("drafts", "drafts/{number}/changes", "drafts/{number}/publish", "problems/assemble"),
        *("problems/{number}/teams", "versions/{number}/next"),
        *("versions/{number}/openings", "openings/{number}/close"),
        *("drafts/{number}/proposals", "versions/{number}/proposals"),
        *(f"proposals/{{number}}/{verb}" for verb in ("accept", "cancel")),
    ),
    "PUT": ("drafts/{number}/sheet",),
    "DELETE": ("problems/{number}", "drafts/{number}"),
}
MINE = {
    "GET": ("", "/waiting", "/adherence", "/colleagues", "/requests", "/feed", "/openings"),
    "POST": (
        *("/requests", "/requests/preview", "/feed", "/openings/{number}/bid"),
        *(f"/requests/{{number}}/{verb}" for verb in ("agree", "decline", "withdraw")),
    ),
    "DELETE": ("/feed",),
}
WHO_MAY: dict[tuple[str, str], set[str]] = {
    ("POST", "/api/session"): ANYBODY,
    ("GET", "/api/session"): SIGNED_IN,
    ("PUT", "/api/session"): SIGNED_IN,
    ("DELETE", "/api/session"): ANYBODY,
    **_rows("users"),
    **_rows("calendars"),
    **_rows("queues"),
    **_rows("skills"),
    **_rows("agents"),
    **_rows("groups"),
    **_rows("entry-numbers"),
    **_rows("tiers"),
    **{("GET", f"/api/ivr/{path}"): WATCHING for path in ("flows", "schema")},
    **{("GET", f"/api/ivr/flows/{{name}}{path}"): WATCHING for path in FLOW},
    ("POST", "/api/ivr/check"): {"admin"},
    ("PUT", "/api/ivr/flows/{name}/draft"): {"admin"},
    ("DELETE", "/api/ivr/flows/{name}/draft"): {"admin"},
    **{
        ("POST", f"/api/ivr/flows/{{name}}/{verb}"): {"admin"} for verb in ("publish", "rollback", "withdraw")
    },
    ("GET", "/api/customers"): SERVING,
    ("GET", "/api/customers/{id}"): SERVING,
    ("POST", "/api/customers"): SERVING,
    ("PUT", "/api/customers/{id}"): SERVING,
    ("GET", "/api/customers/{id}/contacts"): SERVING,
    ("GET", "/api/complaints"): SUPERVISING,
    ("GET", "/api/complaints/{id}"): SUPERVISING,
    # Who is an agent, of whatever role; in this house everybody is.
    **{("POST", f"/api/desk/{verb}"): SIGNED_IN for verb in DESK},
    ("GET", "/api/desk/targets"): SIGNED_IN,
    **{("POST", f"/api/floor/{path}"): SUPERVISING for path in FLOOR},
    ("GET", "/api/floor/calls/{call}/standing"): SUPERVISING,
    ("DELETE", "/api/floor/callbacks/{callback}"): SUPERVISING,
    ("GET", "/api/history/calls"): SIGNED_IN,
    ("GET", "/api/history/calls/{call}"): SIGNED_IN,
    ("GET", "/api/history/calls/{call}/why"): SIGNED_IN,
    ("GET", "/api/history/recordings/{recording}"): {"supervisor", "admin"},
    **{("GET", f"/api/reports/{kind}"): WATCHING for kind in ("queues", "agents", "sources", "missed")},
    **{
        (method, f"/api/planning/{path}"): WATCHING if method == "GET" else PLANNERS
        for method, paths in PLANNED.items()
        for path in paths
    },
    **{("POST", f"/api/planning/staffing/{figure}"): WATCHING for figure in ("case", "curve")},
    **{
        (method, f"/api/rosters/{path}"): WATCHING if method == "GET" else PLANNERS
        for method, paths in ROSTERS.items()
        for path in paths
    },
    **{("POST", f"/api/rosters/requests/{{number}}/{verb}"): WATCHING for verb in ("approve", "refuse")},
    **{("POST", f"/api/rosters/absences{path}"): WATCHING for path in ("", "/{number}/withdraw")},
    **{(method, f"/api/rosters/mine{path}"): SIGNED_IN for method, paths in MINE.items() for path in paths},
    ("GET", "/api/rosters/feeds/{token}"): ANYBODY,  # calendar programs do not sign in
    ("GET", "/healthz"): ANYBODY,
    ("GET", "/metrics"): {"supervisor", "admin"},
    ("GET", "/api/openapi.json"): SIGNED_IN,
}
_PARTS = (
    *("id", "call", "recording", "agent", "queue", "callback", "name", "version"),
    *("series", "calendar", "number", "token", "person"),
)
SOCKETS = {"/api/desk/socket": SIGNED_IN, "/sip": ANYBODY}
PAGES = {("GET", "/{path:path}"), ("GET", "/"), ("", "/assets")}
"""The browser app itself, for anybody; ``/`` alone where it is not built."""


def _routes(platform: Platform) -> set[tuple[str, str]]:
    found = set()
    for route in iter_route_contexts(platform.app.routes):
        methods = set(getattr(route, "methods", None) or {""}) - {"HEAD"}
        found.update((method, str(route.path)) for method in methods)
    return found


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    platform = make_platform(tmp_path, Web(port=0, metrics_token="a-token-for-prometheus"))
    yield platform
    platform.database.close()


def test_every_route_is_in_the_table(platform: Platform) -> None:
    """A new route must say here who may call it."""
    routes = _routes(platform)
    sockets = {("", path) for path in SOCKETS}
    assert routes - PAGES == set(WHO_MAY) | sockets


def test_every_route_lets_in_its_roles_and_nobody_else(platform: Platform) -> None:
    """Each route with each role and with nobody, from another machine; the guard comes before all else."""

    async def look(http: httpx.AsyncClient, who: str) -> None:
        # Signing out comes last, of course.
        for method, path in sorted(WHO_MAY, key=lambda r: r == ("DELETE", "/api/session")):
            for part in _PARTS:
                path = path.replace(f"{{{part}}}", "nobody-has-this")
            answer = await http.request(method, path, json={} if method in ("POST", "PUT") else None)
            shown = path.replace("nobody-has-this", "…")
            if who in WHO_MAY[_key(method, path)]:
                assert answer.status_code not in (401, 403), (method, shown, who, answer.text)
            else:
                expected = 403 if who else 401
                assert answer.status_code == expected, (method, shown, who, answer.text)
                assert answer.headers["content-type"] == "application/problem+json"

    async def main() -> None:
        async with platform.running():
            for who in sorted(ANYBODY):
                async with browser(platform, who) as http:
                    await look(http, who)

    asyncio.run(main())


def _key(method: str, path: str) -> tuple[str, str]:
    keys = [k for k in WHO_MAY if k[0] == method and _fits(k[1], path)]
    assert len(keys) == 1
    return keys[0]


def _fits(pattern: str, path: str) -> bool:
    parts, given = pattern.split("/"), path.split("/")
    return len(parts) == len(given) and all(
        p == g or (p.startswith("{") and g == "nobody-has-this") for p, g in zip(parts, given, strict=True)
    )


def test_a_change_needs_the_pages_token(platform: Platform) -> None:
    """The cookie alone, which a browser sends by itself, changes nothing."""

    async def main() -> None:
        async with platform.running(), browser(platform, "admin") as http:
            del http.headers["X-CSRF-Token"]
            for method, path in WHO_MAY:
                if method == "GET" or path == "/api/session":
                    continue
                answer = await http.request(method, path.replace("{id}", "x"), json={})
                assert answer.status_code == 403, (method, path)
                assert answer.json()["title"] == "Not from the page"

    asyncio.run(main())


# ------------------------------------------------------------------ operation


def test_figures_are_for_this_machine_a_token_or_supervisors(platform: Platform) -> None:
    """The token is compared whole; without one in the settings no token is right."""

    async def status(address: str, **headers: str) -> int:
        async with browser(platform, address=address) as http:
            answer = await http.get("/metrics", headers=headers)
            assert answer.status_code != 200 or b"callfloor_calls" in answer.content
            return answer.status_code

    async def main() -> None:
        async with platform.running():
            for near in ("127.0.0.1", "::1"):
                assert await status(near) == 200
            assert await status(ELSEWHERE) == 401
            assert await status(ELSEWHERE, Authorization="Bearer a-token-for-prometheus") == 200
            for wrong in ("Bearer ", "Bearer a-token-for", "Basic a-token-for-prometheus"):
                assert await status(ELSEWHERE, Authorization=wrong) == 401
            platform.app.state.settings = platform.settings.__class__()
            assert await status(ELSEWHERE, Authorization="Bearer ") == 401

    asyncio.run(main())


def test_the_apis_description_is_for_this_machine_and_the_signed_in(platform: Platform) -> None:
    """And there is no page that loads scripts from elsewhere."""

    async def main() -> None:
        async with platform.running(), browser(platform, address="127.0.0.1") as http:
            described = (await http.get("/api/openapi.json")).json()
            assert "/api/desk/ready" in described["paths"]
            assert (await http.get("/api/docs")).status_code == 404

    asyncio.run(main())


def test_health_says_when_the_floor_has_stopped(platform: Platform) -> None:
    """Without the reason: anybody may ask."""

    async def main() -> None:
        async with platform.running(), browser(platform) as http:
            assert (await http.get("/healthz")).json()["status"] == "ok"
            platform.runner._fail(OSError("/secret/place: disk full"))
            answer = await http.get("/healthz")
            assert answer.status_code == 503
            assert "secret" not in answer.text

    asyncio.run(main())


# ------------------------------------------------------------------ the door

HEADERS = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A built browser app, beside a file that is none of its."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<html>the app</html>")
    (folder / "assets" / "main-abc.js").write_text("app()")
    (tmp_path / "secret").write_text("secret")
    return folder


def test_every_answer_keeps_other_sites_out(page: Path) -> None:
    """Page, file, problem, and what was not found."""
    client = TestClient(make_app(page))
    for path in ("/", "/board", "/assets/main-abc.js", "/assets/none.js", "/api/none", "/api/session"):
        answer = client.get(path)
        assert HEADERS.items() <= dict(answer.headers).items(), path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "script-src" not in policy  # so scripts are 'self' only


def test_what_may_be_kept_by_a_cache(page: Path) -> None:
    """Named by their content: for ever; the page: ask first; the API: never."""
    client = TestClient(make_app(page))
    assert "immutable" in client.get("/assets/main-abc.js").headers["cache-control"]
    assert client.get("/").headers["cache-control"] == "no-cache"
    assert client.get("/api/session").headers["cache-control"] == "no-store"
    assert "cache-control" not in client.get("/assets/none.js").headers


@pytest.mark.parametrize("path", ["/../secret", "/%2e%2e/secret", "/..%2fsecret", "/a/../../secret", "/%00"])
def test_no_file_but_the_pages_own_is_given_out(page: Path, path: str) -> None:
    """Whatever the path says."""
    answer = TestClient(make_app(page)).get(path)
    assert "secret" not in answer.text
    assert answer.status_code in (200, 404)


def test_an_app_that_is_not_built_says_how(tmp_path: Path) -> None:
    """503 with what to do."""
    answer = TestClient(make_app(tmp_path)).get("/")
    assert (answer.status_code, answer.json()["detail"]) == (503, "Run `make web`, then reload.")


def test_a_body_is_bounded_with_and_without_a_length(tmp_path: Path) -> None:
    """413 as a problem, before anything is kept of it."""
    client = TestClient(make_app(tmp_path))

    def pieces() -> Iterator[bytes]:
        for _ in range(20):
            yield b'"' + b"x" * (MOST_BODY // 10)

    for content in (b"x" * (MOST_BODY + 1), pieces()):
        answer = client.post("/api/session", content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
    small = client.post("/api/session", content=b"{}", headers={"Content-Type": "application/json"})
    assert small.status_code == 422
    # Files of calls may be larger; who is not signed in gets no further.
    assert client.post(IMPORTS, content=b"x" * (MOST_BODY + 1)).status_code == 401
    assert client.post(IMPORTS, content=b"x" * (MOST_IMPORT + 1)).status_code == 413


def test_a_fault_is_a_problem_for_the_caller_and_a_traceback_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With the headers of every answer."""
    app = make_app(tmp_path)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("the reason")

    answer = TestClient(app).get("/broken")
    assert answer.status_code == 500
    assert answer.json()["title"] == "A fault of the program"
    assert "the reason" not in answer.text
    assert HEADERS.items() <= dict(answer.headers).items()
    assert "RuntimeError: the reason" in caplog.text


def test_an_anonymous_flood_is_slowed_by_address() -> None:
    """So many at once, then so many a second; others, the signed-in, and this machine are not touched."""
    now = 0.0
    seen = 0

    async def inner(scope: object, receive: object, send: object) -> None:
        nonlocal seen
        seen += 1

    limit = AnonymousLimit(inner, lambda: now, at_once=3, per_s=2.0, most_addresses=2)

    async def passes(address: str, cookie: bytes = b"", kind: str = "http") -> bool:
        before, sent = seen, []
        scope = {
            "type": kind,
            "method": "GET",
            "scheme": "http" if kind == "http" else "ws",
            "path": "/",
            "query_string": b"",
            "headers": [(b"host", b"x"), (b"cookie", cookie)],
            "client": (address, 1),
            "server": ("x", 80),
        }

        async def receive() -> dict[str, str]:
            return {"type": f"{kind}.connect"}

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        await limit(scope, receive, send)  # type: ignore[arg-type]
        if seen == before:
            first = sent[0]
            assert first.get("status", 429) == 429
            assert kind == "http" or first == {"type": "websocket.close", "code": 1013}
        return seen != before

    async def main() -> None:
        nonlocal now
        assert [await passes("192.0.2.1") for _ in range(5)] == [True, True, True, False, False]
        assert not await passes("192.0.2.1", kind="websocket")
        assert await passes("192.0.2.2")
        assert await passes("192.0.2.1", b"callfloor=abc")
        assert all([await passes("127.0.0.1") for _ in range(9)])
        now += 0.5
        assert [await passes("192.0.2.1") for _ in range(2)] == [True, False]
        for n in range(9):
            await passes(f"2001:db8:{n}::1")
        assert len(limit._buckets) == 2

    asyncio.run(main())


def test_a_refused_request_says_when_to_come_back(tmp_path: Path) -> None:
    """429 with Retry-After, as a problem."""
    app = make_app(tmp_path)
    armoured = Armour(AnonymousLimit(app, lambda: 0.0, at_once=0, per_s=0.5))
    answer = TestClient(armoured, client=(ELSEWHERE, 1)).get("/healthz")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_page_without_a_session_gets_no_socket(platform: Platform) -> None:
    """4401, by which the page shows its sign-in."""
    from starlette.websockets import WebSocketDisconnect

    with (
        TestClient(platform.app).websocket_connect("/api/desk/socket") as socket,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        socket.receive_text()
    assert closed.value.code == 4401
