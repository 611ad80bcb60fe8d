"""An archive is read by code that has more migrations than the code that wrote it."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from salon.platform.database import schema
from salon.platform.database.db import db
from salon.platform.database.schema import current_revision
from salon.platform.files.backup.archive import backup
from salon.platform.files.backup.drill import drill
from salon.platform.files.backup.restoration import restore
from salon.platform.files.backup.seal import BackupRefused
from salon.platform.settings.installation import ROOT
from tests.platform.files.backup.places import Place, close, filled, on_each_engine, opened

LATEST = schema.head_revision() or ""
LATER = f"{int(LATEST) + 1:04}"
NEXT = f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{LATER}", "{LATEST}", None, None


def upgrade():
    op.create_table("mottos", sa.Column("id", sa.Integer, primary_key=True))
    with op.batch_alter_table("editions") as batch:
        batch.add_column(sa.Column("motto", sa.String, nullable=False, server_default=""))
    op.execute("UPDATE editions SET motto = city || ' !'")
    op.execute("INSERT INTO mottos (id) SELECT id FROM editions")


def downgrade():
    op.drop_table("mottos")
    with op.batch_alter_table("editions") as batch:
        batch.drop_column("motto")
"""


@on_each_engine
def test_an_archive_is_loaded_at_its_revision_then_migrated(
    new_place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target, third = new_place(migrated=True), new_place(migrated=True), new_place()
    former, later = tmp_path / "former.zip", tmp_path / "later.zip"
    app = filled(source)
    with app.app_context():
        backup(source, former)
        shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
        (tmp_path / "migrations" / "versions" / f"{LATER}_mottos.py").write_text(NEXT)
        monkeypatch.setattr(schema, "MIGRATIONS", tmp_path / "migrations")
        assert f"révision {LATER}" in list(drill(source, former))[-2]
    other_app = opened(target)
    with other_app.app_context():
        with schema.schema_locked(db.engine) as connection:
            schema.migrate(connection, "head")  # an empty base of the newer code
        tables = restore(target, former)
        assert "mottos" not in tables
        with db.engine.connect() as connection:
            assert current_revision(connection) == LATER
            mottos = "SELECT motto FROM editions JOIN mottos USING (id)"
            assert connection.scalar(text(mottos)) == "Béziers !"
        backup(target, later)
    close(other_app)
    last_app = opened(third, migrated=False)
    with last_app.app_context():
        assert restore(third, later)["mottos"] == 1
    close(last_app)
    monkeypatch.setattr(schema, "MIGRATIONS", ROOT / "migrations")
    with app.app_context(), pytest.raises(BackupRefused, match=rf"révision {LATER}.*plus récent"):
        list(drill(source, later))
    close(app)
