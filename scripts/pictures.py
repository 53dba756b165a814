"""Take the pictures of the documents: ``python scripts/pictures.py`` (needs Chromium and the built page).

Starts the demo in English, lets it live for a while, sits down at the seat, dials from a customer of that
seat, and takes the desk as it rings and the live board into docs/pictures.
"""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Page, TimeoutError, expect, sync_playwright

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
LIVED_S = 75.0
"""How long the demo lives before it is taken: agents have handled calls, the board has figures."""
TRIES = 5
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--allow-loopback-in-peer-connection",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo: its page, and who may sign in."""

    url: str
    agent: tuple[str, str]
    supervisor: tuple[str, str]


@contextmanager
def demo() -> Iterator[Demo]:
    """A demo on free ports, ended by Ctrl-C."""
    ports = [_free_port(kind) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)]
    command = [sys.executable, "-m", "callfloor", "demo", "--lang", "en", "--speed", "6"]
    command += ["--port", str(ports[0]), "--sip-port", str(ports[1])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield Demo(f"http://127.0.0.1:{ports[0]}", *_told(process))
    finally:
        process.send_signal(2)
        process.wait(30)


def _told(process: "subprocess.Popen[str]") -> tuple[tuple[str, str], tuple[str, str]]:
    """Users and passwords, from what the demo prints."""
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if "Ctrl-C" in line:
            break
    agent = re.search(r"as an agent +(\S+) +(\S+)", told)
    supervisor = re.search(r"as a supervisor +(\S+) +(\S+)", told)
    if agent is None or supervisor is None:
        raise SystemExit(f"the demo did not start:\n{told}")
    return (agent[1], agent[2]), (supervisor[1], supervisor[2])


def _free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# ------------------------------------------------------------------ people at pages


def open_page(browser: Browser, url: str) -> Page:
    """A page of a browser profile of its own, in English and light."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": 1280, "height": 800},
        device_scale_factor=1.5,
        locale="en-GB",
        color_scheme="light",
    )
    page = context.new_page()
    page.goto("/")
    return page


def sign_in(page: Page, user: str, password: str) -> None:
    """Type name and password."""
    page.get_by_test_id("sign-in-user").fill(user)
    page.get_by_test_id("sign-in-password").fill(password)
    page.get_by_test_id("sign-in-submit").click()
    expect(page.get_by_test_id("page")).to_be_visible()


def a_customer_of_the_seat(page: Page) -> dict[str, Any]:
    """Somebody the seat looks after, who speaks English and has a full card."""
    after: str | None = ""
    best: tuple[int, dict[str, Any]] | None = None
    while after is not None:
        found = page.request.get(f"/api/customers?limit=100&after={after}").json()
        for row in found["customers"]:
            if len(row["phones"]) != 1:
                continue
            one = page.request.get(f"/api/customers/{row['id']}").json()
            if one["language"] == "en" and any(owner["agent"] == "you" for owner in one["owners"]):
                fullness = min(len(one["products"]), 4) + min(len(one["contacts"]), 4) + bool(one["notes"])
                best = max(best or (-1, one), (fullness, one), key=lambda pair: pair[0])
        after = found["next"]
    if best is None:
        raise SystemExit("the sample bank has no customer of the seat who speaks English")
    return best[1]


def ring(desk: Page, caller: Page, customer: dict[str, Any]) -> bool:
    """Let the customer ring the desk; False when another call came first."""
    caller.goto(f"/test-call?number=95588&from={quote(customer['phones'][0])}")
    caller.get_by_test_id("test-dial").click()
    expect(caller.get_by_test_id("test-state")).to_have_attribute("data-stage", "up", timeout=20_000)
    expect(caller.get_by_test_id("test-state")).to_have_attribute("data-media", "connected", timeout=20_000)
    # Over the welcome: their language is known, so the first key answers the main menu.
    caller.get_by_test_id("key-1").click()
    desk.get_by_test_id("ready").click()
    try:
        expect(desk.get_by_test_id("call-state")).to_have_attribute("data-phase", "offered", timeout=20_000)
        expect(desk.get_by_test_id("call-name")).to_have_text(customer["name"], timeout=3_000)
        expect(desk.get_by_test_id("card")).to_contain_text(customer["name"], timeout=3_000)
        expect(desk.get_by_test_id("answer")).to_be_enabled(timeout=3_000)
    except (AssertionError, TimeoutError):
        if desk.get_by_test_id("decline").is_visible():
            desk.get_by_test_id("decline").click()
        desk.get_by_test_id("pause").click()
        desk.get_by_test_id("pause-break").click()
        caller.get_by_test_id("test-hang-up").click()
        return False
    return True


def main() -> None:
    """Both pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo() as house, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(SWITCHES))
        began = time.monotonic()
        desk, board = open_page(browser, house.url), open_page(browser, house.url)
        sign_in(desk, *house.agent)
        sign_in(board, *house.supervisor)
        desk.get_by_test_id("work-start").click()
        expect(desk.get_by_test_id("phone")).to_have_attribute("data-registration", "registered")
        customer = a_customer_of_the_seat(desk)
        time.sleep(max(0.0, LIVED_S - (time.monotonic() - began)))
        board.screenshot(path=PICTURES / "board.png")
        caller = open_page(browser, house.url)
        if not any(ring(desk, caller, customer) for _ in range(TRIES)):
            raise SystemExit(f"{customer['name']} did not get through in {TRIES} tries")
        desk.set_viewport_size({"width": 1280, "height": 720})
        desk.screenshot(path=PICTURES / "desk.png")
        browser.close()


if __name__ == "__main__":
    main()
