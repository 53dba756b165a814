"""Results of scenarios as JUnit XML, as build servers read it."""

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from ivr.scenario import Result

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(results: Iterable[tuple[Result, float]], broken: Iterable[tuple[str, str]] = ()) -> str:
    """The document: a suite for each file, a case for each scenario with its seconds.

    ``broken`` are files that could not be played, with the reason.
    """
    root = ElementTree.Element("testsuites")
    suites: dict[str, list[tuple[Result, float]]] = {}
    for result, seconds in results:
        suites.setdefault(result.scenario.file, []).append((result, seconds))
    for file, cases in suites.items():
        suite = ElementTree.SubElement(root, "testsuite", name=_text(file), tests=str(len(cases)))
        suite.set("failures", str(sum(result.failure is not None for result, _ in cases)))
        suite.set("errors", "0")
        suite.set("time", f"{sum(seconds for _, seconds in cases):.6f}")
        for result, seconds in cases:
            _case(suite, result, seconds)
    for file, reason in broken:
        suite = ElementTree.SubElement(
            root, "testsuite", name=_text(file), tests="1", failures="0", errors="1"
        )
        case = ElementTree.SubElement(suite, "testcase", name=_text(file), classname=_text(file))
        ElementTree.SubElement(case, "error", message=_text(reason.partition("\n")[0])).text = _text(reason)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _case(suite: ElementTree.Element, result: Result, seconds: float) -> None:
    scenario, failure = result.scenario, result.failure
    case = ElementTree.SubElement(
        suite, "testcase", name=_text(scenario.name), classname=_text(scenario.file)
    )
    case.set("file", _text(scenario.file))
    case.set("line", str(scenario.line))
    case.set("time", f"{seconds:.6f}")
    if failure is not None:
        message = f"line {failure.line}: {failure.step}: {failure.reason}"
        element = ElementTree.SubElement(case, "failure", message=_text(message))
        element.text = _text("\n".join(result.transcript))


def _text(text: str) -> str:
    return _NO_XML.sub("?", text)
