"""The structured half of an invoice: CII XML, profile EN 16931, inside a PDF/A-3 (Factur-X).

BT-n are the terms of EN 16931-1. For public buyers, as Chorus Pro reads them: BT-23 the *cadre de
facturation* (A1: a supplier sends an invoice), BT-10 the *code service*, BT-13 the *numéro
d’engagement*. For others BT-23 is S1 (services), or S4 once a deposit is deducted, as the reform
of e-invoicing wants. SIRET: scheme 0009 (BT-29, BT-46); SIREN: schemes 0002 (BT-30, BT-47) and
0225 (BT-34, BT-49). BT-33: the legal form and the registers of the seller; an association without
SIRET has its RNA as BT-47. A seller without a VAT number is exempt (CGI, art. 293 B) and known by
its SIREN (BT-32).
"""

import io
import re
import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from lxml import etree

from salon.billing.documents.sales_mentions import (
    due_words,
    is_public,
    is_vat_number,
    legal_notes,
    legal_words,
    vat_of,
)
from salon.billing.engine.issued_lines import totals_of
from salon.billing.models import SalesDocument, SalesKind, SalesLine
from salon.exhibitors.models import Party, PriceUnit

PUBLIC_FRAME, FRAME, FRAME_AFTER_DEPOSIT = "A1", "S1", "S4"
PROFILE = "urn:cen.eu:en16931:2017"
TYPES = {SalesKind.INVOICE: "380", SalesKind.CREDIT_NOTE: "381"}
DEPOSIT_TYPE = "386"
"""A deposit invoice (UNTDID 1001); the credit note of one is a credit note like others."""
UNITS = {PriceUnit.AREA: "MTK"}
SPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}
OUT_OF_SCOPE = "O"
"""Category whose lines have no rate, and whose parties no VAT number (BR-O-02, BR-O-05)."""


PDF_DATE = re.compile(rb"(D(?::|\\072))\d{14}")
PROFILE_DATE = slice(24, 36)
"""Where a colour profile says when it was made (ISO 15076-1, 7.2.1): six numbers of two bytes."""
SRGB_DATE = struct.pack(">6H", 1999, 10, 18, 0, 0, 0)
"""The day of the standard of sRGB (IEC 61966-2-1), in place of that of the drawing."""
XMP_DATE = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=\+00:00)")
"""The dates that a PDF says of itself, in UTC; « \\072 » is a colon in a text of PDF."""


def invoice_xml(
    document: SalesDocument, performed_on: date, preceding: Sequence[SalesDocument] = ()
) -> bytes:
    """Return the XML of an invoice, or of a credit note.

    `preceding`: the invoice that a credit note corrects, the deposits that an invoice deducts.
    """
    root = etree.Element(_name("rsm:CrossIndustryInvoice"), nsmap=SPACES)
    context = _add(root, "rsm:ExchangedDocumentContext")
    frame = _add(context, "ram:BusinessProcessSpecifiedDocumentContextParameter")
    after_deposit = document.kind == SalesKind.INVOICE and bool(preceding)
    private_frame = FRAME_AFTER_DEPOSIT if after_deposit else FRAME
    _add(frame, "ram:ID", PUBLIC_FRAME if is_public(document) else private_frame)
    _add(_add(context, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", PROFILE)
    _head(root, document)
    trade = _add(root, "rsm:SupplyChainTradeTransaction")
    for rank, line in enumerate(document.lines, start=1):
        _line(trade, rank, line, vat_of(document))
    _agreement(trade, document)
    delivery = _add(trade, "ram:ApplicableHeaderTradeDelivery")
    event = _add(delivery, "ram:ActualDeliverySupplyChainEvent")
    _day(event, "ram:OccurrenceDateTime", performed_on)
    _settlement(trade, document, preceding)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def embedded(pdf: bytes, xml: bytes, document: SalesDocument) -> bytes:
    """Return the PDF with the XML in it, checked against the XSD of its profile (PDF/A-3).

    It says that it was made when the document was issued: the same document gives the same bytes.
    """
    from facturx import generate_from_binary

    title = f"{document.label} {document.reference}"
    pdf_with_xml = generate_from_binary(
        with_colour_profile(pdf),
        xml,
        flavor="factur-x",
        level="en16931",
        check_xsd=True,
        lang="fr-FR",
        afrelationship="alternative",
        xmp_compression=False,
        pdf_metadata={
            "author": document.seller["name"],
            "title": title,
            "subject": f"{title}, {document.issued_on:%d/%m/%Y}",
            "keywords": f"Factur-X, {document.label}",
        },
    )
    return _made_at(bytes(pdf_with_xml), document.created_at.astimezone(UTC))


def _made_at(pdf: bytes, moment: datetime) -> bytes:
    """Return the PDF with the dates of a moment, each as long as the one it replaces."""
    pdf = PDF_DATE.sub(rb"\g<1>" + f"{moment:%Y%m%d%H%M%S}".encode(), pdf)
    return XMP_DATE.sub(f"{moment:%Y-%m-%dT%H:%M:%S}".encode(), pdf)


def with_colour_profile(pdf: bytes) -> bytes:
    """Return the PDF with the sRGB profile that PDF/A asks of colours (ISO 19005-3, 6.2.3)."""
    from PIL import ImageCms
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import (
        ArrayObject,
        DecodedStreamObject,
        DictionaryObject,
        NameObject,
        NumberObject,
        TextStringObject,
    )

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    profile = DecodedStreamObject()
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile.set_data(made[: PROFILE_DATE.start] + SRGB_DATE + made[PROFILE_DATE.stop :])
    packed = profile.flate_encode()
    packed[NameObject("/N")] = NumberObject(3)
    intent = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/OutputIntent"),
            NameObject("/S"): NameObject("/GTS_PDFA1"),
            NameObject("/OutputConditionIdentifier"): TextStringObject("sRGB"),
            NameObject("/Info"): TextStringObject("sRGB"),
            NameObject("/DestOutputProfile"): writer._add_object(packed),
        }
    )
    writer.root_object[NameObject("/OutputIntents")] = ArrayObject([writer._add_object(intent)])
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _head(root: etree._Element, document: SalesDocument) -> None:
    head = _add(root, "rsm:ExchangedDocument")
    _add(head, "ram:ID", document.reference)
    is_deposit = document.deposit_percent is not None
    _add(head, "ram:TypeCode", DEPOSIT_TYPE if is_deposit else TYPES[document.kind])
    _day(head, "ram:IssueDateTime", document.issued_on)
    for code, text in legal_notes(document):
        note = _add(head, "ram:IncludedNote")
        _add(note, "ram:Content", text)
        _add(note, "ram:SubjectCode", code)


def _line(trade: etree._Element, rank: int, line: SalesLine, vat: Mapping[str, str]) -> None:
    item = _add(trade, "ram:IncludedSupplyChainTradeLineItem")
    _add(_add(item, "ram:AssociatedDocumentLineDocument"), "ram:LineID", str(rank))
    product = _add(item, "ram:SpecifiedTradeProduct")
    _add(product, "ram:SellerAssignedID", line.code)
    _add(product, "ram:Name", line.full_label)
    price = _add(_add(item, "ram:SpecifiedLineTradeAgreement"), "ram:NetPriceProductTradePrice")
    _add(price, "ram:ChargeAmount", _amount(line.unit_price))
    delivery = _add(item, "ram:SpecifiedLineTradeDelivery")
    unit = UNITS.get(line.unit, "C62")
    _add(delivery, "ram:BilledQuantity", _amount(line.quantity), unitCode=unit)
    settlement = _add(item, "ram:SpecifiedLineTradeSettlement")
    tax = _add(settlement, "ram:ApplicableTradeTax")
    _add(tax, "ram:TypeCode", "VAT")
    _add(tax, "ram:CategoryCode", "S" if line.vat_rate else vat["category"])
    if vat["category"] != OUT_OF_SCOPE:
        _add(tax, "ram:RateApplicablePercent", _amount(line.vat_rate))
    sums = _add(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
    _add(sums, "ram:LineTotalAmount", _amount(line.net))


def _agreement(trade: etree._Element, document: SalesDocument) -> None:
    agreement = _add(trade, "ram:ApplicableHeaderTradeAgreement")
    if document.service_code:
        _add(agreement, "ram:BuyerReference", document.service_code)
    has_numbers = vat_of(document)["category"] != OUT_OF_SCOPE
    seller = _party(agreement, "ram:SellerTradeParty", document.seller, has_numbers)
    if not (has_numbers and document.seller.get("vat_number")):
        tax = _add(seller, "ram:SpecifiedTaxRegistration")
        _add(tax, "ram:ID", document.seller["siret"][:9], schemeID="FC")
    _party(agreement, "ram:BuyerTradeParty", document.buyer, has_numbers)
    if order := document.engagement_number or document.purchase_order:
        reference = _add(agreement, "ram:BuyerOrderReferencedDocument")
        _add(reference, "ram:IssuerAssignedID", order)


def _party(
    agreement: etree._Element, name: str, party: Party, has_vat_number: bool
) -> etree._Element:
    """Add a party; a number that is no VAT number of its country is its legal one (BT-47)."""
    party_element = _add(agreement, name)
    siret, number = party.get("siret", ""), party.get("vat_number", "")
    has_vat_number = has_vat_number and is_vat_number(party)
    if siret:
        _add(party_element, "ram:GlobalID", siret, schemeID="0009")
    _add(party_element, "ram:Name", party["name"])
    description = legal_words(party)
    if description and name == "ram:SellerTradeParty":
        _add(party_element, "ram:Description", description)
    if siret:
        legal = _add(party_element, "ram:SpecifiedLegalOrganization")
        _add(legal, "ram:ID", siret[:9], schemeID="0002")
    elif number and not has_vat_number:
        legal = _add(party_element, "ram:SpecifiedLegalOrganization")
        _add(legal, "ram:ID", number)
    elif rna := party.get("rna"):
        legal = _add(party_element, "ram:SpecifiedLegalOrganization")
        _add(legal, "ram:ID", rna.upper())
    address = _add(party_element, "ram:PostalTradeAddress")
    if party.get("postal_code"):
        _add(address, "ram:PostcodeCode", party["postal_code"])
    _add(address, "ram:LineOne", party["address"])
    _add(address, "ram:CityName", party["city"])
    _add(address, "ram:CountryID", party.get("country") or "FR")
    if siret:
        electronic = _add(party_element, "ram:URIUniversalCommunication")
        _add(electronic, "ram:URIID", siret[:9], schemeID="0225")
    if number and has_vat_number:
        tax = _add(party_element, "ram:SpecifiedTaxRegistration")
        _add(tax, "ram:ID", number, schemeID="VA")
    return party_element


def _settlement(
    trade: etree._Element, document: SalesDocument, preceding: Sequence[SalesDocument]
) -> None:
    settlement = _add(trade, "ram:ApplicableHeaderTradeSettlement")
    _add(settlement, "ram:PaymentReference", document.reference)
    _add(settlement, "ram:InvoiceCurrencyCode", "EUR")
    if document.kind == SalesKind.INVOICE:
        means = _add(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")
        _add(means, "ram:TypeCode", "30")
        account = _add(means, "ram:PayeePartyCreditorFinancialAccount")
        _add(account, "ram:IBANID", document.seller["iban"].replace(" ", ""))
        if bic := document.seller.get("bic"):
            bank = _add(means, "ram:PayeeSpecifiedCreditorFinancialInstitution")
            _add(bank, "ram:BICID", bic)
    stated = vat_of(document)
    for rate, base, vat in totals_of(document).by_rate:
        tax = _add(settlement, "ram:ApplicableTradeTax")
        _add(tax, "ram:CalculatedAmount", _amount(vat))
        _add(tax, "ram:TypeCode", "VAT")
        if not rate:
            _add(tax, "ram:ExemptionReason", stated["mention"])
        _add(tax, "ram:BasisAmount", _amount(base))
        _add(tax, "ram:CategoryCode", "S" if rate else stated["category"])
        if not rate and stated["code"]:
            _add(tax, "ram:ExemptionReasonCode", stated["code"])
        if stated["category"] != OUT_OF_SCOPE:
            _add(tax, "ram:RateApplicablePercent", _amount(rate))
    terms = _add(settlement, "ram:SpecifiedTradePaymentTerms")
    _add(terms, "ram:Description", due_words(document, next(iter(preceding), None)))
    if document.due_on:
        _day(terms, "ram:DueDateDateTime", document.due_on)
    _sums(settlement, document)
    for invoice in preceding:
        reference = _add(settlement, "ram:InvoiceReferencedDocument")
        _add(reference, "ram:IssuerAssignedID", invoice.reference)
        _day(reference, "ram:FormattedIssueDateTime", invoice.issued_on, space="qdt")


def _sums(settlement: etree._Element, document: SalesDocument) -> None:
    sums = _add(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    _add(sums, "ram:LineTotalAmount", _amount(document.net))
    _add(sums, "ram:TaxBasisTotalAmount", _amount(document.net))
    _add(sums, "ram:TaxTotalAmount", _amount(document.vat), currencyID="EUR")
    _add(sums, "ram:GrandTotalAmount", _amount(document.gross))
    _add(sums, "ram:DuePayableAmount", _amount(document.gross))


def _amount(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _day(parent: etree._Element, name: str, day: date, space: str = "udt") -> None:
    _add(_add(parent, name), f"{space}:DateTimeString", f"{day:%Y%m%d}", format="102")


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    """Add a child; lxml escapes its text, characters that XML refuses are dropped."""
    child = etree.SubElement(parent, _name(name), attributes)
    if text:
        child.text = "".join(
            character
            for character in text
            if character.isprintable() or character in "\n\u00a0\u202f"
        )
    return child


def _name(prefixed: str) -> str:
    prefix, _, name = prefixed.partition(":")
    return f"{{{SPACES[prefix]}}}{name}"
