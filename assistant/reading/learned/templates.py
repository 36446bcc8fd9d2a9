"""A shape's template and the slots of a question -> the Reading it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.reading import kinds, refs
from assistant.reading.learned.masks import Item
from assistant.reading.phrases import Ranking
from assistant.reading.reading import Ask, PersonRef, Reading, TitleRef
from assistant.reading.words import Question
from indexer.errors import InputError

Slots = Mapping[str, Item]  # by name with number: "title2"
_NAMED = re.compile(r"\{(\w+)\}")


def filled(template: Mapping[str, Any], question: Question, slots: Slots, weight: float) -> Reading | None:
    """The Reading; ``None`` where a slot cannot be parsed or the parts do not fit together."""
    try:
        data = _Filling(question, slots).reading(template)
        return Reading.from_json({**data, "weight": max(0.01, round(weight, 3))}) if data else None
    except (InputError, _Unfit):
        return None


def reference(template: Mapping[str, Any], question: Question, slots: Slots) -> dict[str, Any] | None:
    """What a phrase for a title or a person means, as ``from_json`` takes it; ``None`` as ``filled``."""
    try:
        return _Filling(question, slots).reference(template)
    except (InputError, _Unfit):
        return None


class _Unfit(Exception):
    """A slot that cannot mean what the template wants."""


class _Filling:
    """Values of a template's places, as ``Reading.from_json`` takes them."""

    def __init__(self, question: Question, slots: Slots) -> None:
        self._question, self._slots = question, slots

    def reading(self, template: Mapping[str, Any]) -> dict[str, Any]:
        """A Reading's fields."""
        found: dict[str, Any] = {}
        for name, value in template.items():
            self._set(found, name, value)
        return found

    def reference(self, template: Mapping[str, Any]) -> dict[str, Any]:
        """Of the one entry "title" or "person"."""
        return self._title(template["title"]) if "title" in template else self._person(template["person"])

    def _set(self, found: dict[str, Any], name: str, value: Any) -> None:
        if name in ("title", "titles"):
            found[name] = [self._title(item) for item in value] if name == "titles" else self._title(value)
        elif name in ("people", "without", "directors", "writers") and isinstance(value, list):
            found[name] = [self._person(item) for item in value]
        elif name == "person":
            found[name] = self._person(value)
        elif name == "parts":
            found[name] = [*found.get(name, []), *(self.reading(part) for part in value)]
        elif isinstance(value, str) and _NAMED.fullmatch(value):
            self._closed(found, name, value[1:-1])
        elif name == "full":
            found[name] = _NAMED.sub(lambda slot: self._text(self._slot(slot[1])), value)
        elif value == "not {time}":
            first, last = self._time()
            found[name] = [last + 1, first - 1]  # from the year after to the year before: all the others
        else:
            found[name] = list(kinds.FILM_TYPES) if value == "films" else value

    def _title(self, value: Any) -> dict[str, Any]:
        if isinstance(value, str):
            item = self._slot(value[1:-1])
            return (
                item.value
                if isinstance(item.value, dict)
                else _json_of_title(refs.title_ref(self._text(item)))
            )
        found = self._title(value["is"]) if "is" in value else {}
        for name, part in value.items():
            if name != "is":
                self._set(found, name, part)
        return found

    def _person(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, str):
            return {name: self.reading(part) if name == "by" else part for name, part in value.items()}
        item = self._slot(value[1:-1])
        return (
            item.value if isinstance(item.value, dict) else _json_of_person(refs.person_ref(self._text(item)))
        )

    def _slot(self, name: str) -> Item:
        if name not in self._slots:
            raise _Unfit(name)
        return self._slots[name]

    def _time(self) -> kinds.Years:
        value = self._slot("time").value
        if not isinstance(value, tuple) or value[0] == 0 or value[1] == 9999:
            raise _Unfit("only years with a beginning and an end can be left out")
        return value

    def _text(self, item: Item) -> str:
        return self._question.span(item.first, item.end)

    def _closed(self, found: dict[str, Any], name: str, slot: str) -> None:
        """A place that a word of a closed list fills; one without a kind is left empty."""
        if slot == "kind":
            kind = self._slots["kind"].value if "kind" in self._slots else None
            values = {"types": kind.types, "genres": kind.genres} if isinstance(kind, kinds.Kind) else {}
            if values.get(name):
                found[name] = list(values[name])
            if isinstance(kind, kinds.Kind) and kind.years and name == "types":
                found["years"] = list(kind.years)
            return
        item = self._slot(slot)
        if slot.rstrip("2") == "character":
            found[name] = refs.character_name(self._text(item))
        elif name == "ordinal" and isinstance(item.value, Ranking):
            found[name] = -1 if item.value.descending else 1
        elif slot == "superlative" and isinstance(item.value, Ranking):
            found["order"], found["descending"] = str(item.value.order), item.value.descending
        elif name == "threshold" and isinstance(item.value, tuple):
            found[name] = _threshold(item.value)
        elif slot == "time" and isinstance(item.value, tuple):
            found[name] = list(item.value)
        else:
            found[name] = item.value if item.value is not None else self._text(item)


def _threshold(years: kinds.Years) -> list[Any]:
    first, last = years
    if first == 0:
        return ["under", float(last + 1)]
    if last == 9999:
        return ["over", float(first - 1)]
    if first != last:
        raise _Unfit("a decade is no limit")
    return ["equal", float(first)]


def _json_of_title(ref: TitleRef) -> dict[str, Any]:
    held: dict[str, Any] = Reading(Ask.TITLE, title=ref).to_json()["title"]
    return held


def _json_of_person(ref: PersonRef) -> dict[str, Any]:
    held: dict[str, Any] = Reading(Ask.AGE, people=(ref,)).to_json()["people"][0]
    return held
