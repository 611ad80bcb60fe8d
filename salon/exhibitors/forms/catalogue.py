"""Forms of the catalogue: the search, and an exhibitor's own entry."""

from flask_wtf.file import FileField
from wtforms import BooleanField, FormField, SelectField

from salon.exhibitors.forms.application import CoExhibitorFields
from salon.exhibitors.rules.application import LONGEST_PRESENTATION, MOST_CO_EXHIBITORS
from salon.platform.pages.fields import website_field
from salon.platform.pages.forms import (
    FilterForm,
    NumberedList,
    VersionForm,
    line,
    paragraphs,
    required,
)


class CatalogueForm(FilterForm):
    q = line("Nom ou activité", length=100, type="search", autocomplete="off")
    theme = SelectField("Thème", choices={"": "Tous"}, default="")
    categorie = SelectField("Catégorie", choices={"": "Toutes"}, default="")
    hall = SelectField("Hall", choices={"": "Tous"}, default="")


class ProfileForm(VersionForm):
    """An exhibitor's entry in the catalogue."""

    presentation = paragraphs(
        "Présentation", required("Écrivez la présentation."), length=LONGEST_PRESENTATION, rows=7
    )
    website = website_field()
    logo = FileField("Logo", render_kw={"accept": "image/png,image/jpeg,image/webp"})
    remove_logo = BooleanField("Retirer le logo actuel")
    co_exhibitors = NumberedList(
        FormField(CoExhibitorFields, "Co-exposant"),
        "Co-exposants",
        min_entries=MOST_CO_EXHIBITORS,
        max_entries=MOST_CO_EXHIBITORS,
    )
