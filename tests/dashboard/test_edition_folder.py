"""An edition saved as a folder of files, and loaded elsewhere. On SQLite and PostgreSQL."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, url_for
from PIL import Image

from salon.appointments.models import BookingSettings, StandBooking, ThemeBooking
from salon.badges.models import BadgeSettings
from salon.dashboard.presenters.setting_cards import setting_groups
from salon.dashboard.services.edition_folder import (
    FolderNotEmpty,
    load_folder,
    write_folder,
)
from salon.entrance.models import EntranceSettings
from salon.entrance.queries.places import zones_of
from salon.exhibitors.queries.exhibitors import terms_of
from salon.fair import queries
from salon.fair.imports.seed_tables import FileNotUnderstood
from salon.fair.models import Edition, MailSettings, PhoneAsked, Zone, ZoneHours, ZoneKind
from salon.fair.services import halls, open_edition, village
from salon.fair.services.files import add_file
from salon.fair.services.look import change_look, look_of
from salon.platform.database.act import Act
from salon.platform.database.consequences import Standing
from salon.platform.database.db import Model, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.versions import stamp_of
from salon.platform.files.uploads import SentFile, upload
from salon.platform.settings.installation import ROOT
from salon.platform.storage.folder import FolderStore
from salon.platform.web.access import settings
from salon.staffing.models import Rota
from tests.dashboard.folders import SAVED, as_another, rows_by_table
from tests.exhibitor_space.made import pdf
from tests.factories import act_in, sign_in
from tests.fair.test_look import picture
from tests.fair.test_practical import text_of
from tests.pages import PageClient

SEED = ROOT / "seed_data"

TERRITORY = {"communes", "epcis", "guests", "local_authorities"}
ACCOUNTS = {"accounts", "kept_forms", "read_tokens", "rights", "sign_ins", "single_use_codes"}
STATIONS = {"station_reports", "stations"}
PEOPLE = {
    *("agent_periods", "agent_stands", "agent_themes", "agents", "appointment_agent_claims"),
    *("appointment_documents", "appointment_holds", "appointment_steps"),
    *("appointment_visitor_claims", "appointments", "attendees", "badges", "booking_requests"),
    *("distinct_agents", "distinct_exhibitors", "distinct_people", "merged_agents"),
    *("merged_people", "undo_records"),
    *("consents", "exchanges", "groups", "invitations", "lead_consents", "lead_readings", "leads"),
    *("book_filters", "mailing_recipients", "mailings", "organisation_invitations"),
    *("queue_tickets", "shift_claims", "shifts", "stand_in_asks", "stand_ins", "waiting_entries"),
}
EXHIBITORS = {
    *("allocations", "billing_details", "co_exhibitors", "exhibitor_contacts"),
    *("exhibitor_documents", "exhibitor_themes", "exhibitors", "negotiated_lines", "payments"),
    *("refunds", "reminders", "safety_forms", "sales", "sales_documents", "sales_lines"),
    *("sales_papers", "statement_lines", "task_answers", "wanted_options"),
}
OF_THE_DAY = {
    *(
        "conflicts",
        "data_files",
        "data_releases",
        "kept_figures",
        "list_entries",
        "paper_packs",
        "paper_pages",
        "plan_proposals",
    ),
    *("presences", "print_jobs", "print_runs", "printings", "publications", "rota_runs", "scans"),
    "zone_presences",
}
OF_THE_INSTALLATION = {
    *("alarms", "machine_reports", "mail_oppositions"),
    *("company_records", "journal_entries", "marks", "messages", "number_series", "rate_counters"),
    *("submissions", "unsettled"),
}
WORDS = {
    "sender_name": "Le salon",
    "signature": "L’équipe\n04 67 00 00 00",
    "texts": {"registration": {"subject": "Bienvenue {nom}"}},
}
DAY = timedelta(days=1)
PAGES = ("/", "/village", "/programme", "/plan", "/venir", "/exposants", "/exposants/inscription")


def test_every_table_is_saved_in_the_folder_or_belongs_to_people_or_to_the_day() -> None:
    left_out = TERRITORY | ACCOUNTS | STATIONS | PEOPLE | EXHIBITORS | OF_THE_DAY
    assert set(Model.metadata.tables) == SAVED | left_out | OF_THE_INSTALLATION


@pytest.fixture
def lived(app: Flask) -> Edition:
    """Return the edition of 2021 with every setting that its own files leave at its default."""
    edition = load_folder(Act(SYSTEM), SEED / "2021").edition
    theme, item = queries.themes_of(edition)[0], queries.programme_of(edition)[0]
    booking = {"notice_minutes": 15, "hold_minutes": 10, "per_visitor": 6, "per_commune": 3}
    with transaction() as session:
        edition.latitude, edition.longitude = 43.361_972, 3.246_5
        edition.contact_email, edition.contact_phone = "salon@amf34.example", "04 67 00 00 00"
        edition.texts = {
            "tagline": "**Un jour**, un lieu.\n\n- une [adresse](https://a.example/?b)"
        }
        edition.legal, edition.phone_asked = {"publisher": "AMF34"}, PhoneAsked.REQUIRED
        edition.main_colour, edition.accent_colour = "#123456", "#f2b632"
        edition.halls[0].description = "Au fond, à gauche."
        theme.links = [{"label": "Le guide", "address": "https://guide.example/?a=1&b=2"}]
        zone = session.query(Zone).filter_by(edition_id=edition.id, kind=ZoneKind.FAIR).one()
        noon = edition.days[0].opens_at
        zone.later_hours = [
            ZoneHours(noon + DAY, noon + 1.5 * DAY, noon + 0.9 * DAY),
            ZoneHours(noon + 3 * DAY),
        ]
        item.room.seats = 150
        item.theme = theme
        item.speakers = [{"name": "Mme Claire Roux", "role": "maire"}, {"name": "X", "role": ""}]
        for table, values in (
            (
                Rota,
                {
                    "before_minutes": 60,
                    "weights": {"avoided": 7},
                    "lunch_is_due": True,
                    "least_stint": 3,
                    "limits": {"sdis-34": {"employer": "private", "day": 16}},
                },
            ),
            (BookingSettings, booking),
            (MailSettings, WORDS),
            (BadgeSettings, {"lines": ["stand"], "colours": {"press": "#7a1f3d"}}),
            (
                EntranceSettings,
                {"lets_unknown_in": False, "urgent_numbers": "SAMU 15\nFeu 18"},
            ),
        ):
            row = session.get(table, edition.id) or table(edition_id=edition.id)
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)
        session.add(StandBooking(stand_id=queries.bodies_of(edition)[0].stand_id, kept_free=2))
        session.get_one(ThemeBooking, theme.id).is_open = False
    withdraw_some(edition)
    with transaction(edition):
        edition.standing = Standing.CANCELLED
    data = settings().data
    add_file(
        Act(SYSTEM), theme, "Le guide", SentFile(pdf(), "guide.pdf"), FolderStore(data), "a" * 32
    )
    add_file(
        Act(SYSTEM),
        item,
        "Le programme",
        SentFile(pdf(), "programme.pdf"),
        FolderStore(data),
        "b" * 32,
    )
    return edition


def withdraw_some(edition: Edition) -> None:
    """Close hall 1B; withdraw a body, a theme with its figures and links, and an added task."""
    closed = next(hall for hall in edition.halls if hall.name == "1B")
    stamp = stamp_of(halls.closing_values(closed))
    halls.close_hall(act_in(edition, SYSTEM), closed, {"stands": {}, "words": ""}, stamp)
    body = queries.bodies_of(edition)[1]
    village.withdraw(act_in(edition, SYSTEM), body, "", stamp_of(village.body_values(body)))
    theme = queries.themes_of(edition)[2]
    with transaction():
        theme.links = [{"label": "La carte", "address": "https://carte.example/"}]
        terms_of(edition).added_tasks[0].is_withdrawn = True
    add_file(
        Act(SYSTEM),
        theme,
        "La carte",
        SentFile(pdf(), "carte.pdf"),
        settings().file_store,
        "c" * 32,
    )
    village.withdraw(act_in(edition, SYSTEM), theme, "", stamp_of(village.theme_values(theme)))


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.on_both
def test_an_edition_saved_loaded_and_saved_again_gives_the_same_files_and_rows(
    lived: Edition, tmp_path: Path
) -> None:
    write_folder(lived, tmp_path / "saved", settings().file_store)
    before = rows_by_table()
    copy = load_folder(Act(SYSTEM), as_another(tmp_path / "saved", tmp_path / "copy")).edition
    assert rows_by_table() == {name: 2 * count for name, count in before.items()}
    write_folder(copy, tmp_path / "again", settings().file_store)
    assert files_of(tmp_path / "again") == files_of(tmp_path / "copy")
    assert (copy.legal, copy.phone_asked) == ({"publisher": "AMF34"}, PhoneAsked.REQUIRED)
    assert (copy.main_colour, copy.accent_colour) == ("#123456", "#f2b632")
    assert copy.standing == Standing.CANCELLED
    assert len(files_of(tmp_path / "saved")) == 28
    assert [zone.later_hours for zone in zones_of(copy.id)] == [
        zone.later_hours for zone in zones_of(lived.id)
    ]


def test_the_logo_goes_with_the_folder_pixel_for_pixel(lived: Edition, tmp_path: Path) -> None:
    data = settings().data
    content = picture()
    change_look(
        act_in(lived, SYSTEM),
        {**look_of(lived), "logo": content},
        stamp_of(look_of(lived)),
        FolderStore(data),
    )
    write_folder(lived, tmp_path / "saved", FolderStore(data))
    copy = load_folder(Act(SYSTEM), as_another(tmp_path / "saved", tmp_path / "copy")).edition
    assert copy.logo_name != lived.logo_name
    logos = [Image.open(data / upload(edition.logo_name)) for edition in (lived, copy)]
    assert logos[0].tobytes() == logos[1].tobytes()
    write_folder(copy, tmp_path / "again", FolderStore(data))
    assert files_of(tmp_path / "again").keys() == files_of(tmp_path / "copy").keys()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"<svg>", "copy/logo.webp.*SVG"), (None, "edition.toml.*pas dans le dossier")],
)
def test_a_logo_that_does_not_open_or_lacks_loads_nothing(
    lived: Edition, tmp_path: Path, content: bytes | None, words: str
) -> None:
    write_folder(lived, tmp_path / "saved", settings().file_store)
    copy = as_another(tmp_path / "saved", tmp_path / "copy")
    values = copy / "edition.toml"
    values.write_text(values.read_text().replace('logo = ""', 'logo = "logo.webp"'))
    if content is not None:
        (copy / "logo.webp").write_bytes(content)
    with pytest.raises(FileNotUnderstood) as refusal:
        load_folder(Act(SYSTEM), copy)
    assert re.search(words, refusal.value.message)
    assert len(queries.editions()) == 1


def test_public_pages_are_the_same_after_a_save_and_a_load(
    app: Flask, client: PageClient, lived: Edition, tmp_path: Path
) -> None:
    open_edition(Act(SYSTEM), lived.id)
    theme_pages = [f"/village/{theme.slug}" for theme in queries.themes_of(lived)]
    before = {page: text_of(client.get(page)) for page in [*PAGES, *theme_pages]}
    write_folder(lived, tmp_path / "saved", settings().file_store)
    copy = load_folder(Act(SYSTEM), as_another(tmp_path / "saved", tmp_path / "copy")).edition
    open_edition(Act(SYSTEM), copy.id)
    after = {page: text_of(client.get(page)) for page in [*PAGES, *theme_pages]}
    assert after == before
    assert "Mme Claire Roux" in before["/programme"]


@pytest.mark.on_both
def test_what_was_withdrawn_or_closed_is_put_back_in_its_place_after_a_load(
    lived: Edition, tmp_path: Path
) -> None:
    write_folder(lived, tmp_path / "saved", settings().file_store)
    copy = load_folder(Act(SYSTEM), as_another(tmp_path / "saved", tmp_path / "copy")).edition
    orders = []
    for edition in (lived, copy):
        with transaction(edition):
            edition.standing = Standing.AS_PLANNED
        (hall,) = queries.closed_halls_of(edition)
        (body,) = queries.withdrawn_bodies_of(edition)
        (task,) = terms_of(edition).added_tasks
        assert (hall.name, body.short_name, task.is_withdrawn) == ("1B", "THD", True)
        halls.reopen_hall(act_in(edition, SYSTEM), hall, "", stamp_of(halls.closing_values(hall)))
        village.restore(act_in(edition, SYSTEM), body, "", stamp_of(village.body_values(body)))
        for theme in queries.withdrawn_themes_of(edition):
            stamp = stamp_of(village.theme_values(theme))
            village.restore(act_in(edition, SYSTEM), theme, "", stamp)
        orders.append(
            {
                "halls": [hall.name for hall in queries.halls_of(edition)],
                "bodies": [body.slug for body in queries.bodies_of(edition)],
                "themes": {theme.slug for theme in queries.themes_of(edition)},
            }
        )
    assert orders[1] == orders[0]
    assert orders[0]["bodies"][1] == "herault-thd"
    assert [len(names) for names in orders[0].values()] == [4, 8, 13]


OWN = re.compile(
    r'<input[^>]*type="hidden"[^>]*>|(?<=<option )(?:selected )?value="\d+"'
    r'|(?<="checkbox" )value="\d+"'
    r"|/e/(?:2021|copie)|(?<=[/=_-])\d+\b|\b[0-9a-f]{32,}\b|à \d+\xa0h(?:\xa0\d+)?(?=</p>)"
    r"|(?<=Fermé )le [^<,]*|(?<=retiré )le [^<,]*"
)
"""What two editions with the same settings do not share: locks, numbers of rows, the hour, and
when something was closed or withdrawn."""
OF_THE_STATE = ("fair.editions", "fair.change_standing")
"""Pages that follow the state of an edition, which a folder does not hold."""


def settings_pages(organiser: PageClient, edition: Edition) -> dict[str, str]:
    """Return the pages that the hub leads to, and those that they lead to, without what is OWN.

    Of eighty pages of messages, those of the rewritten ones and of one that is not.
    """
    root = f"/e/{edition.slug}"
    messages = url_for("fair.mail_settings")
    kinds = {"waiting_closed", *queries.find_mail_choices(edition.id).texts}
    waiting = [
        url_for(card.endpoint)
        for group in setting_groups(edition)
        for card in group.cards
        if card.endpoint not in OF_THE_STATE
    ]
    pages: dict[str, str] = {}
    for path in waiting:
        answer = organiser.get(root + path)
        if answer.mimetype == "text/html" and path not in pages:
            assert answer.status_code == 200, path
            pages[path] = answer.text.partition("<main")[2].partition("</main>")[0]
            waiting += [
                link
                for link in re.findall(rf'href="(?:{root})?({path}/[^"?#]+)"', pages[path])
                if path != messages or link.removeprefix(f"{path}/") in kinds
            ]
    return {
        f"{number} {OWN.sub('', path)}": OWN.sub("", text)
        for number, (path, text) in enumerate(pages.items())
    }


def test_settings_pages_are_the_same_after_a_save_and_a_load(
    app: Flask, lived: Edition, tmp_path: Path
) -> None:
    open_edition(Act(SYSTEM), lived.id)
    organiser = sign_in(app, Role.ORGANISER)
    with app.test_request_context():
        before = settings_pages(organiser, lived)
    pages = "".join(before.values())
    names = "Fermé", "Hérault THD", "Hérault Numérique", "Ce que vous construisez"
    assert [name for name in names if name not in pages] == []
    write_folder(lived, tmp_path / "saved", settings().file_store)
    copy = load_folder(Act(SYSTEM), as_another(tmp_path / "saved", tmp_path / "copy")).edition
    with app.test_request_context():
        after = settings_pages(organiser, copy)
    assert list(after) == list(before)
    for name, page in before.items():
        assert after[name] == page, name
    assert len(before) > 60


def test_a_folder_that_has_files_is_not_written_over(lived: Edition, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "lettre.txt").write_text("à garder")
    with pytest.raises(FolderNotEmpty):
        write_folder(lived, tmp_path / "taken", settings().file_store)
    assert files_of(tmp_path / "taken") == {"lettre.txt": "à garder".encode()}
