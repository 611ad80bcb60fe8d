"""Entry point found by `flask run`, granian and gunicorn."""

import gc

# What start-up makes stays for good: the collector walks it neither meanwhile nor afterwards.
gc.disable()

import os  # noqa: E402
import sys  # noqa: E402

from salon import create_app  # noqa: E402
from salon.platform.settings.installation import UnsafeSettings  # noqa: E402
from salon.platform.settings.logs import configure_logs  # noqa: E402

# Whatever this process writes (database, uploads, print runs, backups) is for its user alone.
os.umask(0o077)

try:
    app = create_app()
except UnsafeSettings as refusal:
    sys.exit(f"Réglages refusés : {refusal}")
configure_logs(app.config["SALON"].log_format)

gc.freeze()
gc.enable()
