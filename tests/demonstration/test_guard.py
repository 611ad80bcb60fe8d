"""A demonstration opens on its own database only, and its database serves no real fair."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, update

from salon import create_app
from salon.accounts.models import Account
from salon.commands.serving import _print_addresses
from salon.demonstration.guard import refusal
from salon.fair.services import load_edition, open_edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.demonstration_state import lives_as_demonstration, shows_demonstration
from salon.platform.database.identity import SYSTEM
from salon.platform.database.marks import Mark
from salon.platform.settings import clock
from salon.platform.settings.clock import now, real_now
from salon.platform.settings.installation import ROOT
from tests.conftest import copy_data, settings_for

Opener = Callable[..., Flask]
REAL = {"production": True, "demonstration": False, "demonstration_refused": True}
HTTPS = {"public_url": "https://salon34.fr", "trusted_hosts": ("salon34.fr",)}


@pytest.fixture
def seeded(loaded: Path, tmp_path: Path) -> Iterator[Opener]:
    """Open the loaded demonstration with other settings."""
    copy_data(loaded, tmp_path)

    def open_with(**changes: object) -> Flask:
        return create_app(replace(settings_for(tmp_path), **changes))  # type: ignore[arg-type]

    yield open_with
    clock.clock.path = None


def status_of(app: Flask, path: str) -> int:
    host = app.config["SALON"].public_url
    return app.test_client().get(path, base_url=host).status_code


@pytest.mark.parametrize("changes", [{**REAL, **HTTPS}, HTTPS])
def test_no_page_of_a_seeded_database_is_served_to_the_public(
    seeded: Opener, changes: dict[str, object]
) -> None:
    app = seeded(**changes)
    paths = ("/", "/connexion/organisation", "/organisation", "/demonstration/courriels", "/readyz")
    assert {status_of(app, path) for path in paths} == {503}
    assert status_of(app, "/healthz") == 200
    with app.app_context():
        assert "publics" in refusal()


def test_public_accounts_alone_are_refused_in_production(seeded: Opener) -> None:
    app = seeded(**REAL, **HTTPS)
    with app.app_context():
        with transaction() as session:
            session.execute(delete(Mark))
        assert status_of(app, "/") == 503
        with transaction() as session:
            session.execute(update(Account).values(disabled_at=real_now()))
    assert status_of(app, "/") == 200


def test_without_the_setting_a_demonstration_keeps_its_time_and_shows_no_door(
    seeded: Opener,
) -> None:
    app = seeded(demonstration_refused=False)
    with app.app_context():
        assert (shows_demonstration(), lives_as_demonstration()) == (False, True)
        assert now().year == 2021
    assert status_of(app, "/demonstration") == 404
    assert status_of(app, "/") == 200


def test_a_refused_demonstration_runs_at_the_time_of_the_world(seeded: Opener) -> None:
    app = seeded(demonstration_refused=True)
    with app.app_context():
        assert now().year == real_now().year


@pytest.fixture
def real_fair(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """Yield a fair loaded without a demonstration, run with the demonstration's setting."""
    shutil.copy(sqlite_template, tmp_path / "salon.sqlite")
    (tmp_path / "clock.json").write_text(json.dumps({"offset_seconds": -(10**8)}))
    settings = settings_for(tmp_path)
    app = create_app(replace(settings, demonstration=True, demonstration_refused=False))
    with app.app_context():
        open_edition(Act(SYSTEM), load_edition(Act(SYSTEM), ROOT / "seed_data" / "2021").id)
        yield app
    clock.clock.path = None


def test_a_fair_that_was_not_seeded_shows_no_demonstration(real_fair: Flask) -> None:
    assert status_of(real_fair, "/demonstration") == 404
    assert status_of(real_fair, "/demonstration/courriels") == 404
    assert "demo-bar" not in real_fair.test_client().get("/").text


def test_the_start_of_a_real_fair_prints_no_demonstration(
    real_fair: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    _print_addresses(real_fair.config["SALON"])
    output = capsys.readouterr().out
    assert "Le salon : http://127.0.0.1:5000/" in output
    assert "demonstration" not in output


def test_a_closed_account_closes_its_door_alone(
    seeded: Opener, capsys: pytest.CaptureFixture[str]
) -> None:
    app = seeded(demonstration=True, demonstration_refused=False)
    with app.app_context():
        with transaction() as session:
            session.execute(update(Account).values(disabled_at=real_now()))
        _print_addresses(app.config["SALON"])
        app.config["WTF_CSRF_ENABLED"] = False
        enter = app.test_client().post("/demonstration/entrer", data={"role": "agent"})
    assert (status_of(app, "/demonstration"), enter.status_code) == (200, 404)


def test_a_clock_left_in_the_folder_does_not_move_a_real_fair(real_fair: Flask) -> None:
    begun_at = real_now()
    assert begun_at <= now() <= real_now()


def test_nothing_is_seeded_over_a_real_fair(real_fair: Flask) -> None:
    result = real_fair.test_cli_runner().invoke(args=["seed"])
    assert (result.exit_code, "rien n’a été chargé" in result.output) == (1, True)
