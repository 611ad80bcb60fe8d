"""What the public cannot read yet: asked of the organiser, never shown empty."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from salon.fair import queries
from salon.fair.models import Edition, LandmarkKind
from salon.fair.rules.texts import text_of
from salon.platform.words.formats import plural

POSTAL_CODE = re.compile(r"\b\d{5}\b.*", re.DOTALL)
NUMBER = re.compile(r"\d[\d \u00a0\u202f]*")
FAR_FROM = 0.2
"""A figure this far from the number it announces is to be read again."""


class Gap(NamedTuple):
    """A thing that lacks, as a noun group, and the endpoint of the page that gives it."""

    label: str
    endpoint: str


def gaps_of(edition: Edition) -> list[Gap]:
    """Return what lacks on « Venir au salon », on the plan, in the programme and on the home page,
    the most asked for first."""
    return [*_gaps_of_arrival(edition), *_gaps_of_plan(edition), *_gaps_of_programme(edition)]


def _gaps_of_arrival(edition: Edition) -> Iterator[Gap]:
    if not POSTAL_CODE.sub("", edition.address).strip(" ,"):
        yield Gap("la rue du lieu", "fair.change_place")
    if edition.latitude is None:
        yield Gap("le point du lieu sur la carte", "fair.change_place")
    if not edition.contact_phone:
        yield Gap("un numéro de téléphone", "fair.change_identity")
    if not edition.contact_email:
        yield Gap("une adresse électronique de contact", "fair.change_identity")
    for key, label in (("step_free", "le chemin de plain-pied"), ("lunch", "où déjeuner")):
        if not text_of(edition, key):
            yield Gap(label, "fair.change_arrival")


def _gaps_of_plan(edition: Edition) -> Iterator[Gap]:
    landmarks = queries.landmarks_of(edition)
    kinds = {landmark.kind for landmark in landmarks}
    step_free = {landmark.kind for landmark in landmarks if landmark.is_step_free}
    for kind, label in (
        (LandmarkKind.ENTRANCE, "les entrées"),
        (LandmarkKind.RECEPTION, "l’accueil"),
        (LandmarkKind.TOILETS, "les toilettes"),
        (LandmarkKind.FOOD, "la restauration"),
        (LandmarkKind.PARKING, "le stationnement"),
        (LandmarkKind.FIRST_AID, "les premiers secours"),
    ):
        if kind not in kinds:
            yield Gap(f"{label} sur le plan", "fair.floors")
    for kind, label in (
        (LandmarkKind.ENTRANCE, "une entrée de plain-pied"),
        (LandmarkKind.TOILETS, "des toilettes adaptées"),
        (LandmarkKind.PARKING, "des places pour les personnes handicapées"),
    ):
        if kind in kinds and kind not in step_free:
            yield Gap(f"{label} sur le plan", "fair.floors")


def _gaps_of_programme(edition: Edition) -> Iterator[Gap]:
    items = queries.programme_of(edition)
    without = sum(not item.speakers for item in items)
    if without:
        label = plural(without, "moment du programme", "moments du programme")
        yield Gap(f"les intervenants de {label}", "fair.programme_settings")
    listed = queries.count_exhibitors(edition)
    for figure in edition.figures:
        match = NUMBER.match(figure["value"])
        announced = int(re.sub(r"\D", "", match[0])) if match else 0
        is_of_exhibitors = figure["label"].startswith("exposant")
        if is_of_exhibitors and listed and abs(announced - listed) > FAR_FROM * announced:
            words = f"{figure['value']} {figure['label']}"
            yield Gap(f"« {words} », pour {listed} au catalogue", "fair.change_identity")
