"""Files made for the day, and what is computed for the screen."""

from collections.abc import Mapping
from pathlib import Path

import click

from salon.platform.work.command_line import Count, OutputPath, command


@command("badge-codes", help="Affiche ce que dit le QR code de chaque badge valable, un par ligne.")
@click.option("--limit", type=Count(), default=None, help="Autant de badges au plus.")
def badge_codes(limit: int | None) -> None:
    """Prints what the QR of each valid badge says, one per line."""
    from salon.badges import queries as badge_queries
    from salon.fair.queries import get_public_edition
    from salon.platform.web.access import settings

    for code in badge_queries.valid_codes(get_public_edition(), limit):
        click.echo(f"{settings().qr_prefix}{code}")


@command("print-badges", help="Écrit les badges de l’édition publique dans un seul PDF.")
@click.option("--output", required=True, type=OutputPath(), help="PDF à écrire.")
@click.option("--limit", type=Count(), default=None, help="Autant de badges au plus.")
@click.option(
    "--format",
    "layout",
    default="a4",
    type=click.Choice(["a4", "a6", "62mm", "102x152"]),
    help="Papier : a4 (dix par page) si rien n’est dit.",
)
def print_badges(output: Path, limit: int | None, layout: str) -> None:
    """Writes the badges of the current edition into one PDF."""
    from salon.badges import jobs as badge_jobs
    from salon.fair.queries import get_public_edition
    from salon.platform.settings.clock import now
    from salon.platform.web.access import settings

    count = badge_jobs.write_badge_file(
        get_public_edition(), output, layout, settings().qr_prefix, limit, now()
    )
    click.echo(f"{count} badges : {output}")


@command(
    "paper-pack",
    help="Écrit le dossier papier de l’édition publique : ce qui y est coché se ressaisit ensuite.",
)
@click.option("--output", required=True, type=OutputPath(), help="PDF à écrire.")
def paper_pack(output: Path) -> None:
    """Writes the paper pack of the current edition; what is ticked on it can be typed back."""
    from salon.fair.queries import get_public_edition
    from salon.fair.services.acts import FairAct
    from salon.paper.jobs import write_pack_file
    from salon.platform.database.identity import SYSTEM
    from salon.platform.web.access import settings

    pages = write_pack_file(FairAct(SYSTEM, edition=get_public_edition()), output, settings())
    click.echo(f"{pages} pages : {output}")


@command(
    "propose-plan",
    help="Propose un stand à chaque exposant accepté, en JSON. Ne change rien.",
)
@click.option(
    "--output", type=OutputPath(), default=None, help="Fichier à écrire ; sinon, à l’écran."
)
def propose_plan(output: Path | None) -> None:
    """Proposes a stand for each accepted exhibitor, as JSON; changes nothing."""
    from salon.fair.queries import find_public_edition
    from salon.placement import jobs

    edition = find_public_edition()
    if edition is None:
        raise click.ClickException("Aucune édition n’est ouverte : rien à placer.")
    result = jobs.propose(edition)
    placed, unplaced = len(result["placed"]), len(result["unplaced"])
    _give(result, output, f"{placed} placés, {unplaced} sans place, {result['seconds']} s")


@command(
    "solve-rota",
    help="Calcule le planning de l’édition publique, en JSON. Ne change rien.",
)
@click.option(
    "--output", type=OutputPath(), default=None, help="Fichier à écrire ; sinon, à l’écran."
)
@click.option(
    "--effort",
    type=click.Choice(["quick", "full"]),
    default="quick",
    help="Durée de la recherche : quick si rien n’est dit ; full, trois minutes environ au plus.",
)
def solve_rota(output: Path | None, effort: str) -> None:
    """Makes the rota of the current edition, as JSON; changes nothing."""
    from salon.fair.queries import find_public_edition
    from salon.platform.settings.clock import now
    from salon.staffing import jobs as rotas
    from salon.staffing.models.effort import Effort

    edition = find_public_edition()
    if edition is None:
        raise click.ClickException("Aucune édition n’est ouverte : aucun stand à tenir.")
    result = rotas.solve_now(edition, now(), Effort(effort))
    status, missing, seconds = result["status"], result["missing"], result["seconds"]
    _give(result, output, f"{status}, {missing} manques, {seconds} s")


def _give(result: Mapping[str, object], output: Path | None, summary: str) -> None:
    """Write a result as JSON into a file and print its summary, or print the result."""
    import json

    text = json.dumps(result, ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
        return
    output.write_text(text + "\n", encoding="utf-8")
    click.echo(f"{summary} : {output}")
