"""The seller or the buyer of a sales document, as its columns of JSON hold it."""

from typing import TypedDict


class Party(TypedDict, total=False):
    """A party; "" or no key where nothing is known: the older a document is, the fewer it has.

    `exhibitor` to `is_public` are of a buyer, what follows of the seller, whose accounts have keys
    of their own; `fair` and `vat` are stated on each document.
    """

    name: str
    address: str
    postal_code: str
    city: str
    country: str
    siret: str
    vat_number: str
    legal_form: str
    rcs_city: str
    rna: str
    exhibitor: str
    exhibitor_address: str
    public_kind: str
    is_public: bool
    vat_regime: str
    vat_on_debits: str
    iban: str
    bic: str
    fair: dict[str, str]
    vat: dict[str, str]
