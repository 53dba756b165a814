"""What the media process is started with."""

from dataclasses import dataclass

from domain.codec import register


@register
@dataclass(frozen=True, slots=True)
class MediaSettings:
    """Addresses, ports and limits of the media process."""

    host: str = "127.0.0.1"
    """The address plain RTP binds (IPv4 or IPv6; ``::`` takes both)."""
    ice_hosts: tuple[str, ...] = ("127.0.0.1",)
    """The addresses browsers are told to send to; each must be one of this machine."""
    first_port: int = 16384
    last_port: int = 32767
    """Plain RTP takes the even ports between the two (inclusive)."""
    music: str | None = None
    """A sound file (raw µ-law, 8,000 Hz); None is a soft tone now and then."""
    quiet_after_s: float = 20.0
    """A plain leg that brings no RTP for so long is told as quiet, and again after as long (0: never)."""
    relatch_after_s: float = 2.0
    """Only when the known source is silent for so long may RTP come from elsewhere."""
    browser_connect_s: float = 20.0
    """A browser's connection must stand so long after both sides are described."""
    nice: int = -10
    """Wished priority; without the right to it the process stays as it is."""
