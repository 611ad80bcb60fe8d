"""Keys that compare addresses, names and places however they are written."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from salon.platform.words.identities import Entry, Identity
from salon.platform.words.texts import folded

ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
ARTICLES = {"le", "la", "les", "l", "de", "du", "des", "d", "et"}
KINDS = re.compile(r"^(?:(?:cc|ca|cu)|communaute (?:de communes|d agglomeration|urbaine))(?= )")
OVER = re.compile(r"\bs(s?)/\s?", re.IGNORECASE)
OUR_LADY = re.compile(r"\bn\.?[\s-]?d\.?(?=[\s-])", re.IGNORECASE)
LARGEST_TERRITORY = 8192
"""Names whose keys are kept: a large département with its neighbours."""


def email_key(address: str) -> str:
    """Return the address without case, blanks, compatibility forms and `+tag`."""
    text = unicodedata.normalize("NFKC", address).casefold()
    text = re.sub(r"\s+", "", text)
    local, at, domain = text.rpartition("@")
    return f"{local.split('+', 1)[0] or local}{at}{domain}" if at else text


def name_key(first_name: str, last_name: str) -> str:
    """Return `last first` without accents, case, hyphens and apostrophes, and with single
    spaces."""
    return f"{folded(last_name) or last_name.strip()} {folded(first_name) or first_name.strip()}"


@lru_cache(maxsize=LARGEST_TERRITORY)
def place_key(name: str) -> str:
    """Return the search key of a commune: « St-Gervais » and « Saint Gervais » have the same."""
    name = OVER.sub(lambda match: "sous " if match[1] else "sur ", name)
    name = OUR_LADY.sub("notre dame", name)
    return " ".join(ABBREVIATIONS.get(word, word) for word in folded(name).split())


@lru_cache(maxsize=LARGEST_TERRITORY)
def loose_key(key: str) -> str:
    """Return a search key without its articles and without the kind of EPCI before its name."""
    bare = KINDS.sub("", key).strip().replace(" lez ", " les ")
    return " ".join(word for word in bare.split() if word not in ARTICLES) or key


def contact_words(address: str, place: str) -> str:
    """Return what a person is told of the contact who registered them: the mailbox of an office, of
    anybody else the provider alone."""
    if Entry(Identity("", "", email=address, organisation=place)).is_office:
        return f"{address} ({place})"
    return f"une personne qui écrit depuis @{address.rpartition('@')[2]}, pour {place}"


@dataclass(frozen=True)
class Affiliation:
    """The commune, the EPCI or (both codes None) the organisation that a person represents."""

    name: str
    commune_code: str | None = None
    epci_siren: str | None = None

    @property
    def organisation(self) -> str:
        return "" if self.commune_code or self.epci_siren else self.name

    @property
    def kind(self) -> str:
        return "commune" if self.commune_code else "epci" if self.epci_siren else "organisation"
