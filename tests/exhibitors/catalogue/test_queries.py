"""The catalogue's reads: who is listed, what finds them, and how many queries it takes."""

from collections.abc import Callable
from typing import Any

import pytest

from salon.exhibitors.models import ApplicationStatus, CoExhibitor, Exhibitor, Sector
from salon.exhibitors.queries.catalogue import (
    CATALOGUE,
    DIGITS,
    CatalogueFilter,
    catalogue_page,
    choices_of,
    get_entry,
)
from salon.exhibitors.queries.open_data import PUBLIC_FIELDS, public_exhibitors, safe_website
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.pages.lists.listing import PageRequest
from salon.platform.words.texts import folded
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_theme
from tests.factories import make_edition
from tests.statements import statements
from tests.tables import each

pytestmark = pytest.mark.on_both


def names(edition: Edition, **expected_text: str) -> list[str]:
    return [item.name for item in catalogue_page(edition, CatalogueFilter(**expected_text)).items]


def add_co_exhibitor(host: Exhibitor, name: str) -> None:
    with transaction() as session:
        session.add(CoExhibitor(exhibitor_id=host.id, name=name, name_key=folded(name)))


def test_only_accepted_exhibitors_are_listed(edition: Edition) -> None:
    for status in set(ApplicationStatus) - {ApplicationStatus.ACCEPTED}:
        assert make_exhibitor(edition, status=status).slug is not None
    make_exhibitor(make_edition(is_current=False))
    assert names(edition) == []
    assert choices_of(edition).total == 0
    assert public_exhibitors(edition, "") == []


def test_names_are_sorted_as_a_reader_expects(edition: Edition) -> None:
    for name in ("Zénith", "éclairage", "Eau vive", "Énergie 34", "3D Sud"):
        make_exhibitor(edition, name=name)
    assert names(edition) == ["3D Sud", "Eau vive", "éclairage", "Énergie 34", "Zénith"]
    assert choices_of(edition).letters == [DIGITS, "E", "Z"]
    assert names(edition, letter="E") == ["Eau vive", "éclairage", "Énergie 34"]
    assert names(edition, letter=DIGITS) == ["3D Sud"]


@pytest.fixture
def lighting(edition: Edition) -> Edition:
    """Return an edition with a company, its co-exhibitor, and another company."""
    host = make_exhibitor(
        edition,
        name="Éclairage du Biterrois",
        activity="Travaux d’installation d’électricité",
        presentation="Lampadaires solaires. Mise en œuvre, 100 % local.",
        sector=Sector.ENERGY,
    )
    add_co_exhibitor(host, "Saint-Gobain Éclairage")
    make_exhibitor(edition, name="Autre", presentation="Rien.", sector=Sector.PUBLIC)
    return edition


@each(
    ("typed", "is_listed", "why"),
    [
        ("ECLAIRAGE", True, "without case"),
        ("éclairàge", True, "without accents"),
        ("éclair", True, "the beginning of a word"),
        ("airage", False, "the middle of one is not"),
        ("lampadaires", True, "in the presentation"),
        ("lampadaires éclairage", True, "every word, in any order"),
        ("lampadaires piscine", False, "a word that is nowhere"),
        ("électricité", True, "in the activity"),
        ("énergie", True, "in the category"),
        ("œuvre", True, "oe and œ are one"),
        ("saint-gobain", True, "a co-exhibitor is found at its host's stand"),
        ("100%", True, "a per cent sign is no wildcard"),
        ("%", False, "nothing to look for"),
        ("_", False, "nothing to look for"),
        ("'; DROP TABLE exhibitors", False, "a quote is a sign like another"),
    ],
)
def test_words_find_an_exhibitor(lighting: Edition, typed: str, is_listed: bool, why: str) -> None:
    assert (names(lighting, text=typed) == ["Éclairage du Biterrois"]) is is_listed, why


def test_a_change_of_the_profile_changes_what_finds_it(edition: Edition) -> None:
    exhibitor = make_exhibitor(edition, presentation="Jeux d’enfants.")
    assert names(edition, text="jeux") == [exhibitor.name]
    with transaction(exhibitor):
        exhibitor.presentation = "Tables de pique-nique."
    assert names(edition, text="jeux") == []
    assert names(edition, text="pique") == [exhibitor.name]


def test_filters_by_theme_category_and_hall_add_up(edition: Edition) -> None:
    hall, other_hall = make_hall(edition, name="2"), make_hall(edition, name="1A")
    theme = make_theme(edition, make_stand(hall))
    other_exhibitor = make_exhibitor(
        edition, name="Un", sector=Sector.WATER, stand=make_stand(hall)
    )
    two = make_exhibitor(edition, name="Deux", sector=Sector.WATER, stand=make_stand(other_hall))
    make_exhibitor(edition, name="Trois", sector=Sector.ROADS)
    with transaction() as session:
        for exhibitor in (other_exhibitor, two):
            session.merge(exhibitor).themes.append(session.merge(theme))
    assert names(edition, sector="water") == ["Deux", "Un"]
    assert names(edition, theme="fibre") == ["Deux", "Un"]
    assert names(edition, hall="2") == ["Un"]
    assert names(edition, theme="fibre", hall="1A", sector="water", text="deux") == ["Deux"]
    choices = choices_of(edition)
    assert choices.total == 3
    assert choices.sectors == [(Sector.ROADS, 1), (Sector.WATER, 2)]
    assert choices.halls == ["1A", "2"]
    assert choices.themes == [("fibre", "Fibre")]


def test_the_members_of_a_pavilion_are_under_it_and_found_by_themselves(edition: Edition) -> None:
    village = make_exhibitor(edition, name="Village Hérault", area=0)
    stand = make_stand(make_hall(edition, name="1A"), number="66")
    make_exhibitor(edition, name="CAUE", parent_id=village.id, stand=stand)
    make_exhibitor(edition, name="Absent", parent_id=village.id, status=ApplicationStatus.WITHDRAWN)
    page = catalogue_page(edition, CatalogueFilter())
    assert [item.name for item in page.items] == ["Village Hérault"]
    assert [(name, number) for _, name, number in page.items[0].members] == [("CAUE", "66")]
    items = catalogue_page(edition, CatalogueFilter(text="caue")).items
    assert [(item.name, item.pavilion, item.hall, item.stand) for item in items] == [
        ("CAUE", "Village Hérault", "1A", "66")
    ]


def test_a_member_whose_pavilion_is_gone_stands_alone(edition: Edition) -> None:
    withdrawn_exhibitor = make_exhibitor(edition, status=ApplicationStatus.WITHDRAWN, area=0)
    make_exhibitor(edition, name="CAUE", parent_id=withdrawn_exhibitor.id)
    assert names(edition) == ["CAUE"]


def test_pages_follow_each_other(edition: Edition) -> None:
    length = CATALOGUE.length
    for number in range(length + 2):
        make_exhibitor(edition, name=f"Exposant {number:03d}")
    first, second = (
        catalogue_page(edition, CatalogueFilter(), PageRequest(number)) for number in (1, 2)
    )
    assert (len(first.items), len(second.items), first.total, first.pages) == (
        length,
        2,
        length + 2,
        2,
    )
    assert second.items[-1].name == f"Exposant {length + 1:03d}"
    beyond = catalogue_page(edition, CatalogueFilter(), PageRequest(99))
    assert [card.id for card in beyond.items] == [card.id for card in second.items]


def test_the_same_queries_for_thirty_and_for_three_hundred(edition: Edition) -> None:
    hall = make_hall(edition, width=400, depth=400)

    def add(count: int) -> None:
        parent = make_exhibitor(edition, area=0)
        with transaction() as session:
            for _ in range(count):
                number = len(current_session().identity_map) + 1
                session.add(
                    Exhibitor(
                        edition_id=edition.id,
                        private_token=f"jeton-{parent.id}-{number}-{_}",
                        status=ApplicationStatus.ACCEPTED,
                        created_at=parent.created_at,
                        status_at=parent.status_at,
                        name=f"Exposant {parent.id} {_}",
                        name_key=f"exposant {parent.id} {_}",
                        slug=f"exposant-{parent.id}-{_}",
                        parent_id=parent.id if _ % 10 == 0 else None,
                        sector=Sector.WATER,
                        co_exhibitors=[CoExhibitor(name="Ami", name_key="ami")],
                    )
                )
        make_exhibitor(edition, stand=make_stand(hall))
        current_session().expunge_all()

    def cost(read: Callable[[], Any]) -> int:
        current_session().rollback()
        with statements() as seen:
            read()
        return len(seen)

    every_filter = CatalogueFilter("exposant", "fibre", Sector.WATER, "2", "E")
    reads = (
        lambda: catalogue_page(edition, CatalogueFilter()).items,
        lambda: catalogue_page(edition, CatalogueFilter(text="exposant ami")).items,
        lambda: catalogue_page(edition, every_filter).items,
        lambda: choices_of(edition),
        lambda: public_exhibitors(edition, ""),
    )
    add(30)
    edition = current_session().get_one(Edition, edition.id)
    few = [cost(item) for item in reads]
    add(300)
    edition = current_session().get_one(Edition, edition.id)
    assert [cost(item) for item in reads] == few
    assert max(few) <= 8  # two more for a text that is nobody’s: is it anybody’s, who is near


def test_an_entry_costs_the_same_with_many_members(edition: Edition) -> None:
    def cost(slug: str) -> int:
        current_session().expunge_all()
        stored_edition = current_session().get_one(Edition, edition.id)
        with statements() as seen:
            entry = get_entry(stored_edition, slug)
            assert [(member.name, member.stand) for member in entry.members]
        return len(seen)

    for count in (1, 20):
        parent = make_exhibitor(edition, area=0, slug=f"pavillon-{count}")
        for _ in range(count):
            make_exhibitor(edition, parent_id=parent.id)
    assert cost("pavillon-1") == cost("pavillon-20")


def test_open_data_hold_the_public_fields_and_nothing_of_a_person(edition: Edition) -> None:
    hall = make_hall(edition, name="2")
    stand = make_stand(hall, number="12")
    exhibitor = make_exhibitor(
        edition,
        email="secret@exposant.example",
        name="Éclairage",
        website="https://eclairage.example/",
        stand=stand,
        wish_note="note interne",
    )
    add_co_exhibitor(exhibitor, "Ami")
    stored_public_exhibitors = public_exhibitors(edition, "https://salon.example/exposants")
    entries = [entry.as_dict() for entry in stored_public_exhibitors]
    assert list(entries[0]) == list(PUBLIC_FIELDS)
    assert entries == [
        {
            "name": "Éclairage",
            "sector": "Énergie et éclairage public",
            "hall": "2",
            "stand": "12",
            "pavilion": "",
            "themes": [],
            "co_exhibitors": ["Ami"],
            "presentation": "Éclairage public et bornes de recharge.",
            "website": "https://eclairage.example/",
            "page": f"https://salon.example/exposants/{exhibitor.slug}",
        }
    ]
    text = str(entries)
    for private in (
        *("secret@", "Cabanel", "Élise", "04 67", "44306184100047", "rue des Vignes"),
        *("note interne", exhibitor.private_token),
    ):
        assert private not in text


@pytest.mark.parametrize(
    ("typed", "is_link"),
    [
        ("https://exposant.example", True),
        ("http://exposant.example/a?b=c", True),
        (" https://exposant.example ", True),
        ("javascript:alert(1)", False),
        ("JavaScript://x.example/%0aalert(1)", False),
        ("data:text/html,x", False),
        ("//exposant.example", False),
        ("www.exposant.example", False),
        ("https://", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_web_are_links(typed: str, is_link: bool) -> None:
    assert safe_website(typed) == (typed.strip() if is_link else "")
