"""Flows of other systems become ours: a flow that loads, and a list of what became of every node.

* ``reading``         - an export is JSON of anybody's making: read without believing in anything
* ``words``           - what is said (SSML, voices), and their variables under names of ours
* ``building``        - the nodes found for theirs, named, written as YAML with comments, and counted
* ``amazon_connect``  - the actions of Amazon Connect's flow language (Version 2019-10-30)
* ``connect_file``    - its files: from the console, from the API, and in the older form
* ``connect_modules`` - that older form, told in the flow language
* ``studio``          - Twilio Studio
* ``liquid``          - the templates of Twilio Studio

What cannot be said in our nodes becomes a ``placeholder`` that leads to its failure exit, with the reason.
Nothing is dropped in silence: what needs no node here, and what nothing leads to, is told as well.
"""

from collections.abc import Callable, Mapping

from ivr.importing import amazon_connect, studio
from ivr.importing.building import Imported, Plan, write
from ivr.importing.reading import FlowImportError, read_export

SYSTEMS: Mapping[str, tuple[str, Callable[[Mapping[str, object]], Plan]]] = {
    "amazon-connect": ("Amazon Connect", amazon_connect.plan),
    "twilio-studio": ("Twilio Studio", studio.plan),
}
"""The word of the command line: what the system is called, and who understands its exports."""


def import_flow(text: str, system: str, name: str) -> Imported:
    """The export in ``text`` as a flow called ``name``, or like it. Raises FlowImportError."""
    title, understand = SYSTEMS[system]
    return write(understand(read_export(text)), name, title)


__all__ = ["SYSTEMS", "FlowImportError", "Imported", "import_flow"]
