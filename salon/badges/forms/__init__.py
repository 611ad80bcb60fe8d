"""Forms to register, change, replace, search and print."""

from salon.badges.forms.fields import LAYOUTS, MOST_LINES
from salon.badges.forms.organiser import (
    AffiliationForm,
    AttendeeFilterForm,
    CategoryForm,
    DeskForm,
    PrintFilterForm,
    PrintRunForm,
    ReasonForm,
    SearchForm,
)
from salon.badges.forms.people import (
    AddForm,
    ChangeForm,
    ConsentForm,
    FindBadgeForm,
    GroupForm,
    RegisterForm,
    ReplaceForm,
    RosterForm,
    RosterLineForm,
    ask_days,
    show_texts,
    texts_read,
)
from salon.badges.forms.staff import StaffForm
