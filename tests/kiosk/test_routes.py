"""The page of the kiosk holds the words that it says without network."""

import json

from salon.entrance.models import Verdict
from salon.fair.models import Edition
from tests.pages import PageClient


def test_the_kiosk_says_without_network_what_the_server_says(
    client: PageClient, edition: Edition
) -> None:
    page = client.get("/borne").get_data(as_text=True)
    words = json.loads(page.partition('id="verdict-words">')[2].partition("</script>")[0])
    assert set(words) == {*Verdict, "to_confirm", "replaced"}
    assert words["re_entry"] == ["De retour", "Bon retour au salon."]
    assert words["accepted"][1] == "Votre entrée est notée."
    assert words["revoked"][1].endswith("Adressez-vous à l’accueil.")
