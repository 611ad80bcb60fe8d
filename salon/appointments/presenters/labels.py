"""French labels of what is done in a queue."""

from salon.appointments.rules.queue import Gesture

GESTURES = Gesture.choices()
