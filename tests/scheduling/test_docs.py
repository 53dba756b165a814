"""The page for planners is true."""

import dataclasses
import json
import re
import typing

import jsonschema

from scheduling.formats.books import find_book, read_book, ready_made
from scheduling.formats.documents import problem_schema, read_problem
from scheduling.formats.people_csv import COLUMNS
from scheduling.judge.bench import RULES
from scheduling.rules import COUNTED
from tests.test_docs import blocks, tables, text_of

PAGE = text_of("docs/scheduling.md")


def test_the_problem_of_the_page_is_one() -> None:
    """It can be read, and the schema takes it."""
    (text,) = blocks(PAGE, "json")
    assert len(read_problem(text).people) == 3
    jsonschema.validate(json.loads(text), problem_schema())


def test_every_rule_is_documented() -> None:
    """The table has every family with all of its fields; the judge judges each."""
    (table,) = (one for one in tables(PAGE) if one[0][0] == "rule")
    told = {row[0]: {field for field in row[2].split(", ") if field} for row in table[1:]}
    there = {}
    for kind in RULES:
        (name,) = typing.get_args(typing.get_type_hints(kind)["rule"])
        there[name] = {one.name for one in dataclasses.fields(kind)} - {"rule", "who", "weight", "name"}
    assert told == there
    assert set(COUNTED) <= set(re.findall(r"`(\w+)`", PAGE))


def test_books_and_columns_are_those_there_are() -> None:
    """Every ready-made book, every column of people with its Chinese heading; the page's book can be read."""
    books = next(one for one in tables(PAGE) if one[0][0] == "book")
    assert [row[0] for row in books[1:]] == ready_made()
    for name in ready_made():
        find_book(name)
    columns = next(one for one in tables(PAGE) if one[0][0] == "column")
    assert {row[0]: tuple(row[1].split(", ")) for row in columns[1:]} == COLUMNS
    (text,) = blocks(PAGE, "")
    assert read_book(text, "page").title == "Our house"
