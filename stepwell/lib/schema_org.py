"""Things of schema.org as types, and a graph of them as JSON-LD. Addresses are whole ones."""

import json
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from django.utils.safestring import SafeString, mark_safe
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

Address = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Words = Annotated[str, StringConstraints(min_length=1)]
# Without these three signs no text of an editor can end the element it stands in.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


class Node(BaseModel):
    """One thing of a graph. Attributes are written in camel case, empty ones left out."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


class Step(Node):
    """One step of a breadcrumb."""

    type_: Literal["ListItem"] = Field("ListItem", serialization_alias="@type")
    position: Annotated[int, Field(ge=1)]
    name: Words
    item: Address


class BreadcrumbList(Node):
    """The way to this page."""

    type_: Literal["BreadcrumbList"] = Field("BreadcrumbList", serialization_alias="@type")
    item_list_element: Annotated[tuple[Step, ...], Field(min_length=1)]


class Area(Node):
    """Where somebody is served."""

    type_: Literal["City", "Country"] = Field(serialization_alias="@type")
    name: Words


class Offerer(Node):
    """Who offers a service."""

    type_: Literal["Person", "Organization"] = Field(serialization_alias="@type")
    name: Words


class Channel(Node):
    """How a service can be had."""

    type_: Literal["ServiceChannel"] = Field("ServiceChannel", serialization_alias="@type")
    available_language: Annotated[tuple[Words, ...], Field(min_length=1)]


class Service(Node):
    """Something that is offered. What nobody said is left out; nobody is rated here."""

    type_: Literal["Service"] = Field("Service", serialization_alias="@type")
    name: Words
    url: Address
    service_type: Words
    provider: Offerer
    area_served: Area
    available_channel: Channel | None = None


class Listed(Node):
    """One thing of a list."""

    type_: Literal["ListItem"] = Field("ListItem", serialization_alias="@type")
    position: Annotated[int, Field(ge=1)]
    name: Words
    url: Address
    item: Service | None = None


class ItemList(Node):
    """What a page lists."""

    type_: Literal["ItemList"] = Field("ItemList", serialization_alias="@type")
    item_list_element: tuple[Listed, ...]


class CollectionPage(Node):
    """A page whose point is its list."""

    type_: Literal["CollectionPage"] = Field("CollectionPage", serialization_alias="@type")
    name: Words
    url: Address
    description: str | None = None
    main_entity: ItemList


def breadcrumb(way: Sequence[tuple[str, str]]) -> BreadcrumbList:
    """Return the way to a page: each step's name and whole address."""
    steps = (
        Step(position=at, name=name, item=address)
        for at, (name, address) in enumerate(way, start=1)
    )
    return BreadcrumbList(item_list_element=tuple(steps))


def item_list(things: Iterable[tuple[str, str]]) -> ItemList:
    """Return a list of things: each one's name and whole address."""
    listed = (
        Listed(position=at, name=name, url=address)
        for at, (name, address) in enumerate(things, start=1)
    )
    return ItemList(item_list_element=tuple(listed))


def services(offered: Iterable[Service]) -> ItemList:
    """Return a list of services, each with its name and whole address."""
    listed = (
        Listed(position=at, name=one.name, url=one.url, item=one)
        for at, one in enumerate(offered, start=1)
    )
    return ItemList(item_list_element=tuple(listed))


def graph(*nodes: Node) -> SafeString:
    """Return `nodes` as the text of one JSON-LD element."""
    told = [one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in nodes]
    whole = {"@context": "https://schema.org", "@graph": told}
    return mark_safe(json.dumps(whole, ensure_ascii=False).translate(_ESCAPES))
