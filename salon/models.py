"""Every table, at a glance."""

from salon.accounts.models import (
    Account,
    ReadToken,
    Right,
    SavedForm,
    SignIn,
    SingleUseCode,
    Station,
)
from salon.appointments.models import (
    AgentClaim,
    Appointment,
    AppointmentDocument,
    BookingRequest,
    BookingSettings,
    Hold,
    NextStep,
    StandBooking,
    ThemeBooking,
    Ticket,
    Topic,
    TopicTheme,
    VisitorClaim,
    WaitingEntry,
)
from salon.badges.models import (
    Attendee,
    Badge,
    BadgeSettings,
    Commune,
    Consent,
    DistinctPeople,
    Epci,
    Group,
    MergedPerson,
    Printing,
    PrintRun,
    RegistrationSettings,
    TextVersion,
)
from salon.billing.models import (
    Allocation,
    BillingDetails,
    NumberSeries,
    Payment,
    Refund,
    Sale,
    SalesDocument,
    SalesLine,
    SalesPaper,
    StatementLine,
)
from salon.entrance.models import (
    Conflict,
    EntranceSettings,
    KeptFigure,
    ListEntry,
    Presence,
    Scan,
    StationReport,
    ZonePresence,
)
from salon.exhibitors.models import (
    AddedTask,
    CoExhibitor,
    CompanyRecord,
    Contact,
    DistinctExhibitors,
    Document,
    Exhibitor,
    ExhibitorTerms,
    Invitation,
    NegotiatedLine,
    PriceItem,
    Reminder,
    TaskAnswer,
    WantedOption,
)
from salon.fair.models import (
    Door,
    Edition,
    EditionDay,
    FairFile,
    Hall,
    Landmark,
    MailSettings,
    PartnerBody,
    ProgrammeItem,
    Room,
    Stand,
    Theme,
    Zone,
)
from salon.invitations.models import (
    BookFilterSet,
    Guest,
    LocalAuthority,
    OrganisationInvitation,
)
from salon.kiosk.models import PrintJob
from salon.leads.models import Lead, LeadConsent, LeadReading
from salon.mailings.models import Mailing, MailingRecipient
from salon.open_data.models import DataFile, DataRelease
from salon.paper.models import PaperPack, PaperPage
from salon.placement.models import PlanProposal
from salon.platform.database.invariants import Unsettled
from salon.platform.database.journal import JournalEntry
from salon.platform.database.marks import Mark
from salon.platform.database.submissions import Submission
from salon.platform.database.undo import UndoRecord
from salon.platform.mail.oppositions import Opposition
from salon.platform.mail.outbox import Message
from salon.platform.web.limits import RateCounter
from salon.platform.work.alarms import RaisedAlarm
from salon.platform.work.machines import MachineReport
from salon.safety.models import SafetyForm
from salon.staffing.models import (
    Agent,
    AgentPeriod,
    AgentStand,
    DistinctAgents,
    Exchange,
    MergedAgent,
    Need,
    Publication,
    Rota,
    RotaRun,
    Shift,
    ShiftClaim,
    StandIn,
    StandInAsk,
)
