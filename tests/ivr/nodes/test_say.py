"""``say`` speaks, and knows when keys count."""

from domain.flow import PromptEnded, Say
from domain.ids import PlayId
from domain.switch import Sound, Speak, Tone
from tests.ivr.caller import CALL, Caller
from tests.ivr.flows import small_flow

WELCOME = """
start:
  type: say
  barge_in: {barge_in}
  prompts: {{en: Welcome, zh-CN: 欢迎}}
  next: menu
menu:
  type: menu
  prompts: {{en: Press 1, zh-CN: 请按 1}}
  exits: {{1: end, no_input: end, no_match: end}}
"""


def test_it_speaks_to_its_end_then_goes_on() -> None:
    """The next node begins when the prompt was heard."""
    caller = Caller(small_flow(WELCOME.format(barge_in="true")))
    assert caller.listens() == ["says: Press 1"]


def test_a_key_cuts_it_short_and_counts_for_the_menu() -> None:
    """A caller who knows the way need not listen."""
    caller = Caller(small_flow(WELCOME.format(barge_in="true")))
    assert caller.presses("1") == ["hushes", "hangs up: self_served"]
    assert caller.path == ["start", "menu", "menu=1", "end"]


def test_without_barge_in_keys_are_not_heard() -> None:
    """What must be said is said, and keys pressed over it are forgotten."""
    caller = Caller(small_flow(WELCOME.format(barge_in="false")))
    assert caller.presses("1") == []
    assert caller.listens() == ["says: Press 1"]


def test_the_end_of_another_prompt_is_not_its_end() -> None:
    """A late report of an older prompt changes nothing."""
    caller = Caller(small_flow(WELCOME.format(barge_in="true")))
    assert caller.hears(PromptEnded(CALL, PlayId("c1-p0"))) == []
    assert caller.session.state.node == "start"


def test_a_prompt_whose_end_is_never_reported_ends_after_five_minutes() -> None:
    """A lost report does not leave a caller in silence for ever."""
    caller = Caller(small_flow(WELCOME.format(barge_in="true")))
    assert caller.waits(299) == []
    assert caller.waits(2) == ["says: Press 1"]


def test_words_sounds_and_tones_follow_one_another_with_variables_filled_in() -> None:
    """``{variable}`` becomes its value; a text that is empty then is left out."""
    flow = small_flow(
        """
        start:
          type: say
          prompts:
            en:
              - "Hello {customer_name}"
              - "{nobody}"
              - {sound: chime}
              - {tone: 440, ms: 200}
            zh-CN: 您好
          next: end
        """
    )
    caller = Caller(flow, customer_name="Ada")
    assert caller.last(Say).prompts == (Speak("Hello Ada", "en"), Sound("chime", "en"), Tone(440, 200))
