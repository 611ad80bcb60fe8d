"""Forms of open data."""

from salon.platform.forms import CreatingForm, checkboxes, stamp_field


class ReleaseForm(CreatingForm):
    """What to publish, of the data that the page showed."""

    stamp = stamp_field("Données lues")
    datasets = checkboxes("Fichiers à publier")
