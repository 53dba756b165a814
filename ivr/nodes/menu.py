"""``menu``: each choice is an exit named by the keys to press."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.nodes.asking import Asking
from ivr.walk import Walk

_KEYS = re.compile(r"[0-9*#]{1,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu(Asking):
    """Choose by key. No choice may begin another, so a choice is understood with its last key."""

    TYPE: ClassVar[str] = "menu"

    @classmethod
    def exit_is_known(cls, exit: str, parameters: dict[str, Any]) -> bool:
        """Keys (``1``, ``0``, ``"*"``, ``12``), ``no_input``, ``no_match`` and ``failed``."""
        return _KEYS.fullmatch(exit) is not None or exit in (*cls.MAY, "failed")

    @classmethod
    def exit_problem(cls, exits: list[str]) -> str:
        """At least one choice, and none that begins another."""
        keys = sorted(e for e in exits if _KEYS.fullmatch(e))
        if not keys:
            return "a menu needs at least one exit named by a key"
        clashes = [f"{a} and {b}" for a in keys for b in keys if a != b and b.startswith(a)]
        return f"menu digits collide: {', '.join(clashes)}" if clashes else ""

    def key(self, walk: Walk, digit: str) -> str | None:
        """A choice as soon as it is complete."""
        walk.state.digits += digit
        typed = walk.state.digits
        if typed in self.exits and _KEYS.fullmatch(typed):
            walk.understood(typed)
            return typed
        return None if any(e.startswith(typed) for e in self.exits if _KEYS.fullmatch(e)) else "no_match"
