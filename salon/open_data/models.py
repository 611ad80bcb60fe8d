"""Releases of open data, and their files as published."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.fair.models import Edition
from salon.platform.database.db import Model, UtcDateTime, above_zero, at_least


class DataRelease(Model):
    """A version of the open data of an edition.

    `withdrawn_at`: since when its files are not served; a restored release has None again.
    """

    __tablename__ = "data_releases"
    __table_args__ = (UniqueConstraint("edition_id", "number"), *above_zero("number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    number: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    edition: Mapped[Edition] = relationship()
    files: Mapped[list["DataFile"]] = relationship(order_by="DataFile.id")

    @property
    def tables(self) -> list["DataFile"]:
        """Return the files of data, without schemas and catalogues."""
        return [file for file in self.files if file.row_count is not None]


class DataFile(Model):
    """A file of a release, which never changes: its address is permanent.

    `row_count` is None, and `title` empty, for a schema or a catalogue. `size` is in bytes.
    """

    __tablename__ = "data_files"
    __table_args__ = (
        UniqueConstraint("release_id", "name"),
        *at_least(0, "row_count", "size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("data_releases.id"))
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    media_type: Mapped[str]
    row_count: Mapped[int | None]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    @property
    def stem(self) -> str:
        return self.name.partition(".")[0]

    @property
    def schema_name(self) -> str:
        return schema_name(self.stem)


def schema_name(key: str) -> str:
    """Return the name of the file of a dataset's Table Schema."""
    return f"{key}.schema.json"
