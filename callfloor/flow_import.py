"""``callfloor flow import``: a flow of another system as one of ours, and what became of every node."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ivr.importing import Imported

WELL, PROBLEM = 0, 1
SYSTEMS = ("amazon-connect", "twilio-studio")


def add(verb: Callable[..., None]) -> None:
    """Register the verb: ``verb(name, words, run, *options)``."""

    def option(*names: str, **how: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
        return names, how

    verb(
        "import",
        "make a flow of one exported from another system",
        run,
        option("file", type=Path, metavar="FILE", help="the export (JSON)"),
        option("--from", dest="system", choices=SYSTEMS, required=True, help="where it comes from"),
        option("--out", type=Path, metavar="FILE", help="the new flow (default: standard output)"),
        option("--name", default="", help="the flow's name (default: that of the file)"),
        option("-v", "--verbose", action="store_true", help="tell of every node, not only what is lost"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the flow, say what became of each node, and what there must be for it to work."""
    from ivr.importing import FlowImportError, import_flow

    file, out = arguments.file, arguments.out
    if out is not None and out.exists():
        return _problem(f"{out} is there already; choose another name")
    try:
        text = file.read_text(encoding="utf-8-sig")
        imported = import_flow(text, arguments.system, arguments.name or (out or file).stem)
    except UnicodeDecodeError as error:
        return _problem(f"{file}: this is not UTF-8 ({error.reason} at byte {error.start})")
    except FlowImportError as error:
        return _problem(f"{file}: {error}")
    if out is None:
        sys.stdout.write(imported.text)
    else:
        out.write_text(imported.text, encoding="utf-8")
    # What is said does not get into a flow that goes to standard output.
    told = sys.stderr if out is None else sys.stdout
    for line in report(imported, verbose=arguments.verbose):
        print(line, file=told)
    return WELL


def _problem(reason: str) -> int:
    print(f"callfloor: {reason}", file=sys.stderr)
    return PROBLEM


def report(imported: "Imported", *, verbose: bool) -> Iterator[str]:
    """What became of the nodes, a line each and more where something is lost; the share; what is needed."""
    for step in imported.steps:
        if verbose or step.fate in ("partly", "placeholder", "unreached"):
            fate = "left out" if step.fate == "unreached" else step.fate
            node = f" -> {step.node}" if step.node else ""
            yield f"{fate:<12} {step.origin}{node}"
            yield from (f"{'':<16} {remark}" for remark in step.remarks)
    yield imported.summary()
    for kind, names in imported.needs.items():
        yield f"it needs the {kind} {', '.join(names)}"
