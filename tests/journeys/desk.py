"""An agent at the page: what they do, what they see, and what comes out of their headset."""

from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import PASSWORD

_HEARD = """async () => {
  const audio = document.getElementById("remote-audio");
  const stream = audio && audio.srcObject;
  if (!stream || !stream.active) return [0, 0];
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  analyser.smoothingTimeConstant = 0;
  context.createMediaStreamSource(stream).connect(analyser);
  await new Promise((done) => setTimeout(done, 600));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  let best = 0;
  for (let i = 1; i < bins.length; i++) if (bins[i] > bins[best]) best = i;
  const found = [best * context.sampleRate / analyser.fftSize, bins[best]];
  await context.close();
  return found;
}"""


class Desk:
    """One agent's page."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page: Page = context.new_page()
        self.page.goto(url)

    def sign_in(self, user: str) -> None:
        """Type name and password."""
        self.page.get_by_label("User name").fill(user)
        self.page.get_by_role("textbox", name="Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()

    def start_work(self) -> None:
        """Begin to take calls."""
        self.page.get_by_test_id("start-work").or_(
            self.page.get_by_role("button", name="Start work")
        ).first.click()
        expect(self.page.get_by_text("Phone ready")).to_be_visible()
        self.page.get_by_role("button", name="Ready").first.click()

    def end_work(self) -> None:
        """Take no more calls, so that the next journey finds the floor empty."""
        self.page.get_by_role("button", name="End work").click()
        expect(self.page.get_by_role("button", name="Start work")).to_be_visible()

    @property
    def call(self) -> Any:
        """The element that carries the state of the call in hand."""
        return self.page.get_by_test_id("call-state")

    def phase(self, phase: str, seconds: float = 15) -> None:
        """Wait until the call in hand is in a phase."""
        expect(self.call).to_have_attribute("data-phase", phase, timeout=seconds * 1000)

    def connected(self, seconds: float = 10) -> None:
        """Wait until sound can pass."""
        expect(self.call).to_have_attribute("data-media", "connected", timeout=seconds * 1000)

    def heard(self) -> tuple[float, float]:
        """(Hz, dB) of the loudest tone in the headset during 600 ms."""
        hz, level = self.page.evaluate(_HEARD)
        return float(hz), float(level)
