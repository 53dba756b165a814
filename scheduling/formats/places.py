"""Where in a text a part of a document stands."""

import re
from collections.abc import Callable

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def json_lines(text: str) -> Callable[[str], int]:
    """The line of a path like ``people[3].skills`` in a JSON text, or of the nearest part above it; 0 if
    there is none. The text must be sound JSON.
    """
    lines = _lines(text)

    def line_of(path: str) -> int:
        while path and path not in lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return lines.get(path, 0)

    return line_of


def _lines(text: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    stack: list[tuple[str, int]] = []  # path of what encloses, and the next place in a list (-1: a mapping)
    key, line, at = "", 1, 0
    tokens = list(_TOKEN.finditer(text))
    for number, found in enumerate(tokens):
        sign = found.group()
        line += text.count("\n", at, found.start())
        at = found.start()
        if sign in "]}":
            stack.pop()
            continue
        if sign in ",:":
            continue
        above, place = stack[-1] if stack else ("", -1)
        if (
            stack
            and place < 0
            and sign[0] == '"'
            and number + 1 < len(tokens)
            and tokens[number + 1].group() == ":"
        ):
            key = f"{above}.{sign[1:-1]}" if above else sign[1:-1]
            lines.setdefault(key, line)
            continue
        here = key if place < 0 else f"{above}[{place}]"
        if place >= 0:
            stack[-1] = above, place + 1
            lines.setdefault(here, line)
        if sign in "[{":
            stack.append((here, 0 if sign == "[" else -1))
    return lines
