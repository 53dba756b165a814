"""Simulated people on the embedded switch: who they are, and how their legs come and go."""

from typing import TYPE_CHECKING

from domain.ids import CallId, DeviceId, LegId
from domain.switch import (
    CallArrived,
    DeviceDown,
    DeviceUp,
    DigitPressed,
    EndReason,
    LegEnded,
    LegRinging,
    Ring,
    Speak,
)
from telephony.embedded.local import LocalParty, LocalPhone
from telephony.media.protocol import Utter

if TYPE_CHECKING:
    from telephony.embedded.switch import EmbeddedSwitch


class LocalPeople:
    """The ``Exchange`` of simulated people."""

    def __init__(self, switch: "EmbeddedSwitch") -> None:
        self._switch = switch
        self._phones: dict[DeviceId, LocalPhone] = {}

    def dial(self, call: CallId, caller: str, dialled: str, name: str) -> LocalParty:
        """Somebody dials one of our numbers."""
        party = LocalParty(self, caller)
        leg = self._switch.open(LegId(call), "local", "arrived")
        leg.party, leg.call = party, call
        party.leg, party.call = leg.id, call
        self._switch.later(CallArrived(call, leg.id, caller, dialled, name))
        return party

    def phone(self, device: str) -> LocalPhone:
        """A telephone, not registered yet."""
        return LocalPhone(self, DeviceId(device))

    def ring(self, command: Ring) -> bool:
        """Ring a simulated telephone; False if the device is none."""
        phone = self._phones.get(command.device)
        if phone is None:
            return False
        if phone.leg is not None:
            self._switch.later(LegEnded(command.leg, "busy"))
            return True
        leg = self._switch.open(command.leg, "local", "ringing")
        leg.party, leg.call, leg.device = phone, command.call, command.device
        phone.leg, phone.call, phone.ended = leg.id, command.call, None
        self._switch.later(LegRinging(leg.id))
        phone.told("ringing")
        if command.auto_answer:
            phone.answer()
        return True

    # ------------------------------------------------------------ what they do

    def local_register(self, phone: LocalPhone, *, here: bool) -> None:
        """A telephone comes or goes."""
        if here:
            self._phones[phone.device] = phone
            self._switch.later(DeviceUp(phone.device))
        elif self._phones.pop(phone.device, None) is not None:
            self._switch.later(DeviceDown(phone.device))

    def local_press(self, leg: LegId, digit: str) -> None:
        """A caller presses a key."""
        known = self._switch.alive(leg)
        if known is None:
            return
        partner = self._switch.legs.get(known.partner) if known.partner else None
        if partner is not None and partner.party is not None and not known.shielded:
            partner.party.keys += digit
        self._switch.later(DigitPressed(leg, digit))

    def local_end(self, leg: LegId, reason: EndReason) -> None:
        """Somebody lets go."""
        known = self._switch.legs.get(leg)
        if known is not None:
            self._switch.forget(known, reason)

    def local_answer(self, leg: LegId) -> None:
        """Somebody picks up."""
        known = self._switch.legs.get(leg)
        if known is not None and known.state == "ringing":
            known.state = "answering"
            self._switch.open_sound(known)

    def local_say(self, leg: LegId, words: Speak) -> None:
        """Somebody speaks; the words are made first, if nobody said them before."""
        if self._switch.alive(leg) is None:
            return
        pieces = self._switch.prompts.known((words,))
        if pieces is None:
            self._switch.spawn(self._say_when_made(leg, words))
            return
        for piece in pieces:
            self._switch.media.do(Utter(leg, piece))

    async def _say_when_made(self, leg: LegId, words: Speak) -> None:
        for piece in await self._switch.prompts.find((words,)):
            if self._switch.alive(leg) is not None:
                self._switch.media.do(Utter(leg, piece))
