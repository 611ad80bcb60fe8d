"""Pages of billing, by journey."""

from flask import Blueprint

blueprint = Blueprint("billing", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.billing.routes import (
    accounting,
    batches,
    closing,
    exhibitor,
    negotiation,
    overview,
    own,
    pavilion,
    prices,
    receipts,
    statements,
    vat,
)
