"""The registrar: which device can be rung where. One place per device; the newest registration wins."""

from dataclasses import dataclass

from sipmessage import URI, Request, Response

from domain.instant import Instant, after
from telephony.sip.digest import Digest, Verdict
from telephony.sip.events import Peer, Registered, Unregistered
from telephony.sip.message import response_to
from telephony.sip.timers import Timers

SHORTEST_S = 20
USUAL_S = 300
LONGEST_S = 3600


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a device is: the URI to call and the connection to reach it over."""

    uri: URI
    contact: str
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
    ) -> tuple[Response, list[Registered | Unregistered]]:
        """Answer one REGISTER."""
        user = request.to_address.uri.user or ""
        if not user:
            return response_to(request, 404, source, tag), []
        verdict = self._digest.check(request, user, source, now)
        if verdict in (Verdict.MISSING, Verdict.STALE):
            response = response_to(request, 401, source, tag)
            challenge = self._digest.challenge(source, now, verdict is Verdict.STALE)
            response.headers.add("WWW-Authenticate", challenge)
            return response, []
        if verdict is not Verdict.OK:
            response = response_to(request, 403, source, tag)
            if verdict is Verdict.SLOWED:
                response.headers.add("Retry-After", "60")
            return response, []
        return self._update(request, user, source, tag, now)

    def _update(
        self, request: Request, user: str, source: Peer, tag: str, now: Instant
    ) -> tuple[Response, list[Registered | Unregistered]]:
        known = self._bindings.get(user)
        sequence = request.cseq.sequence
        if known and known.call_id == request.call_id and sequence <= known.sequence:
            return response_to(request, 500, source, tag), []
        contact = request.headers.get("Contact")
        happened: list[Registered | Unregistered] = []
        if contact is not None:
            try:
                wanted = request.expires if request.expires is not None else USUAL_S
                if contact.strip() == "*":
                    if wanted != 0:
                        return response_to(request, 400, source, tag), []
                    uri = None
                else:
                    address = request.contact[0]
                    own = address.parameters.get("expires")
                    wanted = int(own) if own is not None else wanted
                    uri = address.uri
            except (ValueError, IndexError, AssertionError):
                return response_to(request, 400, source, tag), []
            if wanted <= 0 or uri is None:
                if known and (uri is None or uri == known.uri):
                    happened = self._forget(user)
            elif wanted < SHORTEST_S:
                response = response_to(request, 423, source, tag)
                response.headers.add("Min-Expires", str(SHORTEST_S))
                return response, []
            else:
                until = after(now, min(wanted, LONGEST_S))
                self._bindings[user] = Binding(uri, f"<{uri}>", source, request.call_id, sequence, until)
                self._timers.set(user, until)
                if known is None or known.peer != source:
                    happened = [Registered(user)]
        response = response_to(request, 200, source, tag)
        binding = self._bindings.get(user)
        if binding is not None:
            left_s = max(1, round((binding.until - now) / 1_000_000))
            response.headers.add("Contact", f"{binding.contact};expires={left_s}")
        return response, list(happened)

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
