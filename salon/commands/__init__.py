"""Commands of `salon …`, which are those of `flask --app app …`.

What a command works with is imported inside it: web workers start, and `salon --help` answers,
without it.
"""

from collections.abc import Mapping

import click
from flask import Flask

from salon.commands.data import backup, purge, restore
from salon.commands.documents import (
    badge_codes,
    paper_pack,
    print_badges,
    propose_plan,
    solve_rota,
)
from salon.commands.editions import load_edition, save_edition, seed
from salon.commands.people import create_organiser, station_token
from salon.commands.serving import check_mail, doctor, migrate, serve, worker

SECTIONS: Mapping[str, tuple[click.Command, ...]] = {
    "Servir": (serve, worker, migrate, doctor, check_mail),
    "Comptes et postes": (create_organiser, station_token),
    "Éditions": (load_edition, save_edition, seed),
    "Documents et calculs": (badge_codes, print_badges, paper_pack, propose_plan, solve_rota),
    "Données": (backup, restore, purge),
}
"""Every command, as `salon --help` groups them."""


def register_commands(app: Flask) -> None:
    for section in SECTIONS.values():
        for command in section:
            app.cli.add_command(command)
