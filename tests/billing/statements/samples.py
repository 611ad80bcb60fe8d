"""Bank statements written by hand in the layouts of several French banks, and CAMT.053."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

CAISSE = """\
Code de la banque : 11315;Code de l'agence : 00001;Date de début de téléchargement : 01/02/2027;
Numéro de compte : 04000000000;Nom du compte : SALON DES MAIRES;Devise : EUR;;

Date de comptabilisation;Libelle simplifie;Libelle operation;Reference;\
Informations complementaires;Type operation;Categorie;Debit;Credit;\
Date operation;Date de valeur;Pointage operation
15/02/2027;ECLAIRAGE PLAINE;VIR SEPA ECLAIRAGE DE LA PLAINE;5AB12CD;FACT F-2027-0012;Virement;;;\
+1 234,56;15/02/2027;15/02/2027;0
14/02/2027;FRAIS;COTISATION COMPTE;;;Frais;;-12,50;;14/02/2027;14/02/2027;0
"""
AGRICOLE = """\
Téléchargement du 16/02/2027;

ASSOCIATION DU SALON;
Compte Courant n° 12345678901;
Solde au 15/02/2027 12\u202f345,67 €

Liste des opérations du compte entre le 01/02/2027 et le 15/02/2027

Date;Libellé;Débit euros;Crédit euros;
15/02/2027;"VIREMENT EN VOTRE FAVEUR
MAIRIE DE BEZIERS
MANDAT 417 F20270013
";;2\u00a0172,00;
03/02/2027;"CHEQUE EMIS 0000012";340,00;;
"""
POSTALE = """\
Numéro Compte   ;1234567A033
Type            ;CCP
Compte tenu en  ;euros
Date            ;16/02/2027
Solde (EUROS)   ;1234,56

Date;Libellé;Montant(EUROS);Montant(FRANCS)
15/02/27;VIREMENT DE CLOTURES DU MIDI;2172,00;14247,39
15/02/27;PRELEVEMENT ASSUREUR;-87,10;-571,34
"""
BNP = """\
"Compte de cheques";"****1234";"16/02/2027";"";"1 234,56"
"15/02/2027";"VIR RECU";"Virement recu";"VIR SEPA RECU /DE X";"100,00"
"""
MUTUEL = """\
Date,Date de valeur,Débit,Crédit,Libellé,Solde
15/02/2027,16/02/2027,,"1.234,56",VIR LES JARDINS,"5.000,00"
16/02/2027,16/02/2027,"-1,200.00",,LOYER,"3.800,00"
"""
ONLINE = """\
dateOp;dateVal;label;category;amount;accountNum
2027-02-15;2027-02-15;"VIR SEPA Éditions d'Oc";Virements reçus;"1 000,00";0004
2027-02-15;2027-02-15;"VIR SEPA Éditions d'Oc";Virements reçus;"1 000,00";0004
"""
GENERALE = """\
="0000123456789";01/02/2027;15/02/2027;2;16/02/2027;12 345,67 EUR

Date de l'opération;Libellé;Détail de l'écriture;Montant de l'opération;Devise
15/02/2027;VIR RECU 1234;VIR RECU 1234 DE: SARL DUPONT MOTIF: F 2027 14 REF: 9X;"+50,00";EUR
"""
SIDES = "Date;Libellé;Montant;Sens\n15-02-2027;Virement;10,00 €;C\n15.02.2027;Frais;2,00;Débit\n"


def long_statement(buyers: Iterable[tuple[str, str, str]], last_day: date) -> bytes:
    """Return a CSV of lines (payer, label, amount), each followed by a fee."""
    rows = ["Date;Libellé;Débit;Crédit"]
    for rank, (payer, label, amount) in enumerate(buyers):
        day = last_day - timedelta(days=rank // 4)
        rows.append(f"{day:%d/%m/%Y};VIR SEPA {payer} {label};;{amount}")
        rows.append(f"{day:%d/%m/%Y};FRAIS SUR VIREMENT;0,10;")
    return "\r\n".join(rows).encode("cp1252")


ENTRY = """<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{more}
<Sts>{status}</Sts><BookgDt><Dt>2027-02-15</Dt></BookgDt><AcctSvcrRef>{bank}</AcctSvcrRef>
<NtryDtls>{details}</NtryDtls></Ntry>"""
TRANSACTION = """<TxDtls><Refs><EndToEndId>{end}</EndToEndId></Refs>{amount}
<RltdPties><Dbtr>{debtor}</Dbtr></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"""


def camt(entries: str, version: str = "02", head: str = '<?xml version="1.0"?>') -> bytes:
    space = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    return (
        f'{head}<Document xmlns="{space}"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>'
        f"<Stmt><Id>1</Id>{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def entry(amount: str, details: str = "", **changes: str) -> str:
    words = {"side": "CRDT", "more": "", "status": "BOOK", "bank": "", **changes}
    return ENTRY.format(amount=amount, details=details, **words)


def transaction(text: str, name: str, amount: str = "", *, end: str = "NOTPROVIDED") -> str:
    debtor = f"<Nm>{name}</Nm>"
    return TRANSACTION.format(text=text, debtor=debtor, amount=amount, end=end)


CAMT_02 = camt(
    entry("1234.56", transaction("FACTURE F-2027-0012", "Éclairage de la Plaine"), bank="B1")
    + entry(
        "300.00",
        transaction(
            "F-2027-0013", "A", "<AmtDtls><TxAmt><Amt Ccy='EUR'>100</Amt></TxAmt></AmtDtls>"
        )
        + transaction(
            "F-2027-0014", "B", "<AmtDtls><TxAmt><Amt Ccy='EUR'>200</Amt></TxAmt></AmtDtls>"
        ),
        bank="B2",
    )
    + entry("80.00", transaction("x", "C") + transaction("y", "D"), bank="B3")
    + entry("12.50", side="DBIT", more="<RvslInd>true</RvslInd>", bank="B4")
    + entry("9.00", status="PDNG")
)
CAMT_08 = camt(
    "<Ntry><Amt Ccy='EUR'>50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
    "<BookgDt><DtTm>2027-02-15T10:00:00</DtTm></BookgDt><NtryDtls><TxDtls><Refs>"
    "<AcctSvcrRef>Z9</AcctSvcrRef></Refs><Amt Ccy='EUR'>50.00</Amt><RltdPties><UltmtDbtr><Pty>"
    "<Nm>Ville</Nm></Pty></UltmtDbtr><Dbtr><Pty><Nm>DGFIP</Nm></Pty></Dbtr></RltdPties><RmtInf>"
    "<Strd><CdtrRefInf><Ref>RF18F20270015</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>"
    "</Ntry>",
    "08",
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {now} "{f"&{before};" * 50}">' for before, now in pairwise("abcdefg"))
    + "]>"
)
HOSTILE = {
    "an entity of a file": camt(entry("&f;"), head=EXTERNAL),
    "entities that swell": camt(entry("1", "&g;"), head=LAUGHS),
    "an entity in UTF-16": camt(entry("&f;"), head=EXTERNAL).decode().encode("utf-16"),
    "an XML of something else": b"<html><body>Connexion</body></html>",
    "a cut XML": CAMT_02[:400],
    "an unknown encoding": camt("", head='<?xml version="1.0" encoding="nothing"?>'),
    "no entry": camt(""),
    "an amount that is none": camt(entry("NaN")),
    "dollars": camt(entry("10").replace("EUR", "USD")),
    "an empty file": b"",
    "blanks": b" \n\n",
    "not a text": bytes(range(256)) * 4,
    "a statement to print": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0",
    "a workbook that is none": b"PK\x03\x04 nothing",
    "other columns": b"Nom;Courriel\nX;x@exposant.example\n",
    "no amount": "Date;Libellé\n15/02/2027;VIR\n".encode(),
    "no heading": BNP.encode(),
    "a day that is none": "Date;Libellé;Montant\n31/02/2027;VIR;10\n".encode(),
    "an amount in letters": "Date;Libellé;Montant\n15/02/2027;VIR;dix\n".encode(),
    "a debit and a credit": "Date;Libellé;Débit;Crédit\n15/02/2027;VIR;1;2\n".encode(),
    "open quotes": 'Date;Libellé;Montant\n15/02/2027;"VIR;10\n'.encode() * 9_000,
    "too many lines": "Date;Libellé;Montant\n".encode() + b"15/02/2027;VIR;1\n" * 2_001,
}
