"""Tables of the contacts, and the words of what is shared."""

from salon.leads.models.tables import (
    Interest,
    Lead,
    LeadConsent,
    LeadReading,
)
