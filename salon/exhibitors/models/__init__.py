"""Tables of the exhibitors: applications, price list, terms, documents."""

from salon.exhibitors.models.application import (
    ApplicationStatus,
    CoExhibitor,
    CompanyRecord,
    Contact,
    ContactKind,
    Exhibitor,
    Invitation,
    OrganisationKind,
    Sector,
    VatAnswer,
    WantedOption,
    exhibitor_themes,
)
from salon.exhibitors.models.documents import (
    Document,
    DocumentKind,
    DocumentStatus,
    Reminder,
    TaskAnswer,
)
from salon.exhibitors.models.duplicates import DistinctExhibitors
from salon.exhibitors.models.negotiated_lines import NegotiatedLine
from salon.exhibitors.models.parties import Party
from salon.exhibitors.models.prices import PriceItem, PriceUnit, Supply
from salon.exhibitors.models.terms import AddedTask, AnswerKind, ExhibitorTerms, Task, VatRegime
