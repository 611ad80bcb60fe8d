"""The organiser's words in messages: sender, signature, and three texts of each kind.

A text is plain. It may hold named fields, as « {prénom} », replaced once by the values of the
message: a value is never read again, neither as a field nor as a template.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from typing import Any

from flask import current_app
from jinja2 import Environment, meta

from salon.platform.mail.samples import sample_context
from salon.platform.settings.edition import EditionFacts
from salon.platform.words.email_addresses import checked_address
from salon.platform.words.errors import RuleBroken
from salon.platform.words.texts import folded
from salon.platform.words.typography import of

Context = Mapping[str, Any]
"""What the text of a message names, by field."""
SIGNATURE = "L’équipe du salon"
FIELD = re.compile(r"\{([^{}\n]*)\}")
OF = "de_"
"""A field with this prefix has its preposition: « d’Anne », « de Paul »."""

EDITION_FIELDS = {
    "salon": "name",
    "salon_court": "short_name",
    "jour": "day_label",
    "heures": "hours_label",
    "lieu": "place",
    "adresse": "address",
    "ville": "city",
    "organisateur": "organiser",
    "village": "village_name",
}
CONTEXT_FIELDS = {
    "civilité": ("salutation",),
    "prénom": ("first_name",),
    "nom": ("name",),
    "stand": ("stand",),
    "ancien_stand": ("former",),
    "hall": ("hall",),
    "exposant": ("exhibitor",),
    "organisme": ("body",),
    "référence": ("reference",),
    "montant": ("gross",),
    "reste": ("left",),
    "facture": ("invoice",),
    "échéance": ("due",),
    "limite": ("until", "until_hour", "kept_until"),
    "motif": ("reason", "why"),
    "document": ("document",),
    "fichier": ("file_name",),
    "commune": ("whose",),
    "numéro": ("number",),
    "thème": ("theme", "appointment.theme"),
    "sujet": ("subject",),
    "rendez_vous_jour": ("appointment.day", "appointments.0.day"),
    "rendez_vous_début": ("appointment.from", "appointments.0.from"),
    "rendez_vous_fin": ("appointment.to",),
    "rendez_vous_lieu": ("appointment.where",),
    "rendez_vous_agent": ("appointment.agent",),
    "avant": ("before",),
    "avant_jour": ("before.day",),
    "avant_début": ("before.from",),
    "avant_agent": ("before.agent",),
    "vacation_jour": ("shift.day", "shifts.0.day", "requested_shift.day", "offered_shift.day"),
    "vacation_début": ("shift.from", "shifts.0.from", "requested_shift.from", "offered_shift.from"),
    "vacation_fin": ("shift.to", "requested_shift.to", "offered_shift.to"),
    "vacation_lieu": ("shift.where", "requested_shift.where", "offered_shift.where"),
    "collègue": ("partner", "holder"),
    "demandeur": ("proposer",),
    "remplaçant": ("taker",),
    "agent": ("agent",),
    "par": ("actor_name", "named_by"),
    "place": ("rank",),
}
"""Named fields and where the context of a message holds them; the first that it has counts."""
OF_FIELDS = ("nom", "exposant", "stand", "collègue")
FOLDED = {
    folded(name): name
    for name in (*EDITION_FIELDS, *CONTEXT_FIELDS, *(OF + name for name in OF_FIELDS))
}


class UnknownField(RuleBroken):
    status = 400

    def __init__(self, name: str, fields: list[str]) -> None:
        listed = ", ".join(f"{{{item}}}" for item in fields)
        super().__init__(
            f"« {{{name}}} » n’est pas un champ de ce message. Ceux que vous pouvez écrire : "
            f"{listed}."
        )


class BraceAlone(RuleBroken):
    status = 400
    message = (
        "Une accolade est seule : un champ s’écrit entre deux accolades, sur une ligne, comme "
        "{salon}."
    )


class ReplyAddressRefused(RuleBroken):
    status = 400
    message = (
        "Cette adresse de réponse ne convient pas à tous les logiciels de courriel : il faut une "
        "adresse sans accent."
    )


@dataclass(frozen=True)
class Wording:
    """The texts of a kind of message, with named fields; "" for the original one."""

    subject: str = ""
    opening: str = ""
    closing: str = ""


@dataclass(frozen=True)
class MailChoices:
    """The organiser's choices for the messages of an edition; "" for the product's own."""

    sender_name: str = ""
    reply_to: str = ""
    signature: str = ""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def wording_of(self, kind: str) -> Wording:
        names = {item.name for item in fields(Wording)}
        texts = self.texts.get(kind, {})
        return Wording(**{name: text for name, text in texts.items() if name in names})


Texts = Callable[[Callable[[], str]], str]


def call_block(text: str) -> Texts:
    """Return what a template calls around an original text: the written one, else the original."""
    return lambda caller: f"{text}\n" if text else caller()


def fields_of(kind: str) -> dict[str, str]:
    """Return the named fields of a kind of message, each with its value in the sample message."""
    return dict(_values(kind, sample_context(kind)))


def edition_fields(edition: EditionFacts) -> dict[str, str]:
    """Return the named fields that every message has, each with its value."""
    return _edition_values(edition)


def filled(text: str, kind: str, context: Context, edition: EditionFacts | None) -> str:
    """Return the text with each field replaced by its value, on one line."""
    values = {**_edition_values(edition), **dict(_values(kind, context))}

    def value_of(match: re.Match[str]) -> str:
        return values.get(_name_of(match[1]), "")

    return FIELD.sub(value_of, text)


def check_wording(kind: str, wording: Wording) -> None:
    """Each field of the texts is one that the message has. Raises UnknownField, BraceAlone."""
    fields = [*EDITION_FIELDS, *fields_of(kind)]
    for text in asdict(wording).values():
        for name in FIELD.findall(text):
            if _name_of(name) not in fields:
                raise UnknownField(name.strip(), fields)
        if set("{}") & set(FIELD.sub("", text)):
            raise BraceAlone


def check_reply_address(address: str) -> None:
    """The address stands in the header of every message: in ASCII, or every message would fail."""
    if address and (checked_address(address) is None or not address.isascii()):
        raise ReplyAddressRefused


def placeholders(kind: str) -> Context:
    """Return the sample context of a kind, with fields in the place of their values."""
    return with_placeholders(kind, sample_context(kind))


def with_placeholders(kind: str, sample: Context) -> Context:
    """Return a context where each value of a field that is not empty is the field's own name."""
    context = deepcopy(dict(sample))
    for name, value in dict(_values(kind, sample)).items():
        if value and not name.startswith(OF):
            *heads, last = _path_of(name, kind, sample).split(".")
            holder: Any = context
            for head in heads:
                holder = holder[int(head) if isinstance(holder, list) else head]
            holder[last] = f"{{{name}}}"
    return context


def other_samples(kind: str) -> list[Context]:
    """Return sample contexts that differ by one yes or no, by a longer list, by a text more."""
    sample = sample_context(kind)
    read = variables_of(kind) & sample.keys()
    changes: list[Context] = []
    for name, value in sample.items():
        if name not in read:
            continue
        if isinstance(value, bool):
            changes.append({name: not value})
        elif isinstance(value, list):
            changes.append({name: deepcopy(value) + deepcopy(value)})
        elif value == "":
            changes.append({name: "13"})
    return [{**sample, **change} for change in changes]


class EditionPlaceholders:
    """An edition whose facts are the names of their fields."""

    def __init__(self, edition: EditionFacts) -> None:
        self._edition = edition

    def __getattr__(self, name: str) -> Any:
        for field_name, attribute in EDITION_FIELDS.items():
            if attribute == name:
                return f"{{{field_name}}}"
        return getattr(self._edition, name)


def with_prepositions(text: str) -> str:
    """Return an original text whose « de {nom} » is « {de_nom} », right before a vowel too."""
    for name in OF_FIELDS:
        for preposition in ("de ", "d’"):
            text = text.replace(f"{preposition}{{{name}}}", f"{{{OF}{name}}}")
    return text


def _name_of(text: str) -> str:
    """Return the name of a field as declared; accents, capitals and blanks do not count."""
    return FOLDED.get(folded(text), text)


def _edition_values(edition: EditionFacts | None) -> dict[str, str]:
    if edition is None:
        return {}
    return {name: str(getattr(edition, item)) for name, item in EDITION_FIELDS.items()}


def _values(kind: str, context: Context) -> Iterator[tuple[str, str]]:
    """Yield the fields that the context of this message has, with their values."""
    for name in CONTEXT_FIELDS:
        path = _path_of(name, kind, context)
        if path:
            value = " ".join(str(_value_at(path, context)).split())
            yield name, value
            if name in OF_FIELDS:
                yield OF + name, of(value)


def _path_of(name: str, kind: str, context: Context) -> str:
    """Return where the context holds a field, "" when it does not."""
    variables = variables_of(kind)
    for path in CONTEXT_FIELDS[name]:
        if path.partition(".")[0] in variables and _value_at(path, context) is not None:
            return path
    return ""


def _value_at(path: str, context: Context) -> str | int | None:
    value: object = context
    for part in path.split("."):
        if isinstance(value, list) and part.isdigit():
            value = value[int(part)] if int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def variables_of(kind: str) -> frozenset[str]:
    """Return the names that the template of a message reads in its context."""
    return _variables_of(current_app.jinja_env, kind)


@lru_cache(maxsize=256)
def _variables_of(environment: Environment, kind: str) -> frozenset[str]:
    assert environment.loader is not None
    source, _, _ = environment.loader.get_source(environment, f"mail/{kind}.txt")
    return frozenset(meta.find_undeclared_variables(environment.parse(source)))
