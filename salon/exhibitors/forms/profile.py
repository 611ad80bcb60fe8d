"""Form of an exhibitor's entry in the catalogue."""

from flask_wtf.file import FileField
from wtforms import BooleanField, FormField, TextAreaField

from salon.exhibitors.forms.application import CoExhibitorFields
from salon.exhibitors.rules.application import LONGEST_PRESENTATION, MOST_CO_EXHIBITORS
from salon.platform.fields import website_field
from salon.platform.forms import (
    NumberedList,
    VersionForm,
    at_most,
    check_lines,
    required,
    several_lines,
)


class ProfileForm(VersionForm):
    """An exhibitor's entry in the catalogue."""

    presentation = TextAreaField(
        "Présentation",
        validators=[
            required("Écrivez la présentation."),
            at_most(LONGEST_PRESENTATION),
            check_lines,
        ],
        filters=[several_lines],
        render_kw={"rows": 7, "maxlength": LONGEST_PRESENTATION},
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
