"""Use cases of the kiosk and of the print station."""

from salon.kiosk.services.printing import ask_print, finish_job, record_printing, take_next
from salon.kiosk.services.visits import correct_holder, register_walk_in
