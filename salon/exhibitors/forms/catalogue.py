"""The search form of the catalogue."""

from wtforms import SelectField, StringField

from salon.platform.forms import SalonForm, at_most, check_printable, one_line


class CatalogueForm(SalonForm):
    """Sent by GET: it changes nothing and has no token."""

    class Meta:
        csrf = False

    q = StringField(
        "Nom ou activité",
        validators=[at_most(100), check_printable],
        filters=[one_line],
        render_kw={"type": "search", "maxlength": 100, "autocomplete": "off"},
    )
    theme = SelectField("Thème", choices={"": "Tous"}, default="")
    categorie = SelectField("Catégorie", choices={"": "Toutes"}, default="")
    hall = SelectField("Hall", choices={"": "Tous"}, default="")
