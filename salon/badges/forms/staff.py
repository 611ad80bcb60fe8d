"""Forms of a stand's staff."""

from salon.badges.imports.typed_person import ask_civility, ask_first_name, ask_last_name
from salon.platform.pages.forms import MAX_NAME, CreatingForm, email, line, required


class StaffForm(CreatingForm):
    """One person of a stand."""

    civility = ask_civility()
    first_name = ask_first_name(autocomplete="off")
    last_name = ask_last_name(autocomplete="off")
    function_other = line(
        "Fonction", required("Indiquez la fonction."), length=MAX_NAME, autocomplete="off"
    )
    email = email(autocomplete="off")
