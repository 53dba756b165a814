"""What the one mechanism promises to every kind of configuration row."""

from collections.abc import Iterator

import pytest
from pydantic import Field
from sqlalchemy import JSON, MetaData, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.rows import KINDS, Change, Fault, Kind, Row, RowBody, in_order, slug
from common.rows_api import admin_router
from tests.common.web import House, TestClient


class OwnRow(Row):
    """Rows of this test, kept out of the tables that migrations look at."""

    __abstract__ = True
    metadata = MetaData()


class BookRow(OwnRow):
    __tablename__ = "books"
    __table_args__ = (UniqueConstraint("isbn"),)
    name: Mapped[str] = mapped_column(String(64))
    isbn: Mapped[str] = mapped_column(String(20))


class ShelfRow(OwnRow):
    __tablename__ = "shelves"
    name: Mapped[str] = mapped_column(String(64))
    books: Mapped[list[str]] = mapped_column(JSON)
    best: Mapped[str | None] = mapped_column(String(64))


class BookBody(RowBody):
    name: str = Field(min_length=1, max_length=64)
    isbn: str = "0"
    pages: int = Field(default=100, gt=0, exclude=True)


class ShelfBody(RowBody):
    name: str = ""
    books: list[str] = Field(default_factory=list)
    best: str | None = None


def best_stands_there(change: Change[ShelfRow, ShelfBody]) -> Iterator[Fault]:
    if change.body.best and change.body.best not in change.body.books:
        yield Fault("best", "does not stand on this shelf")


@pytest.fixture
def library(house: House) -> Iterator[House]:
    """Books with numbers of their own and shelves that point to them."""
    books = Kind("books", BookRow, BookBody, show=lambda row: {"name": row.name, "isbn": row.isbn})
    shelves = Kind(
        "shelves", ShelfRow, ShelfBody, refs={"books": "books", "best": "books"}, check=best_stands_there
    )
    Kind("tickets", ShelfRow, ShelfBody, natural_ids=True)
    OwnRow.metadata.create_all(house.database.engine)
    for kind in (books, shelves, KINDS["tickets"]):
        house.app.include_router(admin_router(kind))
    yield house
    for name in ("books", "shelves", "tickets"):
        del KINDS[name]


@pytest.fixture
def root(library: House) -> TestClient:
    return library.signed_in("root")


def test_a_row_lives(library: House, root: TestClient) -> None:
    """Created, read, listed by id, changed and deleted; listeners hear of each change once."""
    assert root.put("/api/admin/books/b", json={"name": "Bee"}).status_code == 201
    made = root.post("/api/admin/books", json={"id": "a", "name": "Ape", "isbn": "1"})
    assert (made.status_code, made.headers["location"]) == (201, "/api/admin/books/a")
    assert root.put("/api/admin/books/b", json={"id": "b", "name": "Bear"}).status_code == 200
    assert root.get("/api/admin/books/b").json() == {"id": "b", "name": "Bear", "isbn": "0"}
    assert [row["id"] for row in root.get("/api/admin/books").json()] == ["a", "b"]
    assert root.delete("/api/admin/books/b").status_code == 204
    assert [row["id"] for row in root.get("/api/admin/books").json()] == ["a"]
    assert library.changed == ["books"] * 4


def test_listeners_hear_after_the_commit(library: House, root: TestClient) -> None:
    """Who is told of a change and looks finds it."""
    found: list[list[str]] = []

    def look(kind: str) -> None:
        with library.database.transaction() as session:
            found.append([row.id for row in KINDS[kind].all(session)])

    library.app.state.rows_changed = look
    root.put("/api/admin/books/a", json={"name": "Ape"})
    root.delete("/api/admin/books/a")
    assert found == [["a"], []]


def test_who_may(library: House) -> None:
    """Supervisors, planners and admins read; admins write; agents and strangers neither."""
    expected = {"agent": (403, 403), "supervisor": (200, 403), "planner": (200, 403), "admin": (200, 201)}
    for role, (reads, writes) in expected.items():
        library.add(f"the-{role}", role)  # type: ignore[arg-type]
        browser = library.signed_in(f"the-{role}")
        assert browser.get("/api/admin/books").status_code == reads
        assert browser.put("/api/admin/books/a", json={"name": "Ape"}).status_code == writes
    assert library.browser().get("/api/admin/books").status_code == 401


def test_an_id_is_made_from_the_name(root: TestClient) -> None:
    """Readable, in pinyin for Chinese, and never one that was there before."""
    add = lambda name, isbn: root.post("/api/admin/books", json={"name": name, "isbn": isbn}).json()["id"]  # noqa: E731
    assert add("The Big Book!", "1") == "the-big-book"
    assert add("the big book", "2") == "the-big-book-2"
    assert add("理财专席", "3") == "li-cai-zhuan-xi"
    root.delete("/api/admin/books/the-big-book-2")
    assert add("the big book", "2") == "the-big-book-3"
    assert slug("☃") == "" and add("☃", "4") == "row"


def test_ids_do_not_come_back_unasked(root: TestClient) -> None:
    """A deleted row's id is refused until one says so; a natural id is the thing itself and may."""
    root.put("/api/admin/books/a", json={"name": "Ape"})
    root.delete("/api/admin/books/a")
    for answer in (
        root.put("/api/admin/books/a", json={"name": "Ape"}),
        root.post("/api/admin/books", json={"id": "a", "name": "Ape"}),
    ):
        assert (answer.status_code, answer.json()["at"]) == (409, "id")
    assert root.put("/api/admin/books/a?revive=true", json={"name": "Ape"}).status_code == 201
    root.delete("/api/admin/books/a")
    for _ in range(2):
        assert root.put("/api/admin/tickets/+8695588", json={"name": "Line"}).status_code == 201
        assert root.delete("/api/admin/tickets/+8695588").status_code == 204


def test_creating_does_not_overwrite(root: TestClient) -> None:
    """POST, and PUT with If-None-Match, refuse an id that is taken."""
    root.put("/api/admin/books/a", json={"name": "Ape"})
    assert root.post("/api/admin/books", json={"id": "a", "name": "Ant"}).status_code == 409
    only_new = {"If-None-Match": "*"}
    assert root.put("/api/admin/books/a", json={"name": "Ant"}, headers=only_new).status_code == 409
    assert root.get("/api/admin/books/a").json()["name"] == "Ape"


@pytest.mark.parametrize(
    ("path", "body", "detail"),
    [
        ("books/a", {}, "name is missing."),
        ("books/a", {"name": "x", "pages": 0}, "pages is not right: input should be greater than 0."),
        ("books/a", {"name": "x", "page": 1}, "page is no field of this kind."),
        ("books/a", {"name": "x", "id": "b"}, "id is a in the address but b in the body."),
        ("shelves/s", {"books": ["b"]}, "books is 'b', which is not among the books."),
        ("shelves/s", {"best": "a", "books": []}, "best does not stand on this shelf."),
        (
            "books/a b",
            {"name": "x"},
            "id cannot be an id; ids are up to 64 letters, digits and + * # @ . : - (no spaces).",
        ),
    ],
)
def test_what_is_wrong_is_named(
    library: House, root: TestClient, path: str, body: dict[str, object], detail: str
) -> None:
    """A 422 with a sentence and a list of fields; nothing is kept and nobody is told."""
    root.post("/api/admin/books", json={"id": "a", "name": "Ape", "isbn": "9"}).raise_for_status()
    library.changed.clear()
    answer = root.put(f"/api/admin/{path}", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["detail"] == detail
    assert detail.startswith(answer.json()["errors"][0]["at"])
    assert library.changed == []
    assert root.get("/api/admin/books/a").json()["name"] == "Ape"


def test_an_id_never_changes(root: TestClient) -> None:
    """Not by a body that names another."""
    root.put("/api/admin/books/a", json={"name": "Ape"})
    assert root.put("/api/admin/books/a", json={"id": "b", "name": "Ape"}).status_code == 422


def test_what_is_not_there(library: House, root: TestClient) -> None:
    """404 to read or delete it."""
    assert root.get("/api/admin/books/nope").status_code == 404
    answer = root.delete("/api/admin/books/nope")
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no 'nope' among the books.")
    assert library.changed == []


def test_what_is_pointed_to_stays(root: TestClient) -> None:
    """Deleting it is a 409 that names who points there."""
    root.put("/api/admin/books/a", json={"name": "Ape"})
    root.put("/api/admin/shelves/s", json={"books": ["a"]})
    answer = root.delete("/api/admin/books/a")
    assert answer.status_code == 409
    assert answer.json()["detail"] == "'a' is used by shelves s. Change those first."
    root.put("/api/admin/shelves/s", json={"books": []})
    assert root.delete("/api/admin/books/a").status_code == 204


def test_a_value_that_must_be_unique(library: House, root: TestClient) -> None:
    """What the database refuses is a 409, not a fault of ours."""
    root.put("/api/admin/books/a", json={"name": "Ape", "isbn": "1"})
    library.changed.clear()
    assert root.put("/api/admin/books/b", json={"name": "Bee", "isbn": "1"}).status_code == 409
    assert library.changed == []


def test_a_file_goes_out_and_comes_in(library: House, root: TestClient) -> None:
    """Export, deletion and import give the same rows under the same ids."""
    books, shelves = KINDS["books"], KINDS["shelves"]
    root.put("/api/admin/books/a", json={"name": "Ape"})
    root.put("/api/admin/shelves/s", json={"books": ["a"], "best": "a"})
    with library.database.transaction() as session:
        out = {kind.name: kind.export_rows(session) for kind in (books, shelves)}
    assert out == {
        "books": [{"id": "a", "name": "Ape", "isbn": "0"}],
        "shelves": [{"id": "s", "name": "", "books": ["a"], "best": "a"}],
    }
    root.delete("/api/admin/shelves/s")
    root.delete("/api/admin/books/a")
    for _ in range(2):
        with library.database.transaction() as session:
            assert [kind.import_rows(session, out[kind.name], "x") for kind in (books, shelves)] == [[], []]
    assert root.get("/api/admin/shelves").json() == out["shelves"]


def test_a_file_with_mistakes(library: House) -> None:
    """Every mistake is told with file, place and field."""
    rows = [{"id": "a", "name": "Ape"}, {"name": "Bee"}, {"id": "a", "name": "Ant"}, {"id": "c"}, 7]
    with library.database.transaction() as session:
        assert KINDS["books"].import_rows(session, rows, "lib.yaml") == [
            "lib.yaml: books[2]: id is missing; rows of a file name theirs.",
            "lib.yaml: books[3] a: id a is in this file twice.",
            "lib.yaml: books[4] c: name is missing.",
            "lib.yaml: books[5]: is not right: input should be a valid dictionary or instance of BookBody.",
        ]
        assert KINDS["shelves"].import_rows(session, [{"id": "s", "books": ["z"]}], "lib.yaml") == [
            "lib.yaml: shelves[1] s: books is 'z', which is not among the books."
        ]


def test_what_is_pointed_to_comes_first(library: House) -> None:
    """The order in which kinds can be imported."""
    names = [kind.name for kind in in_order()]
    assert names.index("books") < names.index("shelves")
    with pytest.raises(ValueError, match="already a kind of rows called books"):
        Kind("books", BookRow, BookBody)
