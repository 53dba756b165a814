"""The switches a platform can run on."""

import base64
import ipaddress
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING

from callfloor.settings import Settings
from domain.ids import CallId
from domain.switch import Prompt
from ivr.book import FlowBook
from telephony.embedded.switch import EmbeddedSettings, EmbeddedSwitch
from telephony.media.settings import MediaSettings
from telephony.sip.transport import SipTransport
from telephony.speech.espeak import EspeakVoice
from telephony.speech.library import Prompts
from telephony.speech.music import music_on_hold

if TYPE_CHECKING:
    from callfloor.server import Platform

LOOPBACK = "127.0.0.1"


def embedded(platform: "Platform") -> EmbeddedSwitch:
    """Our own SIP and media process. Making the music may take a second, the first time."""
    settings = platform.settings
    sip, sounds = settings.sip, Path(settings.speech.sounds) if settings.speech.sounds else None
    cache = settings.folder / "cache"
    media = MediaSettings(
        host=sip.host,
        ice_hosts=_ice_hosts(settings),
        first_port=sip.media_ports_from,
        last_port=sip.media_ports_to,
        music=str(music_on_hold(cache, sounds)),
    )
    return EmbeddedSwitch(
        EmbeddedSettings(media, advertised(settings), platform.recordings, _fixed_prompts(platform.book)),
        Prompts(cache, sounds, EspeakVoice()),
        lambda on_event: SipTransport(
            host=sip.host,
            port=sip.port,
            advertised=advertised(settings),
            password_of=platform.credentials.password_of,
            is_entry_number=lambda number: number in platform.entry_numbers,
            name_session=name_call,
            on_event=on_event,
        ),
        name_call,
    )


def name_call() -> CallId:
    """A new call's name: when it began (UTC) and eight letters of chance; good to read out on a phone."""
    stamp = time.strftime("%y%m%d-%H%M%S", time.gmtime())
    tail = base64.b32encode(secrets.token_bytes(5)).decode().lower()
    return CallId(f"{stamp}-{tail}")


def advertised(settings: Settings) -> str:
    """The address telephones and browsers are told to send to; it is checked that there is one."""
    return settings.sip.advertised or settings.sip.host


def _ice_hosts(settings: Settings) -> tuple[str, ...]:
    """A browser on this very machine reaches loopback only, one on the LAN the advertised address."""
    host = advertised(settings)
    if ipaddress.ip_address(host).is_loopback:
        return (host,)
    listens_everywhere = ipaddress.ip_address(settings.sip.host).is_unspecified
    return (host, LOOPBACK) if listens_everywhere else (host,)


def _fixed_prompts(book: FlowBook) -> tuple[Prompt, ...]:
    return tuple(prompt for flow in book.flows for prompt in flow.fixed_prompts())
