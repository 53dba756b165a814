"""One contract for every CRM: the twin in memory, and the records in SQLite and in PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from common.db import Database
from crm_bridge import retail
from crm_bridge.database import DatabaseCrm
from crm_bridge.memory import MemoryCrm
from crm_bridge.port import Crm
from domain.crm import CallerIdentified
from domain.ids import AgentId, CallId
from tests.crm_bridge.bank import HOME, LI, NOW, WAN, WANG, customer, li, record, wang

CALL = CallId("call")
AGENTS = {"zhao": "赵敏 (8001)"}


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.peer)])
def crm(request: pytest.FixtureRequest) -> Crm:
    if request.param == "memory":
        made: Crm = MemoryCrm([retail.scheme()], "CN", AGENTS)
    elif request.param == "sqlite":
        made = DatabaseCrm(request.getfixturevalue("sqlite"), "CN", lambda: AGENTS)
    else:
        made = DatabaseCrm(request.getfixturevalue("on_postgres"), "CN", lambda: AGENTS)
    for one in (wang(), li()):
        made.put(one, NOW)
    return made


def test_one_customer_is_named(crm: Crm) -> None:
    """Name, tier, priority, the owner who takes calls, language and branch."""
    expected = CallerIdentified(
        CALL,
        "one",
        wang().id,
        "王伟",
        retail.scheme().tiers[3].id,
        40.0,
        wang().owners[1].agent,
        "zh-CN",
        branch="城东支行",
    )
    assert crm.identify(CALL, WANG) == expected


def test_whom_they_spoke_with_last(crm: Crm) -> None:
    """The agent of the newest contact that had one; nobody for who never spoke with anybody."""
    assert crm.identify(CALL, WANG).last_agent is None
    crm.add_call(record("k1"))
    crm.add_call(replace(record("k2", started=NOW + 60), agent=AgentId("qian")))
    crm.add_call(replace(record("k3", started=NOW + 90), agent=None, outcome="abandoned"))
    assert crm.identify(CALL, WANG).last_agent == "qian"
    assert crm.identify(CALL, HOME).last_agent is None
    assert crm.identify(CALL, LI).last_agent is None


def test_a_number_is_known_however_it_is_signalled(crm: Crm) -> None:
    """National, with 00, as a SIP address."""
    for written in ("13800000001", "0086 138 0000 0001", "sip:+8613800000001@10.0.0.1"):
        assert crm.identify(CALL, written).customer == "c-1", written


def test_several_who_share_a_number_are_candidates(crm: Crm) -> None:
    """Nobody is named; the highest priority and the common language hold whoever of them calls."""
    found = crm.identify(CALL, HOME)
    assert found == CallerIdentified(
        CALL, "many", priority=40.0, language="zh-CN", candidates=(wang().id, li().id)
    )


def test_different_languages_are_nobodys(crm: Crm) -> None:
    """Where those who share a number differ in language, none is taken."""
    crm.put(replace(li(), language="en"), NOW)
    assert crm.identify(CALL, HOME).language is None


def test_strangers_and_withheld_numbers_are_none(crm: Crm) -> None:
    """An unknown number, no number, an extension, rubbish."""
    for unknown in ("+8613899999999", "anonymous", "", "8001", "' OR 1=1 --"):
        assert crm.identify(CALL, unknown) == CallerIdentified(CALL, "none"), unknown


def test_a_customer_below_every_band_has_no_tier(crm: Crm) -> None:
    """They are known, and visibly without a tier."""
    crm.put(customer("c-3", "+8613800000003", assets=WAN // 20), NOW)
    found = crm.identify(CALL, "+8613800000003")
    assert (found.match, found.tier, found.priority) == ("one", None, 0.0)
    shown = crm.card("call", "one", "c-3", ())["customer"]
    assert (shown["tier"], shown["tier_name"], shown["assets"]) == (None, None, "500.00")


def test_the_card_of_one(crm: Crm) -> None:
    """Everything the page shows, and nothing else."""
    crm.add_call(record("k1"))
    assert crm.card("call", "one", "c-1", ()) == {
        "call": "call",
        "match": "one",
        "customer": {
            "id": "c-1",
            "name": "王伟",
            "tier": "retail-wealth",
            "tier_name": "财富客户",
            "branch": "城东支行",
            "language": "zh-CN",
            "phones": [WANG, HOME],
            "owners": [{"role": "客户经理", "name": "陈静"}, {"role": "客户经理主管", "name": "赵敏 (8001)"}],
            "products": [
                {
                    "name": "借记卡",
                    "number": "6222 **** 0001",
                    "balance": "1234.56",
                    "currency": "CNY",
                    "opened": None,
                },
                {
                    "name": "基金",
                    "number": "FD **** 0002",
                    "balance": None,
                    "currency": "CNY",
                    "opened": None,
                },
            ],
            "notes": None,
            "assets": "600000.00",
            "contacts": [
                {
                    "at": NOW // 1000,
                    "channel": "phone",
                    "direction": "in",
                    "purpose": "",
                    "summary": "",
                    "agent_name": "赵敏 (8001)",
                    "outcome": "answered",
                }
            ],
        },
        "candidates": [],
    }


def test_the_card_of_many(crm: Crm) -> None:
    """The candidates in the order asked; one that is gone is left out."""
    assert crm.card("call", "many", None, ("c-2", "gone", "c-1")) == {
        "call": "call",
        "match": "many",
        "customer": None,
        "candidates": [
            {"id": "c-2", "name": "李娜", "tier_name": "大众客户", "branch": None},
            {"id": "c-1", "name": "王伟", "tier_name": "财富客户", "branch": "城东支行"},
        ],
    }


def test_the_card_of_nobody(crm: Crm) -> None:
    """No match, a failed lookup, and a customer who is gone meanwhile."""
    for match, of, shown in (("none", None, "none"), ("failed", None, "failed"), ("one", "gone", "none")):
        expected: dict[str, object] = {"call": "call", "match": shown, "customer": None, "candidates": []}
        assert crm.card("call", match, of, ()) == expected


def test_search(crm: Crm) -> None:
    """By part of a name, by id, by a number as people write it; marks of patterns are only letters."""
    expected = {
        "": ["c-1", "c-2"],
        "王": ["c-1"],
        "娜": ["c-2"],
        "c-2": ["c-2"],
        "138 0000 0002": ["c-2"],
        "020-8765 4321": ["c-1", "c-2"],
        LI: ["c-2"],
        "%": [],
        "_": [],
        "nobody": [],
    }
    assert {words: [one.id for one in crm.search(words, 10)] for words in expected} == expected


def test_search_ignores_the_case_and_goes_on_after_an_id(crm: Crm) -> None:
    """Names in Latin letters; pages by id."""
    crm.put(customer("c-3", name="Grace Hughes"), NOW)
    assert [one.id for one in crm.search("hugh", 10)] == ["c-3"]
    assert [one.id for one in crm.search("", 2)] == ["c-1", "c-2"]
    assert [one.id for one in crm.search("", 2, "c-2")] == ["c-3"]


def test_a_changed_customer_is_changed_in_all_parts(crm: Crm) -> None:
    """Numbers, owners and products that are gone are gone; the same ones in another order are reordered."""
    crm.put(replace(wang(), phones=(HOME, WANG), owners=wang().owners[::-1], products=()), NOW)
    shown = crm.card("call", "one", "c-1", ())["customer"]
    assert shown["phones"] == [HOME, WANG]
    assert [o["role"] for o in shown["owners"]] == ["客户经理主管", "客户经理"]
    assert shown["products"] == []
    crm.put(replace(wang(), phones=(WANG,)), NOW)
    assert crm.identify(CALL, HOME).customer == "c-2"


def test_a_call_is_added_once(crm: Crm) -> None:
    """Adding it again, as a rebuilt history does, changes nothing."""
    for _ in range(3):
        crm.add_call(record("k1"))
    crm.add_call(record("k2", started=NOW + 10))
    assert [c.call for c in crm.contacts("c-1", 10)] == ["k2", "k1"]


def test_a_call_of_nobody_or_of_somebody_gone_is_left_out(crm: Crm) -> None:
    """No customer, or one who is no longer there: no line and no error."""
    crm.add_call(record("k1", of=None))
    crm.add_call(record("k2", of="gone"))
    assert list(crm.contacts("gone", 10)) == []


def test_the_card_shows_the_last_ten(crm: Crm) -> None:
    """Newest first; of one instant the later added is the newer."""
    for at in range(12):
        crm.add_call(record(f"k{at}", started=NOW + (at // 2) * 1000))
    assert [c.call for c in crm.contacts("c-1", 10)] == [f"k{at}" for at in range(11, 1, -1)]
    assert len(crm.card("call", "one", "c-1", ())["customer"]["contacts"]) == 10


@pytest.fixture
def on_postgres(postgres_tables: str) -> Iterator[Database]:
    from tests.crm_bridge.conftest import seeded

    with seeded(postgres_tables) as database:
        yield database
