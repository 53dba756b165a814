"""Numbers become E.164 whatever they look like, and nothing else does."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.phones import normalise

MOBILE = "+8613800138000"


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "013800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "008613800138000",
        "0086 138 0013 8000",
        "8613800138000",
        "１３８００１３８０００",
        "＋86 138 0013 8000",
        "sip:+8613800138000@10.0.0.1;user=phone",
        "sip:13800138000@10.0.0.1",
        '"Li Wei" <sips:%2B8613800138000@bank.test>;tag=1',
        "tel:+86-138-0013-8000;phone-context=bank.test",
        "13800138000@pbx",
    ],
)
def test_one_number_in_every_dress(text: str) -> None:
    """Trunk prefixes, country codes, punctuation, full-width digits and SIP addresses all mean one number."""
    assert normalise(text, "CN") == MOBILE


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "anonymous",
        "sip:anonymous@anonymous.invalid",
        "Restricted",
        "Unavailable",
        "+",
        "1001",
        "sip:1001@pbx",
        "95588",
        "sip:10.0.0.1:5060",
        "alice4155552671",
        "²³",
        "1" * 5_000,
    ],
)
def test_what_is_no_number(text: str | None) -> None:
    """Withheld, internal and short numbers and words are not a subscriber's number."""
    assert normalise(text, "CN") is None


def test_landlines_and_extensions() -> None:
    """Area codes are kept, extensions are left away."""
    for text in ("010-12345678", "(010) 1234 5678", "010-12345678 转 5", "010-12345678 ext. 5"):
        assert normalise(text, "CN") == "+861012345678"


def test_the_region_is_where_it_was_written() -> None:
    """A number without a country is the region's; 00 leads abroad from anywhere."""
    assert normalise("(415) 555-2671", "US") == "+14155552671"
    assert normalise("0086 138 0013 8000", "US") == MOBILE
    assert normalise(MOBILE, "") == MOBILE
    assert normalise(MOBILE, "nowhere") == MOBILE
    assert normalise("13800138000", "") is None


@given(st.text(max_size=60), st.sampled_from(["CN", "US", "", "zz", "☃"]))
def test_never_raises_and_is_stable(text: str, region: str) -> None:
    """Any text gives E.164 or None, and E.164 gives itself again."""
    number = normalise(text, region)
    if number is not None:
        assert number.startswith("+") and number[1:].isascii() and number[1:].isdecimal()
        assert normalise(number, region) == number


@given(
    st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)),
    st.sampled_from(["E164", "INTERNATIONAL", "RFC3966"]),
    st.sampled_from(["CN", "US"]),
)
def test_every_country_reads_back(region: str, form: str, at: str) -> None:
    """An example number of any country, written in any international form, is that number everywhere."""
    number = phonenumbers.example_number(region)
    written = phonenumbers.format_number(number, getattr(phonenumbers.PhoneNumberFormat, form))
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert normalise(written, at) == e164
