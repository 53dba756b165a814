"""Flows with the whole live floor around them: what they ask for is carried out, and comes back to them."""

from typing import Any

import pytest

from acd.floor import Floor
from callfloor.simulation import VirtualFloor
from calls.engine import Engine
from domain.calls import CallFinished, CallRecord
from domain.codec import dumps, loads
from domain.config import EntryNumber, FrontDoorConfigured
from domain.desk import AgentReady, AgentSignedIn
from domain.flow import Answered, Ask
from domain.ids import AgentId
from domain.switch import Play, SwitchReady
from ivr.book import FlowBook
from ivr.load import load_flow
from telephony.simulated import VirtualCaller, VirtualPhone
from tests.calls.floor import START, configuration, device_of, look_up

MAIN = load_flow(
    """\
flow: main
version: 1
languages: [en]
default_queue: sales
entry: choose
nodes:
  choose:
    type: menu
    prompts: {en: Choose.}
    exits:
      {1: wait, 2: offer, 3: pin, 4: identify, 5: hand_on, 6: stand, 7: agree, no_input: bye, no_match: bye}
  wait: {type: queue, queue: sales, exits: {after: rate, default: bye}}
  rate: {type: survey, exits: {done: bye, no_input: bye}}
  offer: {type: callback, queue: sales, exits: {declined: bye, failed: sorry}}
  pin:
    type: collect
    into: pin
    sensitive: true
    min: 6
    max: 6
    luhn: true
    prompts: {en: Your PIN.}
    no_match_prompts: {en: Wrong.}
    exits: {done: look, no_input: bye, no_match: bye}
  look:
    type: record
    query: balance
    parameters: {pin: "{pin}"}
    into: {balance: balance}
    exits: {found: tell, none: bye, failed: sorry}
  tell: {type: say, prompts: {en: "You have {balance|amount}."}, next: bye}
  identify: {type: subflow, flow: identify, exits: {done: greet, failed: sorry}}
  greet: {type: say, prompts: {en: "Hello {who}."}, next: bye}
  hand_on: {type: transfer, number: "+861082345678", exits: {failed: sorry}}
  stand:
    type: queue_state
    queue: sales
    cases: [{if: queue_staffed == 2 and queue_available == 2, exit: two}]
    exits: {two: greet_two, otherwise: bye}
  greet_two: {type: say, prompts: {en: "{queue_staffed} are here."}, next: bye}
  agree: {type: consent, exits: {yes: mark, no: bye}}
  mark: {type: tag, marks: {purpose: enquiry}, next: bye}
  sorry: {type: say, prompts: {en: Sorry.}, next: bye}
  bye: {type: hang_up}
""",
    "main.yaml",
)
IDENTIFY = load_flow(
    """\
flow: identify
version: 1
languages: [en]
default_queue: sales
entry: ask
nodes:
  ask: {type: menu, prompts: {en: Press one if you are Ada.}, exits: {1: ada, no_input: back, no_match: back}}
  ada: {type: set, values: {who: Ada}, next: back}
  back: {type: return}
""",
    "identify.yaml",
)
PIN, WRONG = "123455", "123456"


def answer(ask: Ask, parameters: dict[str, str]) -> Answered:
    """The bank's books."""
    assert parameters["pin"] == PIN
    return Answered(ask.call, ask.ask, "ok", {"balance": "12.50"})


def make_engine(state: Any = None) -> Engine:
    book = FlowBook(())
    book.add(MAIN)
    book.add(IDENTIFY)
    if state is None:
        return Engine(Floor(), book)
    return Engine.restore(state, Floor.restore(state.floor), book)


class Scene:
    """The floor with two agents, and a caller."""

    def __init__(self) -> None:
        self.floor = VirtualFloor(make_engine(), START, look_up, answer)
        for fact in configuration(("li", "wu")):
            self.floor.tell(fact)
        self.floor.tell(FrontDoorConfigured((EntryNumber("95588", "main"),)))
        self.phones: list[VirtualPhone] = []
        for agent in ("li", "wu"):
            phone = self.floor.switch.phone(device_of(agent))
            self.phones.append(phone)
            phone.answers_after_s = 1.0
            phone.register()
            self.floor.tell(AgentSignedIn(AgentId(agent), phone.device))
            self.floor.tell(AgentReady(AgentId(agent)))
        self.caller: VirtualCaller = self.floor.switch.dial("+8613800000001", "95588")
        self.wait(0.1)

    def wait(self, seconds: float) -> None:
        self.floor.run_for(seconds)

    def press(self, keys: str) -> str:
        """Press keys one after the other, and what is heard then."""
        for key in keys:
            self.caller.press(key)
            self.wait(0.1)
        return self.heard()

    def heard(self) -> str:
        """What the caller was told last."""
        return " ".join(getattr(p, "text", "") for p in self.floor.made(Play)[-1].prompts)

    def crash(self) -> None:
        """The floor comes back from what was saved, and the vault is empty."""
        switch = self.floor.switch
        self.floor.engine = make_engine(loads(dumps(self.floor.engine.state)))
        self.floor.vault.clear()
        self.floor.tell(SwitchReady(tuple(switch.legs), tuple(switch.registered)))
        self.wait(0.1)

    def record(self) -> CallRecord:
        """The call, once it is over."""
        self.wait(60)
        return next(m.record for m in self.floor.made(CallFinished))


def test_a_caller_comes_back_from_the_agent_and_rates_the_call() -> None:
    """The score is in the record, and the call counts as answered."""
    scene = Scene()
    scene.press("1")
    scene.wait(3)
    next(phone for phone in scene.phones if phone.leg in scene.floor.switch.legs).hang_up()
    scene.wait(0.1)
    assert scene.heard().startswith("How was our service?")
    scene.press("5")
    record = scene.record()
    assert (record.outcome, record.marks) == ("answered", {"survey": "5"})


def test_a_place_is_kept_for_whoever_would_rather_be_called_back() -> None:
    """Though an agent was free."""
    scene = Scene()
    assert scene.press("2").startswith("If you would rather not wait")
    assert scene.press("1").startswith("Thank you. We will call you back")
    assert scene.record().outcome == "callback"


def test_digits_nobody_may_see_reach_the_books_and_nothing_else() -> None:
    """The vault looks at them first; they are in no fact, no intent and no state."""
    scene = Scene()
    assert scene.press("3") == "Your PIN."
    assert scene.press(WRONG).startswith("Wrong.")
    assert scene.press(PIN) == "You have ¥12.50."
    seen = "".join(dumps([fact, *made]) for _, fact, made in scene.floor.steps)
    assert PIN not in seen and PIN not in dumps(scene.floor.engine.state)
    assert scene.record().outcome == "self_served"


@pytest.mark.parametrize("typed", ["12", ""])
def test_after_a_crash_they_are_asked_for_again(typed: str) -> None:
    """From the first digit."""
    scene = Scene()
    scene.press("3" + typed)
    scene.crash()
    assert scene.press(PIN) == "You have ¥12.50."


def test_a_flow_calls_another_across_a_crash() -> None:
    """And comes back with what was set there."""
    scene = Scene()
    assert scene.press("4") == "Press one if you are Ada."
    scene.crash()
    assert scene.press("1") == "Hello Ada."


def test_a_number_nobody_picks_up_gives_the_caller_back() -> None:
    """The flow goes on."""
    scene = Scene()
    scene.press("5")
    scene.wait(90)
    assert "hand_on" in scene.record().path and "sorry" in scene.record().path


def test_the_floor_says_how_its_queues_stand() -> None:
    """The living one, and one that came back after a crash."""
    assert Scene().press("6") == "2 are here."
    scene = Scene()
    scene.crash()
    assert scene.press("6") == "2 are here."


def test_consent_and_purpose_are_in_the_record() -> None:
    """Under their names."""
    scene = Scene()
    scene.press("71")
    assert scene.record().marks == {"consent": "yes", "purpose": "enquiry"}
