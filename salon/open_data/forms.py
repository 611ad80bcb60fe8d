"""Forms of open data."""

from salon.platform.pages.forms import CreatingForm, checkboxes, stamp_field


class ReleaseForm(CreatingForm):
    """The datasets to publish, among those that the page showed."""

    stamp = stamp_field("Données lues")
    datasets = checkboxes("Fichiers à publier")
