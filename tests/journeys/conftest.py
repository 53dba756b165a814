"""One platform for the journeys of a file; a browser with a microphone that hums."""

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.peers import need
from tests.running import Platform, Seat
from tests.sound import RATE, tone

HERE = Path(__file__).parent
PASSWORD = "a-long-password"
USERS = (
    ("grace", "agent", "1001"),
    ("leo", "agent", "1002"),
    ("mina", "agent", "1003"),
    ("ray", "agent", "1004"),
    ("vera", "supervisor", None),
)
HUM_HZ = 880.0
"""What the browser's microphone hears."""
CUSTOMERS = (
    {
        "name": "Ada Lovelace",
        "language": "en",
        "branch": "Eastgate branch",
        "notes": "Prefers to be called in the morning",
        "assets": "260000.00",
        "phones": ["+8613800000001"],
    },
    {"name": "Charles Babbage", "language": "en", "assets": "3500000", "phones": ["+8613800000002"]},
)


def make_platform(folder: Path, extra: str = "", lan: str = "") -> Platform:
    """The bank of the journeys, not started yet; only root can sign in. ``lan`` as for ``Platform``."""
    setup = (HERE / "bank.yaml").read_text(encoding="utf-8")
    return Platform(folder, setup, [("root", "admin", "", PASSWORD)], extra, lan)


def open_bank(platform: Platform) -> None:
    """Serve, give everybody a user, and enter the one customer."""
    platform.start()
    admin = platform.seat("root", PASSWORD)
    for name, role, agent in USERS:
        admin.post(
            "/api/admin/users",
            id=name,
            name=name.title(),
            role=role,
            agent=agent,
            password=PASSWORD,
            language="en",
        )
    for customer in CUSTOMERS:
        admin.post("/api/customers", **customer)
    admin.close()


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The bank, open, with two customers."""
    platform = make_platform(tmp_path_factory.mktemp("platform"))
    try:
        open_bank(platform)
        yield platform
    finally:
        assert platform.stop() == 0, platform.log()


@pytest.fixture
def supervisor(platform: Platform) -> Iterator[Seat]:
    """Vera, who sees every call."""
    seat = platform.seat("vera", PASSWORD)
    yield seat
    seat.close()


def browser_flags(microphone: Path) -> list[str]:
    """Chromium without its chatter, with a fake microphone that plays a file."""
    return [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}",
        "--autoplay-policy=no-user-gesture-required",
    ]


@pytest.fixture(scope="session")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a microphone hears that hums at ``HUM_HZ``, as WAV."""
    path = tmp_path_factory.mktemp("microphone") / "hum.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((tone(HUM_HZ, 10, 0.5) * 32767).astype(np.int16).tobytes())
    return path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The browser's driver."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright, microphone: Path) -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    browser = playwright.chromium.launch(
        executable_path=need("chromium"),
        # Whoever calls from this very machine has no other address; nobody else needs the flag.
        args=[*browser_flags(microphone), "--allow-loopback-in-peer-connection"],
    )
    yield browser
    browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile at 1280x800, in English."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(10_000)
    yield context
    context.close()
