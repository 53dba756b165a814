"""Customers for people: search, read, create, change, and their contacts page by page."""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from common import phones
from common.auth import Signed, require
from common.db import Database, DbSession
from common.faults import Fault, NamedFaults, invalid
from common.problems import Problem
from crm_bridge import admin, card, complaints_api, contacts, customers, tiers
from crm_bridge.forms import (
    ContactShown,
    ContactsPage,
    CustomerBody,
    CustomerChange,
    CustomerShown,
    Found,
    OwnerShown,
    Page,
)
from crm_bridge.lookup import this_day
from crm_bridge.models import CustomerRow
from crm_bridge.money import hundredths
from crm_bridge.records import Contact, Customer, Owner
from crm_bridge.schemes import tier_of
from domain.ids import AgentId, CustomerId
from domain.instant import Instant

routes = APIRouter(prefix="/api/customers", tags=["customers"], route_class=NamedFaults)
Serving = Annotated[Signed, Depends(require("agent", "supervisor", "admin"))]


def agent_names(request: Request) -> Mapping[str, str]:
    """Present names by agent id from ``app.state.agent_names()``; without it those written down are shown."""
    read = getattr(request.app.state, "agent_names", None)
    names: Mapping[str, str] = card.NO_NAMES if read is None else read()
    return names


Names = Annotated[Mapping[str, str], Depends(agent_names)]


@routes.get("")
def search(
    session: DbSession,
    _signed: Serving,
    q: Annotated[str, Query(max_length=64, description="name, telephone number or id")] = "",
    after: Annotated[str, Query(max_length=64, description="the id to go on after")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page:
    """Customers by name, telephone number or id."""
    found = customers.search(session, q, limit + 1, after)
    schemes, today = tiers.load(session), this_day()
    rows = []
    for one in found[:limit]:
        tier = tier_of(schemes, one, today)
        rows.append(
            Found(**card.candidate(one, tier), tier=tier.id if tier else None, phones=list(one.phones))
        )
    return Page(customers=rows, next=rows[-1].id if len(found) > limit else None)


@routes.get("/{id}")
def read(id: str, session: DbSession, _signed: Serving, names: Names) -> CustomerShown:
    """A customer with their last contacts."""
    return _shown(session, id, names)


@routes.post("", status_code=201)
def create(
    body: CustomerBody, request: Request, response: Response, signed: Serving, names: Names
) -> CustomerShown:
    """A new customer; the id is given here."""
    id = CustomerId(f"c-{secrets.token_hex(6)}")
    customer = _written(signed, body, Customer(id, body.name), _region(request))
    with _database(request).transaction() as session:
        customers.put(session, customer, _now(), signed.user)
        shown = _shown(session, id, names)
    response.headers["Location"] = f"{routes.prefix}/{id}"
    return shown


@routes.put("/{id}")
def change(id: str, body: CustomerChange, request: Request, signed: Serving, names: Names) -> CustomerShown:
    """Make a customer what the body says; products and contacts stay, and assets that are not sent.

    409 if somebody was faster.
    """
    try:
        with _database(request).transaction() as session:
            customer = _written(signed, body, _found(session, id)[0], _region(request))
            customers.put(session, customer, _now(), signed.user, expected=body.version)
            return _shown(session, id, names)
    except customers.StaleVersion as stale:
        raise _faster(f"by {stale.args[0]}" if stale.args[0] else "meanwhile") from None
    except (StaleDataError, IntegrityError):
        raise _faster("at the same moment") from None


@routes.get("/{id}/contacts")
def contacts_of(
    id: str,
    session: DbSession,
    _signed: Serving,
    names: Names,
    before: Annotated[
        str, Query(pattern=r"^(\d{1,18}\.\d{1,18})?$", description="next of the page before")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ContactsPage:
    """The contacts with a customer, newest first."""
    if session.get(CustomerRow, id) is None:
        raise _nobody(id)
    cursor = None
    if before:
        at, number = before.split(".")
        cursor = (int(at), int(number))
    said, more = contacts.page(session, id, limit, cursor)
    return ContactsPage(
        contacts=[_contact(c, names) for c in said], next=f"{more[0]}.{more[1]}" if more else None
    )


# ------------------------------------------------------------------ what the body says


def _written(signed: Signed, body: CustomerBody, before: Customer, region: str) -> Customer:
    """``before`` with what people may enter. Raises a 422 Problem that names the field, or a 403 one."""
    faults: list[Fault] = []
    numbers = _numbers(body.phones, region, faults)
    assets, currency = _assets(signed, body, before, faults)
    if body.born is not None and not date(1880, 1, 1) <= body.born <= this_day():
        faults.append(Fault("born", f"cannot be {body.born}: it is in the future or too long ago"))
    if faults:
        raise invalid(faults)
    return replace(
        before,
        name=body.name,
        branch=body.branch,
        language=body.language,
        assets=assets,
        currency=currency,
        born=body.born,
        notes=body.notes,
        phones=numbers,
        owners=tuple(Owner(o.role, o.name, AgentId(o.agent) if o.agent else None) for o in body.owners),
    )


def _numbers(entered: Sequence[str], region: str, faults: list[Fault]) -> tuple[str, ...]:
    numbers: list[str] = []
    for at, text in enumerate(entered):
        number = phones.normalise(text, region)
        if number is None:
            sentence = f"{text!r} is no telephone number in {region}; write it with its country code (+86 …)"
            faults.append(Fault(f"phones.{at}", sentence))
        elif number in numbers:
            faults.append(
                Fault(f"phones.{at}", f"{text!r} is the same as number {numbers.index(number) + 1}")
            )
        else:
            numbers.append(number)
    return tuple(numbers)


def _assets(
    signed: Signed, body: CustomerBody, before: Customer, faults: list[Fault]
) -> tuple[int | None, str]:
    if "assets" not in body.model_fields_set:
        return before.assets, before.currency
    try:
        said = (None if body.assets is None else hundredths(body.assets), body.currency)
    except ValueError as error:
        faults.append(Fault("assets", f"cannot be used: {error}"))
        return None, body.currency
    # Assets decide the tier and with it who is served first: the bank's books say them, not an agent.
    known = (before.assets, before.currency if said[0] is not None else said[1])
    if signed.role == "agent" and said != known:
        raise Problem(
            403,
            "Assets are not yours to change",
            "Assets decide a customer's tier; a supervisor or an admin can change them.",
        )
    return said


def _found(session: Session, id: str) -> tuple[Customer, int]:
    found = customers.get(session, id)
    if found is None:
        raise _nobody(id)
    return found


def _shown(session: Session, id: str, names: Mapping[str, str]) -> CustomerShown:
    customer, version = _found(session, id)
    tier = tier_of(tiers.load(session), customer, this_day())
    said = contacts.latest(session, id, card.LAST_CONTACTS)
    owners = [
        OwnerShown(role=o.role, name=names.get(o.agent or "", o.name), agent=o.agent) for o in customer.owners
    ]
    shown = card.view(customer, tier, (), names) | {
        "owners": owners,
        "contacts": [_contact(c, names) for c in said],
    }
    return CustomerShown(**shown, currency=customer.currency, born=customer.born, version=version)


def _contact(said: Contact, names: Mapping[str, str]) -> ContactShown:
    return ContactShown(**card.contact(said, names), call=said.call)


def _nobody(id: str) -> Problem:
    return Problem(404, "No such customer", f"There is no customer {id}.")


def _faster(when: str) -> Problem:
    return Problem(
        409, "Somebody was faster", f"The customer was changed {when}; read it again, then change it."
    )


def _database(request: Request) -> Database:
    # Not ``DbSession`` where something is written: faults of the commit are told apart here.
    database: Database = request.app.state.database
    return database


def _region(request: Request) -> str:
    region: str = request.app.state.settings.region
    return region


def _now() -> Instant:
    return Instant(time.time_ns() // 1000)


router = APIRouter()
router.include_router(routes)
router.include_router(admin.router)
router.include_router(complaints_api.router)
