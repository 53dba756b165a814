"""What the legs of the embedded switch are told to hear, and their recordings."""

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from domain.switch import Connect, Hold, Music, Play, PlayEnded, Record, StopPlay, StopRecording
from telephony.embedded.legs import Leg
from telephony.media.protocol import (
    EndRecording,
    Join,
    PlayMusic,
    PlaySound,
    SoundEnded,
    StartRecording,
    StopSound,
)
from telephony.speech.library import FALLBACK

if TYPE_CHECKING:
    from telephony.embedded.switch import EmbeddedSwitch

log = logging.getLogger(__name__)

_PART = ".part"
MADE_WITHIN_S = 5.0
"""Who waits longer for words that are still being made hears a beep in their place, and the call goes on."""


class Hearing:
    """Plays, music, connections and recordings, for legs that are up."""

    def __init__(self, switch: "EmbeddedSwitch", recordings: Path) -> None:
        self._switch = switch
        self._recordings = recordings

    # ------------------------------------------------------------ prompts

    def play(self, command: Play) -> None:
        """Play prompts, made first if need be; a leg that is connected hears its partner again afterwards."""
        leg = self._switch.alive(command.leg)
        if leg is None:
            return
        leg.wish += 1
        leg.play = command.play
        pieces = self._switch.prompts.known(command.prompts)
        if pieces is not None:
            self._switch.media.do(PlaySound(leg.id, command.play, pieces))
        else:
            self._switch.media.do(StopSound(leg.id))
            self._switch.spawn(self._play_when_made(leg, command, leg.wish))
        if leg.party is not None:
            leg.party.told("heard")

    async def _play_when_made(self, leg: Leg, command: Play, wish: int) -> None:
        try:
            async with asyncio.timeout(MADE_WITHIN_S):
                pieces = await self._switch.prompts.find(command.prompts)
        except TimeoutError:
            log.warning("leg %s: words not made within %g s; a beep is heard instead", leg.id, MADE_WITHIN_S)
            pieces = (FALLBACK,)
        if self._switch.alive(leg.id) is leg and leg.wish == wish:
            self._switch.media.do(PlaySound(leg.id, command.play, pieces))

    def ended(self, fact: SoundEnded) -> None:
        """A prompt was heard to its end; one that was stopped or replaced just before says nothing."""
        leg = self._switch.alive(fact.leg)
        if leg is not None and leg.play == fact.play:
            leg.play = None
            self._switch.later(PlayEnded(fact.leg, fact.play))

    def stop_play(self, command: StopPlay) -> None:
        """Silence prompt or music; the partner of a connected leg is not silenced."""
        leg = self._switch.alive(command.leg)
        if leg is not None and (leg.partner is None or leg.play is not None):
            self._wish(leg)
            self._switch.media.do(StopSound(leg.id))

    # ------------------------------------------------------------ music and company

    def music(self, command: Music | Hold) -> None:
        """Part a leg from its partner and let it hear music."""
        leg = self._switch.alive(command.leg)
        if leg is None:
            return
        self._wish(leg)
        self.part(leg)
        self._switch.media.do(PlayMusic(leg.id))
        if leg.party is not None:
            leg.party.told("music")

    def connect(self, command: Connect) -> None:
        """Let two legs hear each other."""
        leg, other = self._switch.alive(command.leg), self._switch.alive(command.other)
        if leg is None or other is None:
            return
        for one, two in ((leg, other), (other, leg)):
            self._wish(one)
            if one.partner != two.id:
                self.part(one)
        leg.partner, other.partner = other.id, leg.id
        self._switch.media.do(Join(leg.id, other.id))
        for one in (leg, other):
            if one.party is not None:
                one.party.told("connected")

    def part(self, leg: Leg) -> None:
        """Forget who a leg is connected to; the media process parts them by what comes next."""
        partner = self._switch.legs.get(leg.partner) if leg.partner else None
        leg.partner = None
        if partner is not None and partner.partner == leg.id:
            partner.partner = None
            if partner.party is not None:
                partner.party.told("parted")

    @staticmethod
    def _wish(leg: Leg) -> None:
        """What was played or still being made for it is not heard any more, and its end is not told."""
        leg.wish += 1
        leg.play = None

    # ------------------------------------------------------------ recordings

    def record(self, command: Record) -> None:
        """Begin a recording; it ends with the leg at the latest."""
        leg = self._switch.alive(command.leg)
        if leg is not None:
            path = self._recordings / f"{command.recording}.wav"
            self._switch.media.do(StartRecording(leg.id, command.recording, str(path), command.max_s))

    def salvage(self) -> None:
        """Complete what a media process that died left behind; every such file plays as far as it goes.

        Call it before anything is recorded anew. Blocks.
        """
        for part in self._recordings.glob(f"*.wav{_PART}"):
            try:
                part.replace(part.with_name(part.name.removesuffix(_PART)))
                log.warning("the recording %s broke off; what there is of it is kept", part.stem)
            except FileNotFoundError:
                log.debug("%s was completed by its own process after all", part)
            except OSError as error:
                log.error("the recording %s cannot be completed: %s", part, error)

    def stop_recording(self, command: StopRecording) -> None:
        """Close a recording."""
        self._switch.media.do(EndRecording(command.leg))
