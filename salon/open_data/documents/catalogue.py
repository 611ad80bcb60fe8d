"""The catalogue of a release: DCAT-AP 3.0, as JSON-LD and Turtle, for portals that harvest it.

Words of the European Union's authority tables where DCAT-AP asks for one: frequency, file type,
language, theme, access. https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.exhibitors.queries.open_data import LICENCE, LICENCE_URL
from salon.fair.models import Edition
from salon.open_data.engine import Addresses, Dataset, ReleaseFile
from salon.open_data.models import schema_name
from salon.platform.settings.clock import local

AUTHORITY = "http://publications.europa.eu/resource/authority"
DEPARTMENT = "http://id.insee.fr/geo/departement"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
CSV_TYPE = "https://www.iana.org/assignments/media-types/text/csv"
LICENCE_NODE = {
    "@id": LICENCE_URL,
    "@type": "dct:LicenseDocument",
    "dct:title": {"@value": LICENCE, "@language": "fr"},
}

Node = dict[str, object]


@dataclass(frozen=True)
class Catalogue:
    """A release to describe. `contact_page`: where to write to an organiser without address."""

    edition: Edition
    number: int
    addresses: Addresses
    contact_page: str
    published_at: datetime

    def files(
        self, datasets: Sequence[Dataset], tables: Sequence[ReleaseFile]
    ) -> list[ReleaseFile]:
        """Return the catalogue in both of its forms: written as JSON-LD, made Turtle by rdflib."""
        from rdflib import Graph
        from rdflib.plugins.parsers.jsonld import to_rdf

        pairs = zip(datasets, tables, strict=True)
        document = self._catalogue([self._dataset(*pair) for pair in pairs])
        text = json.dumps(document, ensure_ascii=False, indent=2)
        turtle = to_rdf(document, Graph()).serialize(format="turtle")
        return [
            ReleaseFile("catalogue.jsonld", "application/ld+json", f"{text}\n".encode()),
            ReleaseFile("catalogue.ttl", "text/turtle", turtle.encode()),
        ]

    def _catalogue(self, datasets: list[Node]) -> Node:
        edition = self.edition
        return {
            "@context": CONTEXT,
            "@id": self._id("catalogue"),
            "@type": "dcat:Catalog",
            "dct:title": _french(f"Données ouvertes, {self._name}"),
            "dct:description": _french(
                f"Données publiées après l’édition de {edition.starts_at.year} : {edition.name},"
                f" {edition.announced_days}, {edition.place}, {edition.city}."
            ),
            "foaf:homepage": {"@id": self.addresses.page, "@type": "foaf:Document"},
            "dct:license": LICENCE_NODE,
            "dct:publisher": self._publisher,
            "dcat:themeTaxonomy": {"@id": f"{AUTHORITY}/data-theme"},
            **self._place,
            **self._common,
            "dcat:dataset": datasets,
        }

    def _dataset(self, dataset: Dataset, table: ReleaseFile) -> Node:
        return {
            "@id": self._id(dataset.key),
            "@type": "dcat:Dataset",
            "dct:identifier": f"{self.edition.slug}-{dataset.key}",
            "dct:title": _french(f"{dataset.title}, {self._name}"),
            "dct:description": _french(table.description),
            "dcat:keyword": [_french(word) for word in dataset.keywords],
            "dcat:theme": _authority("data-theme", "GOVE"),
            "dcat:version": str(self.number),
            "dcat:landingPage": {"@id": self.addresses.page},
            "dct:publisher": {"@id": self._id("organisateur")},
            "dcat:contactPoint": self._contact,
            "dct:accessRights": _authority("access-right", "PUBLIC"),
            "dct:accrualPeriodicity": _authority("frequency", "NEVER"),
            "dct:temporal": self._period,
            **self._place,
            **self._common,
            "dcat:distribution": self._distribution(dataset, table),
        }

    def _distribution(self, dataset: Dataset, table: ReleaseFile) -> Node:
        address = {"@id": self.addresses.file(self.number, table.name)}
        return {
            "@id": f"{address['@id']}#fichier",
            "@type": "dcat:Distribution",
            "dct:title": _french(table.name),
            "dcat:accessURL": address,
            "dcat:downloadURL": address,
            "dct:format": _authority("file-type", "CSV"),
            "dcat:mediaType": {"@id": CSV_TYPE},
            "dcat:byteSize": {
                "@value": str(len(table.content)),
                "@type": "xsd:nonNegativeInteger",
            },
            "spdx:checksum": {
                "@id": f"{address['@id']}#empreinte",
                "@type": "spdx:Checksum",
                "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                "spdx:checksumValue": {
                    "@value": hashlib.sha256(table.content).hexdigest(),
                    "@type": "xsd:hexBinary",
                },
            },
            "dct:license": LICENCE_NODE,
            "dct:conformsTo": {
                "@id": self.addresses.file(self.number, schema_name(dataset.key)),
                "@type": "dct:Standard",
            },
            **self._common,
        }

    def _id(self, fragment: str) -> str:
        return f"{self.addresses.page}#{fragment}"

    @property
    def _name(self) -> str:
        return f"{self.edition.short_name} {self.edition.starts_at.year}"

    @property
    def _common(self) -> Node:
        at = local(self.published_at).isoformat(timespec="seconds")
        published = {"@value": at, "@type": "xsd:dateTime"}
        return {
            "dct:language": _authority("language", "FRA"),
            "dct:issued": published,
            "dct:modified": published,
        }

    @property
    def _publisher(self) -> Node:
        return {
            "@id": self._id("organisateur"),
            "@type": ["foaf:Agent", "foaf:Organization"],
            "foaf:name": _french(self.edition.organiser),
        }

    @property
    def _contact(self) -> Node:
        email = self.edition.contact_email
        way = {"vcard:hasEmail": {"@id": f"mailto:{email}"}} if email else {}
        return {
            "@id": self._id("contact"),
            "@type": "vcard:Organization",
            "vcard:fn": _french(self.edition.organiser),
            **(way or {"vcard:hasURL": {"@id": self.contact_page}}),
        }

    @property
    def _period(self) -> Node:
        first, last = self.edition.days[0].day_on, self.edition.days[-1].day_on
        return {
            "@id": self._id("periode"),
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": first.isoformat(), "@type": "xsd:date"},
            "dcat:endDate": {"@value": last.isoformat(), "@type": "xsd:date"},
        }

    @property
    def _place(self) -> Node:
        code = self.edition.department
        if not code:
            return {}
        return {"dct:spatial": {"@id": f"{DEPARTMENT}/{code}", "@type": "dct:Location"}}


def _french(text: str) -> Node:
    return {"@value": text, "@language": "fr"}


def _authority(table: str, code: str) -> Node:
    return {"@id": f"{AUTHORITY}/{table}/{code}"}
