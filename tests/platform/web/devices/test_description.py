"""The description of an API, made from its routes."""

from typing import Annotated, Any

from flask import Flask
from openapi_spec_validator import validate
from pydantic import Field
from typing_extensions import TypedDict

from salon.platform.database.identity import Role
from salon.platform.web.access import only, public
from salon.platform.web.devices.description import Operation, description_of
from salon.platform.web.devices.fields import Uuid
from salon.platform.web.devices.reading import Sent


class Parcel(Sent):
    """A developer's words, which stay here."""

    number: Annotated[Uuid, Field(description="Le numéro du colis.")]


class Receipt(TypedDict):
    kept: bool


class Filter(TypedDict, total=False):
    since: Annotated[int, Field(description="Depuis quand.", ge=0)]


def describe() -> dict[str, Any]:
    app = Flask(__name__)

    @app.post("/api/parcels/<int:number>")
    @only(Role.STATION)
    @Operation("Garde un colis", takes=Parcel, gives=Receipt, refuses=(409,))
    def keep_parcel(number: int) -> str:
        return ""

    @app.get("/api/parcels")
    @public
    @Operation("Les colis", query=Filter, gives=bytes, answers="Une liste.")
    def list_parcels() -> str:
        return ""

    @app.get("/elsewhere")
    def page() -> str:
        return ""

    words = {"title": "Colis", "version": "1"}
    return description_of(app, "/api", words)


def test_a_route_is_described_by_its_types_and_rights() -> None:
    described = describe()
    validate(described)
    assert set(described["paths"]) == {"/parcels/{number}", "/parcels"}
    call = described["paths"]["/parcels/{number}"]["post"]
    assert call["operationId"] == "keepParcel"
    assert [parameter["name"] for parameter in call["parameters"]] == ["number"]
    assert set(call["responses"]) == {"200", "400", "401", "403", "409"}
    body = call["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Parcel"}
    parcel = described["components"]["schemas"]["Parcel"]
    assert parcel["required"] == ["number"]
    assert parcel["properties"]["number"]["description"] == "Le numéro du colis."
    assert "description" not in parcel


def test_a_public_route_needs_no_token_and_names_its_parameters() -> None:
    call = describe()["paths"]["/parcels"]["get"]
    assert call["security"] == []
    assert set(call["responses"]) == {"200"}
    assert "application/octet-stream" in call["responses"]["200"]["content"]
    assert call["parameters"] == [
        {
            "name": "since",
            "in": "query",
            "required": False,
            "description": "Depuis quand.",
            "schema": {"type": "integer", "minimum": 0},
        }
    ]
