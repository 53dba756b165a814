"""``play`` plays the file of the language spoken."""

from domain.flow import Say
from domain.switch import Sound
from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow

PLAY = "start: {type: play, sound: jingle, text: {en: La la, zh-CN: 啦啦}, next: end}"


def test_the_file_of_the_language_is_played() -> None:
    """With words for where there is none."""
    caller = Caller(small_flow(PLAY))
    assert caller.last(Say).prompts == (Sound("jingle", "en", "La la"),)
    assert caller.listens() == ["hangs up: self_served"]


def test_it_is_a_say_otherwise() -> None:
    """A key ends it and counts for what comes next; the words may be left out."""
    caller = Caller(small_flow("start: {type: play, sound: jingle, next: end}"))
    assert caller.presses("1") == ["hushes", "hangs up: self_served"]
    assert list(small_flow(PLAY).fixed_prompts()) == [
        Sound("jingle", "en", "La la"),
        Sound("jingle", "zh-CN", "啦啦"),
    ]
