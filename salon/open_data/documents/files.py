"""Files of a release: each table as CSV with its Table Schema, the package, the catalogues."""

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256

from salon.exhibitors.queries.open_data import LICENCE, LICENCE_URL
from salon.open_data.documents.catalogue import Catalogue
from salon.open_data.engine import Dataset, ReleaseFile
from salon.open_data.models import schema_name
from salon.platform.documents.spreadsheets.writer import csv_lines
from salon.platform.settings.clock import local

PACKAGE = "datapackage.json"
DIALECT = {"delimiter": ";", "lineTerminator": "\r\n", "quoteChar": '"', "header": True}
CSV = "text/csv"


def release_files(catalogue: Catalogue, datasets: Sequence[Dataset]) -> list[ReleaseFile]:
    """Return every file of a version; none when there is no dataset."""
    if not datasets:
        return []
    tables = [table_file(dataset) for dataset in datasets]
    return [
        *tables,
        *(_json_file(schema_name(dataset.key), dataset.schema()) for dataset in datasets),
        _json_file(PACKAGE, _package(catalogue, datasets, tables)),
        *catalogue.files(datasets, tables),
    ]


def table_file(dataset: Dataset) -> ReleaseFile:
    """Return a dataset as CSV: UTF-8 with its mark, semicolons, no cell that is a formula."""
    return ReleaseFile(
        f"{dataset.key}.csv",
        CSV,
        "".join(csv_lines(dataset.heads, dataset.rows)).encode(),
        dataset.title,
        f"{dataset.description} {dataset.masked}",
        len(dataset.rows),
    )


def _package(
    catalogue: Catalogue, datasets: Sequence[Dataset], tables: Sequence[ReleaseFile]
) -> dict[str, object]:
    """Return the Data Package: each table with its dialect and schema, for tools."""
    edition = catalogue.edition
    return {
        "profile": "tabular-data-package",
        "name": f"{edition.slug}-donnees-ouvertes",
        "title": f"{edition.name}, {edition.starts_at.year}",
        "homepage": catalogue.addresses.page,
        "version": str(catalogue.number),
        "created": local(catalogue.published_at).isoformat(timespec="seconds"),
        "licenses": [{"name": "etalab-2.0", "title": LICENCE, "path": LICENCE_URL}],
        "resources": list(_resources(datasets, tables)),
    }


def _resources(
    datasets: Sequence[Dataset], tables: Sequence[ReleaseFile]
) -> Iterator[dict[str, object]]:
    for dataset, table in zip(datasets, tables, strict=True):
        yield {
            "profile": "tabular-data-resource",
            "name": dataset.key,
            "title": dataset.title,
            "description": table.description,
            "path": table.name,
            "format": "csv",
            "mediatype": CSV,
            "encoding": "utf-8-sig",
            "bytes": len(table.content),
            "hash": f"sha256:{sha256(table.content).hexdigest()}",
            "dialect": DIALECT,
            "schema": schema_name(dataset.key),
        }


def _json_file(name: str, content: dict[str, object]) -> ReleaseFile:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    return ReleaseFile(name, "application/json", f"{text}\n".encode())
