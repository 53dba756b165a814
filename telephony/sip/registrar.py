"""The registrar: which device can be rung where. One place per device; the newest registration wins."""

import math
from dataclasses import dataclass

from sipmessage import URI, Request, Response

from domain.instant import Instant, after
from telephony.sip.address import read_address, split_list
from telephony.sip.digest import Digest, Verdict
from telephony.sip.events import Noted, Peer, Registered, Unregistered
from telephony.sip.message import response_to
from telephony.sip.timers import Timers

SHORTEST_S = 20
USUAL_S = 300
LONGEST_S = 3600
LONGEST_USER = 64
"""Characters of a device's name; longer ones are nobody's and would only fill the books on wrong tries."""

Outcome = Registered | Unregistered | Noted


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a device is: the URI to call and the connection to reach it over."""

    uri: URI
    peer: Peer
    call_id: str
    sequence: int
    until: Instant


class Registrar:
    """Answers REGISTER and keeps the bindings."""

    def __init__(self, digest: Digest) -> None:
        self._digest = digest
        self._bindings: dict[str, Binding] = {}
        self._timers: Timers[str] = Timers()

    def users(self) -> tuple[str, ...]:
        """Devices that are registered now."""
        return tuple(sorted(self._bindings))

    def find(self, user: str) -> Binding | None:
        """Where a device is registered, or None."""
        return self._bindings.get(user)

    def handle(
        self, request: Request, source: Peer, tag: str, now: Instant
    ) -> tuple[Response, list[Outcome]]:
        """Answer one REGISTER."""
        try:
            user = read_address(request.headers["To"]).user
        except ValueError:
            return response_to(request, 400, source, tag), []
        if not 0 < len(user) <= LONGEST_USER:
            return response_to(request, 404, source, tag), []
        known = self._bindings.get(user)
        at_home = known is not None and known.peer.host == source.host
        verdict = self._digest.check(request, user, source, now, at_home)
        if verdict in (Verdict.MISSING, Verdict.STALE):
            response = response_to(request, 401, source, tag)
            challenge = self._digest.challenge(source, now, verdict is Verdict.STALE)
            response.headers.add("WWW-Authenticate", challenge)
            return response, []
        if verdict is not Verdict.OK:
            response = response_to(request, 403, source, tag)
            wait_s = self._digest.wait_s(user, source, now, at_home)
            if wait_s > 0:
                response.headers.add("Retry-After", str(math.ceil(wait_s)))
            slowed = "has to wait" if verdict is Verdict.SLOWED else "wrong"
            return response, [Noted("SIP password refused", f"for {user!r}: {slowed}", source)]
        return self._update(request, user, source, tag, now)

    def _update(
        self, request: Request, user: str, source: Peer, tag: str, now: Instant
    ) -> tuple[Response, list[Outcome]]:
        known = self._bindings.get(user)
        sequence = request.cseq.sequence
        if known and known.call_id == request.call_id and sequence <= known.sequence:
            return response_to(request, 500, source, tag), []
        happened: list[Outcome] = []
        contacts = split_list(request.headers.getlist("Contact"))
        if contacts:
            try:
                uri, wanted_s = _wish(request, contacts)
            except ValueError:
                return response_to(request, 400, source, tag), []
            if uri is None or wanted_s == 0:
                if known and (uri is None or uri == known.uri):
                    happened += self._forget(user)
            elif wanted_s < SHORTEST_S:
                response = response_to(request, 423, source, tag)
                response.headers.add("Min-Expires", str(SHORTEST_S))
                return response, []
            else:
                until = after(now, min(wanted_s, LONGEST_S))
                self._bindings[user] = Binding(uri, source, request.call_id, sequence, until)
                self._timers.set(user, until)
                if known is None or known.peer != source:
                    happened.append(Registered(user))
        response = response_to(request, 200, source, tag)
        binding = self._bindings.get(user)
        if binding is not None:
            left_s = max(1, round((binding.until - now) / 1_000_000))
            response.headers.add("Contact", f"<{binding.uri}>;expires={left_s}")
        return response, happened

    def _forget(self, user: str) -> list[Registered | Unregistered]:
        self._timers.cancel(user)
        return [Unregistered(user)] if self._bindings.pop(user, None) else []

    def peer_lost(self, peer: Peer) -> list[Registered | Unregistered]:
        """A connection broke: whoever was registered over it is gone."""
        users = [user for user, binding in self._bindings.items() if binding.peer == peer]
        return [event for user in users for event in self._forget(user)]

    def wake_at(self) -> Instant | None:
        """When the next registration runs out."""
        return self._timers.wake_at()

    def wake(self, now: Instant) -> list[Registered | Unregistered]:
        """Forget what has run out."""
        events: list[Registered | Unregistered] = []
        while (user := self._timers.pop_due(now)) is not None:
            events += self._forget(user)
        return events


def _wish(request: Request, contacts: list[str]) -> tuple[URI | None, int]:
    """The contact of a REGISTER (None for ``*``) and for how many seconds; raises ValueError."""
    header = request.headers.get("Expires")
    general_s = USUAL_S if header is None else int(header)
    if "*" in contacts:
        if len(contacts) > 1 or general_s != 0:
            raise ValueError("* goes alone and with Expires: 0")
        return None, 0
    # A telephone moving house names its old place with expires=0 beside the new one: the new one counts.
    addresses = [read_address(contact) for contact in contacts]
    wishes = [(a.uri, general_s if a.expires is None else a.expires) for a in addresses]
    uri, wanted_s = next((wish for wish in wishes if wish[1] != 0), wishes[0])
    if wanted_s < 0:
        raise ValueError("a time that has passed")
    return uri, wanted_s
