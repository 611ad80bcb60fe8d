"""The search form of the catalogue."""

from wtforms import SelectField

from salon.platform.forms import FilterForm, line


class CatalogueForm(FilterForm):
    q = line("Nom ou activité", length=100, type="search", autocomplete="off")
    theme = SelectField("Thème", choices={"": "Tous"}, default="")
    categorie = SelectField("Catégorie", choices={"": "Toutes"}, default="")
    hall = SelectField("Hall", choices={"": "Tous"}, default="")
