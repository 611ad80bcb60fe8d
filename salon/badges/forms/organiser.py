"""Forms of the organiser and the welcome desk: search, filter, category, print."""

from collections.abc import Sequence
from datetime import date

from wtforms import (
    BooleanField,
    SelectField,
)

from salon.badges.forms.fields import CATEGORIES, LAYOUTS
from salon.badges.forms.people import PlaceFields, ask_visit_days
from salon.badges.imports.typed_person import (
    ask_civility,
    ask_first_name,
    ask_function,
    ask_function_other,
    ask_last_name,
)
from salon.badges.models import AttendeeStatus
from salon.platform.pages.forms import (
    CreatingForm,
    FilterForm,
    SalonForm,
    line,
    optional_email,
    required,
)
from salon.platform.words import formats


class DeskForm(CreatingForm, PlaceFields):
    civility = ask_civility(is_required=False)
    first_name = ask_first_name(autocomplete="off")
    last_name = ask_last_name(autocomplete="off")
    function = ask_function()
    function_other = ask_function_other()
    category = SelectField("Catégorie", choices={"": "Selon la fonction", **CATEGORIES}, default="")
    is_vip = BooleanField("Invité d’honneur, à accueillir personnellement")
    email = optional_email(autocomplete="off")
    visit_days = ask_visit_days()
    layout = SelectField("Support", choices=LAYOUTS)


class AffiliationForm(PlaceFields, SalonForm):
    """For whom the people ticked, fields `row`, come."""


class SearchForm(FilterForm):
    q = line("Nom, adresse, commune ou badge", length=100, type="search", autocomplete="off")


class AttendeeFilterForm(SearchForm):
    category = SelectField("Catégorie", choices={"": "Toutes", **CATEGORIES}, default="")
    epci = SelectField("EPCI", choices={"": "Tous"}, default="", validate_choice=False)
    commune = line("Commune", length=100, list="places", autocomplete="off")
    state = SelectField(
        "État",
        choices=AttendeeStatus.choices("Tous"),
        default="",
    )
    printed = SelectField(
        "Badge",
        choices={"": "Tous", "no": "Pas encore imprimé", "yes": "Imprimé"},
        default="",
    )
    presence = SelectField("Présence", choices={"": "Tous"}, default="")

    def offer_presences(self, days: Sequence[date]) -> None:
        """Offer who came, who did not and who is inside; on each day when there are several."""
        each_day = {
            f"{state}:{day.isoformat()}": f"{label} le {formats.day(day).rpartition(' ')[0]}"
            for day in (days if len(days) > 1 else ())
            for state, label in (("came", "Venus"), ("absent", "Pas venus"))
        }
        choices = {"": "Tous", "came": "Venus", "absent": "Pas venus", "inside": "À l’intérieur"}
        self.presence.choices = {**choices, **each_day}


class PrintFilterForm(FilterForm):
    category = SelectField("Catégorie", choices={"": "Toutes", **CATEGORIES}, default="")
    epci = SelectField("EPCI", choices={"": "Tous"}, default="", validate_choice=False)
    commune = line("Commune", length=100, list="places", autocomplete="off")
    printed = SelectField(
        "Badges",
        choices={"no": "Pas encore imprimés", "all": "Tous"},
        default="no",
    )
    order = SelectField(
        "Ordre", choices={"name": "Nom", "epci": "EPCI, puis commune"}, default="name"
    )
    layout = SelectField("Support", choices=LAYOUTS)


class CategoryForm(SalonForm):
    category = SelectField("Catégorie", choices=CATEGORIES)
    is_vip = BooleanField("Invité d’honneur, à accueillir personnellement")


class ReasonForm(CreatingForm):
    reason = line("Motif", required("Indiquez le motif."), autocomplete="off")


class PrintRunForm(CreatingForm):
    """The choice made on the filter page, sent to be printed."""
