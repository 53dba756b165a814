"""``play``: a recorded sound, the same in every language or with a file for each."""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.switch import Sound
from ivr.flow import Fields
from ivr.nodes.say import SayNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Play(SayNode):
    """Play the file ``sound`` of the call's language; ``text`` is spoken where there is no file."""

    TYPE: ClassVar[str] = "play"

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``sound``, ``text`` per language, ``barge_in`` (true)."""
        sound, texts = fields.text("sound"), fields.words("text", required=False)
        return {
            "prompts": {one: (Sound(sound, one, texts.get(one, "")),) for one in fields.languages},
            "barge_in": fields.flag("barge_in", True),
        }
