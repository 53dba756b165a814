"""How the legs of the embedded switch agree with their far ends on sound: offers and answers (RFC 3264)."""

import logging
from typing import TYPE_CHECKING

from domain.ids import DeviceId, LegId
from telephony.embedded.legs import Leg, kind_of
from telephony.media.protocol import AcceptBrowser, AimRtp, BrowserDescribed, CloseLeg, RtpOpened
from telephony.sip import sdp
from telephony.sip.events import Answered, LateAnswer, Reoffered

if TYPE_CHECKING:
    from telephony.embedded.switch import EmbeddedSwitch

log = logging.getLogger(__name__)


class Offers:
    """``media_host`` is the address far ends are told to send plain RTP to."""

    def __init__(self, switch: "EmbeddedSwitch", media_host: str) -> None:
        self._switch = switch
        self._media_host = media_host

    # ------------------------------------------------------------ the media process opened a leg

    def rtp_opened(self, fact: RtpOpened) -> None:
        """A plain leg has its port: ring the device or answer the caller; of one who left nothing stays."""
        leg = self._switch.legs.get(fact.leg)
        if leg is None:
            self._switch.media.do(CloseLeg(fact.leg))
            return
        leg.port = fact.port
        if leg.state == "preparing":
            self._invite(leg, sdp.offer(self._media_host, leg.port))
            return
        if not leg.offer:
            # No offer in the INVITE: ours goes out in the 200, and their answer comes with the ACK.
            self._switch.sip.accept(leg.id, sdp.offer(self._media_host, leg.port))
            self._switch.up(leg)
            return
        try:
            ours, chosen = sdp.answer(sdp.parse(leg.offer), self._media_host, leg.port)
        except sdp.SdpError as error:
            log.info("leg %s: %s", leg.id, error)
            self._switch.drop(leg, "failed", reject_code=488)
            return
        self._aim(leg, chosen)
        self._switch.sip.accept(leg.id, ours)
        self._switch.up(leg)

    def _aim(self, leg: Leg, chosen: sdp.Chosen) -> None:
        self._switch.media.do(AimRtp(leg.id, chosen.host, chosen.port, chosen.payload_type, chosen.dtmf))

    def described(self, fact: BrowserDescribed) -> None:
        """A browser's leg has its description; as ``rtp_opened``."""
        leg = self._switch.legs.get(fact.leg)
        if leg is None:
            self._switch.media.do(CloseLeg(fact.leg))
        elif leg.state == "preparing":
            self._invite(leg, fact.sdp)
        elif leg.state == "answering":
            self._switch.sip.accept(leg.id, fact.sdp)
            self._switch.up(leg)

    # ------------------------------------------------------------ devices

    def _invite(self, leg: Leg, offer: str) -> None:
        device = leg.device or DeviceId("")
        binding = self._switch.sip.ua.registrar.find(device)
        if binding is None or kind_of(binding.peer) != leg.kind:
            # It went away while its sound was opened, or came back as something else.
            self._switch.forget(leg, "unreachable")
            return
        leg.state, leg.peer = "ringing", binding.peer
        self._switch.sip.invite(leg.id, device, leg.caller, offer, leg.headers)

    def answered(self, event: Answered) -> None:
        """A device picked up."""
        leg = self._switch.legs.get(LegId(event.session))
        if leg is None or leg.state != "ringing":
            return
        if leg.kind == "browser":
            self._switch.media.do(AcceptBrowser(leg.id, event.sdp))
        else:
            try:
                self._aim(leg, sdp.read_answer(event.sdp))
            except sdp.SdpError as error:
                log.warning("device %s answered with a description we cannot use: %s", leg.device, error)
                self._switch.drop(leg, "failed")
                return
        self._switch.up(leg)

    # ------------------------------------------------------------ later in a call

    def answered_late(self, leg: Leg, event: LateAnswer) -> None:
        """The answer to the offer we made in our 200."""
        try:
            self._aim(leg, sdp.read_answer(event.sdp))
        except sdp.SdpError as error:
            log.info("leg %s: %s", leg.id, error)
            self._switch.drop(leg, "failed")

    def reoffered(self, leg: Leg, event: Reoffered) -> None:
        """The far end describes itself anew: held, back, or somewhere else."""
        if leg.kind != "rtp":
            self._switch.sip.reject_reoffer(leg.id)
            return
        leg.sdp_version += 1
        # Somebody else may speak for the far end from now on, and press keys in another way.
        leg.keys_by = None
        host = self._media_host
        if not event.sdp:
            self._switch.sip.accept_reoffer(leg.id, sdp.offer(host, leg.port, leg.sdp_version))
            return
        try:
            ours, chosen = sdp.answer(sdp.parse(event.sdp), host, leg.port, leg.sdp_version)
        except sdp.SdpError:
            self._switch.sip.reject_reoffer(leg.id)
            return
        self._aim(leg, chosen)
        self._switch.sip.accept_reoffer(leg.id, ours)
