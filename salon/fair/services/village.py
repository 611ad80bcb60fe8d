"""Bodies and themes of the village: added, changed, put in order, withdrawn.

Each row's values by field (`…_of`) give the stamp that a page read. Changes raise StaleVersion.
"""

from collections.abc import Sequence

from salon.fair import queries
from salon.fair.actions import FairAction
from salon.fair.models import PartnerBody, Theme
from salon.fair.rules import village as rules
from salon.fair.rules.days import check_change_is_the_last
from salon.fair.services.acts import FairAct
from salon.fair.services.changes import entry_to_undo, gates_of, last_undoable
from salon.fair.services.rearrangement import moves_of, rearrange, take_back
from salon.platform.database.consequences import Consequences, Rearrangement, follow
from salon.platform.database.journal import JournalEntry, write_entry
from salon.platform.database.submissions import (
    claim_submission,
    earlier_row,
    save_new_row,
    settle_submission,
)
from salon.platform.database.versions import Values, check_version, stamp_of
from salon.platform.pages.lists.order import put_at, renumber
from salon.platform.words.slugs import free_slug
from salon.platform.words.texts import folded

BODY_MOVED, BODY_MOVED_BACK = FairAction.BODY_MOVED, FairAction.BODY_MOVED_BACK
BODY_FIELDS = ("name", "short_name", "topics", "presentation", "stand_id")
THEME_FIELDS = ("name", "body_id", "summary", "details", "figures", "links")


def body_values(body: PartnerBody) -> dict[str, object]:
    return {name: getattr(body, name) for name in (*BODY_FIELDS, "rank")}


def theme_values(theme: Theme) -> dict[str, object]:
    return {name: getattr(theme, name) for name in (*THEME_FIELDS, "rank")}


def add_body(act: FairAct, values: Values, key: str) -> PartnerBody:
    """Add a body on a free stand. Idempotent by `key`. Raises StandNotFree."""
    stand = queries.get_stand_of(act.edition, values["stand_id"])
    with act.transaction(act.edition, stand) as session:
        content = {"body": act.edition.id, **values}
        if earlier := earlier_row(session, PartnerBody, key, content):
            return earlier
        rules.check_stand_is_free(stand, act.edition)
        bodies = list(queries.bodies_of(act.edition))
        columns = {name: values[name] for name in BODY_FIELDS}
        slug = free_slug(values["short_name"], queries.slugs_of(PartnerBody, act.edition))
        body = PartnerBody(edition_id=act.edition.id, slug=slug, rank=len(bodies), **columns)
        put_at(values["place"], body, bodies)
        save_new_row(session, key, body)
        write_entry(
            session, act.actor, FairAction.BODY_ADDED, f"edition:{act.edition.id}", name=body.name
        )
    return body


def change_body(act: FairAct, body: PartnerBody, changes: Values, stamp: str) -> Consequences:
    """Change a body and its place. On another stand, what it had follows: return what was done.

    `changes["words"]`: of the organiser, for the messages of the move. Raises StaleVersion,
    StandNotFree.
    """
    stand = queries.get_stand_of(act.edition, changes["stand_id"])
    with act.transaction(
        *gates_of(Rearrangement, act.edition), act.edition, body, stand
    ) as session:
        check_version(stamp, stamp_of(body_values(body)))
        consequences: Consequences = ()
        if stand.id != body.stand_id:
            rules.check_stand_is_free(stand, act.edition, body)
            change = Rearrangement(
                edition_id=act.edition.id,
                actor=act.actor,
                at=act.now,
                words=changes.get("words", ""),
                reason=f"{body.name} change de stand.",
                moves={body.stand_id: stand.id},
            )
            consequences = rearrange(session, change, BODY_MOVED, f"body:{body.id}", name=body.name)
        for field in BODY_FIELDS:
            setattr(body, field, changes[field])
        put_at(changes["place"], body, queries.bodies_of(act.edition))
        write_entry(
            session, act.actor, FairAction.BODY_CHANGED, f"edition:{act.edition.id}", name=body.name
        )
        return consequences


def last_move(body: PartnerBody) -> JournalEntry | None:
    """Return the entry of the last change of stand of a body, which can be undone."""
    return last_undoable(f"body:{body.id}", BODY_MOVED, BODY_MOVED_BACK)


def move_body_back(act: FairAct, body: PartnerBody, entry_id: int) -> Consequences:
    """Give a body its former stand back. Raises MoveNoLongerUndone, StandNotFree."""
    with act.transaction(*gates_of(Rearrangement, act.edition), act.edition, body) as session:
        entry = entry_to_undo(last_move(body), entry_id, rules.MoveNoLongerUndone)
        (stand_id,) = {stands[1] for _, row_id, *stands in moves_of(entry) if row_id == body.id}
        check_change_is_the_last(stand_id, body.stand_id, rules.MoveNoLongerUndone)
        reason, name = f"{body.name} garde finalement son stand.", body.name
        subject = f"body:{body.id}"
        change = Rearrangement(
            edition_id=act.edition.id, actor=act.actor, at=act.now, words="", reason=reason
        )
        return take_back(session, entry, change, BODY_MOVED_BACK, subject, name=name)


def add_theme(act: FairAct, values: Values, key: str) -> Theme:
    """Add a theme of a body. Idempotent by `key`."""
    body = queries.get_body(act.edition, values["body_id"])
    with act.transaction(act.edition, body) as session:
        content = {"theme": act.edition.id, **values}
        if earlier := earlier_row(session, Theme, key, content):
            return earlier
        themes = list(queries.themes_of(act.edition))
        columns = {name: values[name] for name in THEME_FIELDS}
        slug = free_slug(values["name"], queries.slugs_of(Theme, act.edition))
        theme = Theme(edition_id=act.edition.id, slug=slug, rank=len(themes), **columns)
        put_at(values["place"], theme, themes)
        save_new_row(session, key, theme)
        write_entry(
            session, act.actor, FairAction.THEME_ADDED, f"edition:{act.edition.id}", name=theme.name
        )
    return theme


def add_themes(act: FairAct, themes: Sequence[tuple[PartnerBody, str, str]], key: str) -> int:
    """Add themes (body, name, sentence) after the others; return how many.

    Those of a name already there are left. Idempotent by `key`.
    """
    bodies = sorted({body.id: body for body, _, _ in themes}.items())
    with act.transaction(act.edition, *(body for _, body in bodies)) as session:
        content = {
            "edition": act.edition.id,
            "themes": [[body.id, *words] for body, *words in themes],
        }
        if (earlier := claim_submission(session, key, content)) is not None:
            return int(earlier)
        rows = list(queries.themes_of(act.edition))
        former = len(rows)
        names = {folded(theme.name) for theme in rows}
        for body, name, summary in themes:
            if folded(name) in names:
                continue
            names.add(folded(name))
            slug = free_slug(name, {theme.slug for theme in rows})
            rows.append(
                Theme(
                    edition_id=act.edition.id,
                    body_id=body.id,
                    slug=slug,
                    rank=len(rows),
                    name=name,
                    summary=summary,
                )
            )
        session.add_all(rows[former:])
        count = len(rows) - former
        write_entry(
            session, act.actor, FairAction.THEME_LISTED, f"edition:{act.edition.id}", count=count
        )
        settle_submission(session, key, str(count))
    return count


def change_theme(act: FairAct, theme: Theme, changes: Values, stamp: str) -> Consequences:
    """Change a theme and its place; its address stays. Return what another body or name touches.

    Raises StaleVersion.
    """
    body = queries.get_body(act.edition, changes["body_id"])
    with act.transaction(
        *gates_of(Rearrangement, act.edition), act.edition, body, theme
    ) as session:
        check_version(stamp, stamp_of(theme_values(theme)))
        theme_ids = frozenset({theme.id})
        change = Rearrangement(
            edition_id=act.edition.id,
            actor=act.actor,
            at=act.now,
            reason="",
            entrusted=theme_ids if body.id != theme.body_id else frozenset(),
            renamed=theme_ids if changes["name"] != theme.name else frozenset(),
        )
        for field in THEME_FIELDS:
            setattr(theme, field, changes[field])
        put_at(changes["place"], theme, queries.themes_of(act.edition))
        session.flush()
        consequences, _ = follow(session, change) if change.entrusted | change.renamed else ((), {})
        write_entry(
            session,
            act.actor,
            FairAction.THEME_CHANGED,
            f"edition:{act.edition.id}",
            name=theme.name,
        )
        return consequences


def withdraw(act: FairAct, row: PartnerBody | Theme, words: str, stamp: str) -> Consequences:
    """Do without a body or a theme. Return what was done. Raises StaleVersion, AlreadyWithdrawn.

    The stand of a body is free, its agents go; the appointments on a theme are cancelled, and items
    of the programme about it stay, without theme. `words`: of the organiser, for the messages.
    """
    with act.transaction(*gates_of(Rearrangement, act.edition), act.edition, row) as session:
        rules.check_takes_part(row)
        check_version(stamp, stamp_of(_values(row)))
        change = Rearrangement(
            edition_id=act.edition.id, actor=act.actor, at=act.now, words=words, **_loss_of(row)
        )
        kind = _kind(row)
        consequences = rearrange(
            session, change, FairAction(f"{kind}.withdrawn"), f"{kind}:{row.id}", name=row.name
        )
        renumber(queries.bodies_of(act.edition))
        renumber(queries.themes_of(act.edition))
        return consequences


def restore(act: FairAct, row: PartnerBody | Theme, words: str, stamp: str) -> Consequences:
    """Take a withdrawn body or theme back, with what nobody has changed since.

    Raises StaleVersion, AlreadyThere, StandNotFree, BodyNotThere.
    """
    with act.transaction(*gates_of(Rearrangement, act.edition), act.edition, row) as session:
        rules.check_is_withdrawn(row)
        check_version(stamp, stamp_of(_values(row)))
        if isinstance(row, Theme):
            rules.check_body_is_there(row.body)
            reason = f"Le salon aborde de nouveau le thème « {row.name} »."
        else:
            rules.check_stand_is_free(queries.get_stand_of(act.edition, row.stand_id), act.edition)
            reason = f"{row.name} participe finalement au salon."
        kind, place = _kind(row), row.rank + 1
        action, subject = FairAction(f"{kind}.restored"), f"{kind}:{row.id}"
        entry = last_undoable(subject, f"{kind}.withdrawn", action)
        row.withdrawn_at = None
        session.flush()
        change = Rearrangement(
            edition_id=act.edition.id, actor=act.actor, at=act.now, words=words, reason=reason
        )
        consequences = take_back(session, entry, change, action, subject, name=row.name)
        if isinstance(row, Theme):
            put_at(place, row, queries.themes_of(act.edition))
        else:
            put_at(place, row, queries.bodies_of(act.edition))
            renumber(queries.themes_of(act.edition))
        return consequences


def _kind(row: PartnerBody | Theme) -> str:
    return "theme" if isinstance(row, Theme) else "body"


def _values(row: PartnerBody | Theme) -> dict[str, object]:
    return theme_values(row) if isinstance(row, Theme) else body_values(row)


def _loss_of(row: PartnerBody | Theme) -> Values:
    """Return what the fair loses, and the reason in a sentence (`Rearrangement`)."""
    if isinstance(row, Theme):
        reason = f"Le salon n’aborde plus le thème « {row.name} »."
        return {"reason": reason, "themes": frozenset({row.id})}
    return {
        "reason": f"{row.name} ne participe plus au salon.",
        "lost_stands": frozenset({row.stand_id}),
        "bodies": frozenset({row.id}),
    }
