"""Frames of 20 ms."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from telephony.media.g711 import ulaw_decode
from telephony.media.sounds import SILENCE, Clips, Music, Sequel, beep, padded, waiting_tone
from tests.telephony.media.far_end import loudest


def frames(sound: Sequel) -> list[bytes]:
    heard = []
    while (frame := sound.next()) is not None:
        heard.append(frame)
    return heard


@given(st.lists(st.binary(max_size=700), max_size=4))
def test_pieces_follow_one_another_in_whole_frames(pieces: list[bytes]) -> None:
    """Every frame has 160 bytes, nothing is lost, and only silence is added at the end of a piece."""
    heard = frames(Sequel([padded(piece) for piece in pieces]))
    assert all(len(frame) == 160 for frame in heard)
    assert b"".join(heard) == b"".join(piece + b"\xff" * (-len(piece) % 160) for piece in pieces)


def test_a_piece_on_its_way_is_waited_for() -> None:
    """While a file is being read there is silence, then it is heard from its beginning."""
    sound = Sequel()
    place = sound.add(None)
    sound.add(b"b" * 160)
    assert [sound.next(), sound.next()] == [SILENCE, SILENCE]
    sound.put(place, b"a" * 160)
    assert frames(sound) == [b"a" * 160, b"b" * 160]
    assert sound.add(b"c" * 160) == 0
    assert frames(sound) == [b"c" * 160]


def test_beeps_have_pitch_length_and_gentle_edges() -> None:
    """A tone of 440 Hz for 300 ms begins and ends near zero; 0 Hz is silence; odd lengths are padded."""
    heard = ulaw_decode(beep(440, 300))
    assert len(heard) == 2400
    assert abs(loudest(heard) - 440) < 5
    assert np.abs(heard[:4]).max() < 1500 and np.abs(heard[-4:]).max() < 1500
    assert np.abs(heard).max() > 7000
    assert beep(0, 40) == SILENCE * 2
    assert len(beep(440, 1)) == 160 and beep(440, 0) == b""


def test_music_never_ends_and_starts_for_everybody() -> None:
    """A clip of two frames is heard again and again, from the start by each listener."""
    music = Music(b"a" * 160 + b"b" * 100)
    one = music.listen()
    heard = [one.next()[:1] for _ in range(5)]
    assert heard == [b"a", b"b", b"a", b"b", b"a"]
    assert music.listen().next()[:1] == b"a"
    assert Music(b"").listen().next() == SILENCE
    assert len(waiting_tone()) == 32000


def test_clips_are_kept_up_to_a_limit(tmp_path: Path) -> None:
    """The clip not used for longest goes first; one larger than the whole cache is not kept."""
    clips = Clips(limit=700)
    for name in "abc":
        (tmp_path / name).write_bytes(name.encode() * 200)
        clips.keep(name, Clips.load(str(tmp_path / name)))
        clips.cached("a")
    assert clips.cached("a") == padded(b"a" * 200)
    assert clips.cached("b") is None
    assert clips.cached("c") is not None
    clips.keep("d", bytes(800))
    assert clips.cached("d") is None and clips.cached("a") is not None
