"""Tables of the appointments."""

from salon.appointments.models.bookings import (
    AgentClaim,
    Appointment,
    AppointmentDocument,
    AppointmentStatus,
    BookingRequest,
    Hold,
    NextStep,
    Outcome,
    StepKind,
    VisitorClaim,
    WaitingEntry,
    WaitingStatus,
)
from salon.appointments.models.queue import Ticket, TicketStatus
from salon.appointments.models.settings import (
    BookingSettings,
    StandBooking,
    ThemeBooking,
    Topic,
    TopicTheme,
)
