"""Which mailbox an address leads to, and which one was probably meant."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from salon.platform.words.email_addresses import PROVIDERS, mailbox_of, suggested_address
from tests.tables import each


@pytest.mark.parametrize(
    "address",
    [
        "mairie@beziers.example",
        "MAIRIE@Beziers.example",
        " mairie@beziers.example ",
        "mairie+1@beziers.example",
        "mairie+salon+2@BEZIERS.example",
    ],
)
def test_writings_of_one_mailbox(address: str) -> None:
    assert mailbox_of(address) == "mairie@beziers.example"


def test_dots_are_ignored_where_the_provider_does() -> None:
    assert mailbox_of("J.Dupont+x@gmail.com") == mailbox_of("jdupont@googlemail.com")
    assert mailbox_of("j.dupont@orange.fr") != mailbox_of("jdupont@orange.fr")


@given(st.one_of(st.text(), st.emails()))
@example("U\u00a8")
def test_a_mailbox_is_its_own(text: str) -> None:
    assert mailbox_of(mailbox_of(text)) == mailbox_of(text)


@each(
    ("typed", "correction"),
    [
        ("paule@orange.f", "paule@orange.fr"),
        ("paule@gmail.con", "paule@gmail.com"),
        ("paule@gmial.com", "paule@gmail.com"),
        ("paule@oragne.fr", "paule@orange.fr"),
        ("paule@wanadoo.f", "paule@wanadoo.fr"),
        ("paule@laposte.ne", "paule@laposte.net"),
        ("paule@hotmial.fr", "paule@hotmail.fr"),
        ("paule@fre.fr", "paule@free.fr"),
        ("mairie@olargues.f", "mairie@olargues.fr"),
        ("mairie@olargues.con", "mairie@olargues.com"),
        ("paule@Orange.FR", ""),
        ("mairie@mons.fr", ""),
        ("mairie@ville-beziers.fr", ""),
        ("paule@herault.fr", ""),
        ("paule@sdis34.fr", ""),
        ("paule", ""),
    ],
)
def test_a_likely_slip_is_seen(typed: str, correction: str) -> None:
    assert suggested_address(typed) == correction


def test_no_provider_is_taken_for_another() -> None:
    assert [provider for provider in PROVIDERS if suggested_address(f"a@{provider}")] == []
    assert all(
        suggested_address(suggested_address(f"a@{provider[:-1]}")) == "" for provider in PROVIDERS
    )
