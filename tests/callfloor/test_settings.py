"""Settings: one file plus environment, every problem in one pass."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callfloor.settings import Acd, Settings, SettingsError, load


def write(folder: Path, text: str) -> Path:
    file = folder / "callfloor.toml"
    file.write_text(text, encoding="utf-8")
    return file


def problems(path: Path | None, environment: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(path, environment or {})
    return caught.value.problems


def test_without_a_file_there_are_defaults() -> None:
    """A platform on loopback with SQLite in ./data."""
    settings = load(None, {})
    assert settings == Settings()
    assert settings.database_url == "sqlite:///data/callfloor.db"
    assert settings.journal_path == Path("data/journal.db")


def test_a_file_says_what_is_different(tmp_path: Path) -> None:
    """The rest keeps its default."""
    file = write(
        tmp_path,
        'log_level = "warning"\nregion = "US"\n[web]\nport = 8443\nself_signed = true\n'
        '[data]\nfolder = "/srv/cf"\n[flows]\nfolders = ["/srv/flows"]\n',
    )
    settings = load(file, {})
    assert (settings.web.port, settings.web.self_signed, settings.web.host) == (8443, True, "127.0.0.1")
    assert settings.database_url == "sqlite:////srv/cf/callfloor.db"
    assert (settings.flows.folders, settings.region, settings.log_level) == (("/srv/flows",), "US", "warning")


def test_the_environment_wins(tmp_path: Path) -> None:
    """Of text, numbers, flags and lists; other variables are not ours."""
    file = write(tmp_path, "[web]\nport = 1\n[sip]\nport = 2\n")
    settings = load(
        file,
        {
            "CALLFLOOR_WEB_PORT": "8443",
            "CALLFLOOR_WEB_SELF_SIGNED": "yes",
            "CALLFLOOR_DATA_DATABASE": "postgresql+psycopg://db/cf",
            "CALLFLOOR_FLOWS_FOLDERS": "/a:/b",
            "CALLFLOOR_LOG_LEVEL": "debug",
            "CALLFLOOR_SOMETHING": "else",
            "PORT": "9",
        },
    )
    assert (settings.web.port, settings.sip.port, settings.web.self_signed) == (8443, 2, True)
    assert settings.database_url == "postgresql+psycopg://db/cf"
    assert (settings.flows.folders, settings.log_level) == (("/a", "/b"), "debug")


def test_every_problem_is_named_in_one_pass(tmp_path: Path) -> None:
    """Of the file with its name, of the environment with the variable's."""
    file = write(
        tmp_path,
        'colour = "red"\nlog_level = "loud"\nweb = 3\n[sip]\nport = "many"\nhost = 7\nfax = true\n'
        "media_ports_from = 30000\n[flows]\nfolders = [1]\n",
    )
    sip = "advertised, host, media_ports_from, media_ports_to, port"
    all_of_it = "acd, data, flows, log_level, messages, region, sip, speech, web"
    assert problems(file, {"CALLFLOOR_WEB_PORT": "high", "CALLFLOOR_WEB_SELF_SIGNED": "maybe"}) == [
        f"{file}: colour: unknown setting; known are {all_of_it}",
        f"{file}: web: must be a table [web]",
        f"{file}: sip.port: must be a whole number, is 'many'",
        f"{file}: sip.host: must be text, is 7",
        f"{file}: sip.fax: unknown setting; known are {sip}",
        f"{file}: flows.folders: must be a list of strings, is [1]",
        "CALLFLOOR_WEB_PORT: must be a whole number, is 'high'",
        "CALLFLOOR_WEB_SELF_SIGNED: must be true or false, is 'maybe'",
        "sip.media_ports_to: must leave at least 100 ports above sip.media_ports_from",
        "log_level: must be debug, info, warning or error, is 'loud'",
    ]


def test_strategies_are_a_table_of_names(tmp_path: Path) -> None:
    """In the file as TOML has them, in the environment with commas; what cannot be meant is told."""
    file = write(tmp_path, '[acd]\nmissed_limit = 3\nstrategies = {mine = "bank.strategies:mine"}\n')
    assert load(file, {}).acd == Acd(3, {"mine": "bank.strategies:mine"})
    environment = {"CALLFLOOR_ACD_STRATEGIES": "mine=a.b:c, other=d:e"}
    assert load(None, environment).acd.strategies == {"mine": "a.b:c", "other": "d:e"}
    wrong = write(tmp_path, '[acd]\nmissed_limit = 0\nstrategies = {"a b" = "x", c = "d.e"}\n')
    assert problems(wrong) == [
        "acd.missed_limit: must be between 1 and 100, is 0",
        "acd.strategies: 'a b' cannot be a name; use letters, digits and _ - .",
        "acd.strategies: a b: must be package.module:function, is 'x'",
        "acd.strategies: c: must be package.module:function, is 'd.e'",
    ]
    assert problems(write(tmp_path, "[acd]\nstrategies = {a = 1}\n"))[0].endswith(
        "acd.strategies: must be a table of texts, is {'a': 1}"
    )
    assert problems(None, {"CALLFLOOR_ACD_STRATEGIES": "mine"}) == [
        "CALLFLOOR_ACD_STRATEGIES: must be name=value,name=value, is 'mine'"
    ]


def test_true_is_no_number(tmp_path: Path) -> None:
    """Types are exact."""
    assert problems(write(tmp_path, "[web]\nport = true\n")) == [
        f"{tmp_path / 'callfloor.toml'}: web.port: must be a whole number, is True"
    ]


def test_certificate_and_key_go_together_and_exist(tmp_path: Path) -> None:
    """A half pair, or a file that is not there, is said before anything starts."""
    file = write(tmp_path, '[web]\ncertificate = "/none.pem"\n')
    assert problems(file) == [
        "web.certificate and web.key: give both or neither",
        "web.certificate: there is no file /none.pem",
    ]


def test_ports_are_ports() -> None:
    """0 lets the system choose."""
    assert problems(None, {"CALLFLOOR_WEB_PORT": "70000"}) == [
        "web.port: must be between 0 and 65535, is 70000"
    ]
    assert load(None, {"CALLFLOOR_SIP_PORT": "0"}).sip.port == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "there is no such file"), (b"[web", "Expected ']'"), (b"region = '\xff'", "utf-8")],
)
def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path, content: bytes | None, said: str) -> None:
    """Missing, broken, or not UTF-8."""
    file = tmp_path / "callfloor.toml"
    if content is not None:
        file.write_bytes(content)
    (problem,) = problems(file)
    assert problem.startswith(f"{file}: ")
    assert said in problem


NAMES = st.sampled_from(
    [
        "WEB_PORT",
        "WEB_SELF_SIGNED",
        "SIP_MEDIA_PORTS_FROM",
        "FLOWS_FOLDERS",
        "LOG_LEVEL",
        "REGION",
        "DATA_FOLDER",
    ]
)


@given(st.dictionaries(NAMES.map("CALLFLOOR_{}".format), st.text(max_size=8), max_size=4))
@example({"CALLFLOOR_WEB_PORT": "²"})  # a digit, and no number
def test_whatever_the_environment_says_it_is_settings_or_problems(environment: dict[str, str]) -> None:
    """Never anything else, and a problem names its setting."""
    try:
        load(None, environment)
    except SettingsError as error:
        found = error.problems
    else:
        found = []
    known = ("CALLFLOOR_", "web.", "sip.", "log_level")
    assert all(problem.startswith(known) for problem in found)
