"""An exhibitor's own space: tasks (*tâches*), documents, reminders, withdrawal.

The state of a task is computed from the data of the features below, never ticked.
"""
