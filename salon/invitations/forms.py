"""Forms of invitations: filters of the list, organisations ticked, lines of a file."""

from wtforms import SelectField, TextAreaField

from salon.invitations.engine import InvitationState
from salon.invitations.models import InvitedKind
from salon.platform.pages.forms import CreatingForm, FilterForm, line


class InvitationFilterForm(FilterForm):
    q = line("Nom ou adresse", length=100, type="search", autocomplete="off")
    kind = SelectField("Invités", choices=InvitedKind.choices("Tous"), default="")
    state = SelectField("État", choices=InvitationState.choices("Tous"), default="")


class SendForm(CreatingForm):
    """The organisations ticked are fields `row`: their keys."""


class InviteFileForm(CreatingForm):
    """The lines ticked are fields `row`."""

    rows = TextAreaField("Liste relue")
