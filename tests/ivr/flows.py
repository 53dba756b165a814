"""Small flows for tests: only the nodes are written, the rest of the document stands around them."""

import re
from textwrap import dedent, indent

from ivr.flow import Flow
from ivr.load import load_flow

HEAD = """\
flow: small
version: 1
languages: [en, zh-CN]
default_queue: everybody
entry: start
"""

ENDS = {
    "queue_end": "queue_end: {type: queue, queue: sales, exits: {default: end}}\n",
    "end": "end: {type: hang_up}\n",
}


def small_text(nodes: str, **more: str) -> str:
    """The document of these nodes; ``queue_end`` and ``end`` are added where a node leads there."""
    body = dedent(nodes).rstrip() + "\n"
    for name, text in ENDS.items():
        if re.search(rf"\b{name}\b", body) and not re.search(rf"^{name}:", body, re.MULTILINE):
            body += text
    lines = "".join(f"{key}: {value}\n" for key, value in more.items())
    return f"{HEAD}{lines}nodes:\n{indent(body, '  ')}"


def small_flow(nodes: str, **more: str) -> Flow:
    """The flow of ``small_text``."""
    return load_flow(small_text(nodes, **more), "small.yaml")
