"""YAML files people write, as a tree whose every piece knows its line: no aliases, bounded in size and depth.

PyYAML's time grows with the square of the depth (20,000 open brackets: most of a minute), so the depth is
counted while the text is read and not after.
"""

import yaml

DEEPEST = 50
"""Lists and mappings within one another; the deepest document of ours has seven."""


class NotPlain(ValueError):
    """The text is no YAML, or more of it than is taken: ``line`` (counted from 1) and ``reason``."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason


def compose(text: str, longest: int) -> yaml.Node | None:
    """The tree of ``text``, None if it is empty. Raises NotPlain, also beyond ``longest`` characters."""
    if len(text) > longest:
        raise NotPlain(1, f"the file is longer than {longest} characters")
    try:
        _look_through(text)
        root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise NotPlain(line, f"this is not YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise NotPlain(1, f"this is not YAML: {str(error).splitlines()[0]}") from error
    return root


def _look_through(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise NotPlain(_line(event), "aliases (*name) are not taken; write the value out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise NotPlain(_line(event), f"the file is nested too deeply: more than {DEEPEST} levels")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
