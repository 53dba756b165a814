"""The contract of voices, played against every one of them."""

import stat
from pathlib import Path

import numpy as np
import pytest

from telephony.speech.espeak import EspeakVoice
from telephony.speech.sound import dbfs
from telephony.speech.voice import MAX_CHARACTERS, SilentVoice, ToneVoice, Voice, VoiceError
from telephony.speech.wav import from_pcm
from tests.peers import need
from tests.telephony.speech.test_recorded import write_wav


@pytest.fixture(params=["tone", "silent", pytest.param("espeak", marks=pytest.mark.peer)])
def voice(request: pytest.FixtureRequest) -> Voice:
    if request.param == "espeak":
        need("espeak-ng")
        return EspeakVoice()
    return ToneVoice() if request.param == "tone" else SilentVoice()


@pytest.fixture
def espeak() -> EspeakVoice:
    need("espeak-ng")
    return EspeakVoice()


def seconds(voice: Voice, text: str, language: str) -> float:
    speech = voice.speak(text, language)
    return len(speech.pcm) / 2 / speech.rate


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_speech_has_a_sensible_length(voice: Voice, language: str) -> None:
    """A sentence takes between one and eight seconds, and ten of them take longer."""
    text = "您好，欢迎致电示例银行。" if language == "zh-CN" else "Welcome to Sample Bank."
    one = seconds(voice, text, language)
    assert 0.7 < one < 8
    assert seconds(voice, text * 10, language) > 5 * one


def test_the_same_words_sound_the_same(voice: Voice) -> None:
    """Kept files would not be worth keeping otherwise."""
    assert voice.speak("hello", "en") == voice.speak("hello", "en")
    assert voice.version() == voice.version() and voice.name


@pytest.mark.parametrize("text", ["", "  \n", "x" * (MAX_CHARACTERS + 1)])
def test_nothing_and_too_much(voice: Voice, text: str) -> None:
    """An empty text and one beyond the limit are refused in words."""
    with pytest.raises(VoiceError, match=r"nothing to speak|at most"):
        voice.speak(text, "en")


@pytest.mark.peer
def test_espeak_is_heard(espeak: EspeakVoice) -> None:
    """English, Chinese and both mixed are sound of good level, not clipped, and differ from one another."""
    texts = [
        ("Welcome to Sample Bank.", "en"),
        ("您好，欢迎致电示例银行。", "zh-CN"),
        ("您的ATM卡余额12,500元。", "zh-CN"),
        ("For 普通话服务，press 1.", "en"),
        ("Bonjour.", "fr"),
    ]
    made = [espeak.speak(text, language) for text, language in texts]
    assert len({speech.pcm for speech in made}) == len(texts)
    for speech in made:
        samples = from_pcm(speech.pcm)
        assert -35 < dbfs(samples) < -6
        assert np.mean(np.abs(samples) > 0.999) < 0.001


@pytest.mark.peer
def test_chinese_is_not_spelled(espeak: EspeakVoice) -> None:
    """Eight hanzi take about as long as eight syllables do; spelled as code points they took minutes."""
    assert 1.2 < seconds(espeak, "欢迎致电示例银行", "zh-CN") < 4


@pytest.mark.peer
def test_tones_matter(espeak: EspeakVoice) -> None:
    """妈 and 马 sound differently."""
    assert espeak.speak("妈", "zh-CN") != espeak.speak("马", "zh-CN")


@pytest.mark.peer
def test_text_is_never_a_command(espeak: EspeakVoice) -> None:
    """Options, shell signs, phonemes and markup in a text are words or nothing."""
    for text in ("--version", "-w /tmp/x", "$(reboot); `ls`", "[[h@l'oU]] <b>hello</b>", "-f /etc/passwd"):
        assert 0.2 < seconds(espeak, text, "en") < 6


@pytest.mark.peer
@pytest.mark.parametrize("language", ["xx", "../../etc", "-h", ""])
def test_unknown_languages(espeak: EspeakVoice, language: str) -> None:
    """A language nobody knows is refused in words."""
    with pytest.raises(VoiceError, match=r"no language|does not exist"):
        espeak.speak("hello", language)


def test_missing_program() -> None:
    """Without the program the error says what to install."""
    voice = EspeakVoice("espeak-of-nowhere")
    for act in (voice.version, lambda: voice.speak("hello", "en")):
        with pytest.raises(VoiceError, match=r"espeak-of-nowhere is not installed .* apt install espeak-ng"):
            act()


def program(folder: Path, script: str) -> str:
    path = folder / "voice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exec sleep 60", "took longer than 0.2 s"),
        ("echo out of memory >&2; exit 3", r"failed \(3\): out of memory"),
        ("cat", "cannot be read: it does not start like a WAV"),
    ],
)
def test_a_program_gone_wrong(tmp_path: Path, script: str, why: str) -> None:
    """One that hangs is stopped, one that fails is quoted, one that speaks rubbish is said to."""
    limit_s = 0.2 if "sleep" in script else 10
    with pytest.raises(VoiceError, match=why):
        EspeakVoice(program(tmp_path, script), limit_s=limit_s).speak("hello", "en")


def test_the_limit_is_for_the_whole_text(tmp_path: Path) -> None:
    """A slow program is not given its time anew for every change of language within a text."""
    write_wav(tmp_path / "said.wav")
    voice = EspeakVoice(program(tmp_path, f"sleep 0.2; cat {tmp_path}/said.wav"), limit_s=0.5)
    with pytest.raises(VoiceError, match="took longer"):
        voice.speak("hello 你好 hello 你好 hello 你好", "en")
