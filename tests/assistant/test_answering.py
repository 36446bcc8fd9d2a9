"""Findings in words: every ask has a sentence, its records as proof, and no word of the program's own."""

from __future__ import annotations

import pytest

from assistant.answer import Answer, Choice, Evidence, Item, Status
from assistant.answering import answer_of, called, evidence_of, items_of, text_of, unsupported
from assistant.reading.reading import Ask, Order, Part, PersonRef, Reading, TitleRef
from assistant.resolving.finding import Finding, Record, unknown
from indexer.catalog.records import Credit, Person, Title
from indexer.ids import parse_person_id, parse_title_id

HEAT = Title(
    parse_title_id("tt0113277"),
    "Heat",
    "movie",
    year=1995,
    runtime=170,
    genres=("Crime",),
    rating=8.3,
    votes=700_000,
)
CASINO = Title(
    parse_title_id("tt0112641"), "Casino", "movie", year=1995, runtime=178, rating=8.2, votes=550_000
)
UNDATED = Title(parse_title_id("tt0000104"), "Undated", "movie")
PACINO = Person(parse_person_id("nm0000199"), "Al Pacino", birth_year=1940, professions=("actor",))
LEDGER = Person(parse_person_id("nm0005132"), "Heath Ledger", birth_year=1979, death_year=2008)
MANN = Person(parse_person_id("nm0000520"), "Michael Mann")
HANNA = Credit(HEAT.id, PACINO.id, 1, "actor", characters=("Lt. Vincent Hanna",))
NAMELESS = Credit(HEAT.id, PACINO.id, 1, "actor")
DIRECTING = Credit(HEAT.id, MANN.id, 2, "director")
ROLE = Record(HEAT, PACINO, HANNA)
REF = TitleRef(name="heat")
WHO = (PersonRef(name="al pacino"),)


def found(reading: Reading, *records: Record, values: tuple[str, ...] = (), **more: object) -> Finding:
    return Finding(reading, Status.ANSWERED, records, values, 0.9, **more)  # type: ignore[arg-type]


CASES: list[tuple[Finding, str]] = [
    (
        found(Reading(Ask.PLAYED_BY, title=REF, character="hanna"), ROLE),
        "Al Pacino played Lt. Vincent Hanna in Heat (1995).",
    ),
    (
        found(Reading(Ask.CHARACTER_OF, title=REF, people=WHO), ROLE, values=("Lt. Vincent Hanna",)),
        "Al Pacino played Lt. Vincent Hanna in Heat (1995).",
    ),
    (
        found(Reading(Ask.CAST, title=REF), ROLE),
        "The cast of Heat (1995): Al Pacino as Lt. Vincent Hanna.",
    ),
    (
        found(Reading(Ask.CAST, title=REF), Record(HEAT, PACINO, NAMELESS)),
        "The cast of Heat (1995): Al Pacino.",
    ),
    (
        found(Reading(Ask.CREW, title=REF, category="director"), Record(HEAT, MANN, DIRECTING)),
        "Michael Mann directed Heat (1995).",
    ),
    (found(Reading(Ask.FILMOGRAPHY, people=WHO, category="acting"), ROLE), "Al Pacino: Heat (1995)."),
    (found(Reading(Ask.FILMOGRAPHY, people=WHO, count=True), ROLE, values=("1",)), "1: Heat (1995)."),
    (found(Reading(Ask.TITLE, title=REF), Record(HEAT), Record(CASINO)), "Heat (1995) and Casino (1995)."),
    (
        found(Reading(Ask.TITLE, title=REF, order=Order.RUNTIME, limit=1), Record(CASINO)),
        "Casino (1995), 178 minutes.",
    ),
    (
        found(Reading(Ask.TITLE, title=REF, order=Order.RATING, limit=1), Record(HEAT)),
        "Heat (1995), rated 8.3 by 700,000 people.",
    ),
    (
        found(Reading(Ask.TITLE, title=REF, order=Order.VOTES, limit=1), Record(HEAT)),
        "Heat (1995), with 700,000 votes.",
    ),
    (found(Reading(Ask.TITLE, title=REF, order=Order.YEAR, limit=1), Record(HEAT)), "Heat (1995)."),
    (
        found(Reading(Ask.SIMILAR, title=REF), Record(CASINO), others=(Record(HEAT),)),
        "Similar to Heat (1995): Casino (1995).",
    ),
    (found(Reading(Ask.YEAR, title=REF), Record(HEAT), values=("1995",)), "Heat came out in 1995."),
    (found(Reading(Ask.RUNTIME, title=REF), Record(HEAT), values=("170",)), "Heat (1995) runs 170 minutes."),
    (
        found(Reading(Ask.RUNTIME, title=REF, threshold=("over", 120.0)), Record(HEAT), values=("Yes",)),
        "Yes: Heat (1995) runs 170 minutes.",
    ),
    (
        found(Reading(Ask.RATING, title=REF), Record(HEAT), values=("8.3",)),
        "Heat (1995) is rated 8.3 out of 10.",
    ),
    (
        found(
            Reading(Ask.GUESSED_GENRES, title=TitleRef(plot="a thief is hunted")),
            values=("Crime",),
            candidates=({"genre": "Crime", "probability": 0.81},),
        ),
        "By that plot alone it may be Crime (81 %). "
        "That is the genre model's guess, not a record of the catalogue.",
    ),
    (
        found(Reading(Ask.GENRES, title=REF), Record(HEAT), values=("Crime", "Drama")),
        "Heat (1995): Crime and Drama.",
    ),
    (found(Reading(Ask.PLOT, title=REF), Record(HEAT), values=("A thief.",)), "Heat (1995): A thief."),
    (
        found(Reading(Ask.ALTERNATIVE_TITLES, title=REF), Record(HEAT), values=("Fuego",)),
        "Heat (1995) is also known as Fuego.",
    ),
    (
        found(Reading(Ask.BORN, people=WHO), Record(person=PACINO), values=("1940",)),
        "Al Pacino was born in 1940.",
    ),
    (
        found(Reading(Ask.DIED, people=WHO), Record(person=LEDGER), values=("2008",)),
        "Heath Ledger died in 2008.",
    ),
    (
        found(Reading(Ask.PROFESSIONS, people=WHO), Record(person=PACINO), values=("actor",)),
        "Al Pacino: actor.",
    ),
    (
        found(Reading(Ask.IS_IN, title=REF, people=WHO), ROLE, values=("Yes",)),
        "Yes: Al Pacino is credited in Heat (1995) (actor) as Lt. Vincent Hanna.",
    ),
    (
        found(Reading(Ask.IS_IN, title=REF, people=WHO), Record(HEAT, MANN), values=("No",)),
        "No: the catalogue has no such credit of Michael Mann in Heat (1995).",
    ),
]


@pytest.mark.parametrize(("finding", "text"), CASES)
def test_the_words_of_a_finding(finding: Finding, text: str) -> None:
    assert text_of(finding) == text


EVERY = [
    *(finding for finding, _ in CASES),
    found(Reading(Ask.VOTES, title=REF), Record(HEAT), values=("700000",)),
    found(Reading(Ask.TYPE, title=REF), Record(HEAT), values=("movie",)),
    found(Reading(Ask.EPISODES, title=REF), Record(HEAT), values=("10",)),
    found(Reading(Ask.SEASONS, title=REF), Record(HEAT), values=("1",)),
    found(Reading(Ask.AGE, people=WHO), Record(person=LEDGER), values=("29",)),
    found(Reading(Ask.AGE, people=WHO), Record(person=PACINO), values=("86",)),
    found(
        Reading(Ask.COMPARE, titles=(REF, REF), order=Order.RUNTIME),
        Record(CASINO),
        Record(HEAT),
        values=("178", "170"),
    ),
    found(
        Reading(Ask.COMPARE, people=(*WHO, *WHO), order=Order.BORN),
        Record(person=PACINO),
        Record(person=LEDGER),
        values=("1940", "1979"),
    ),
    found(Reading(Ask.LANGUAGES, title=REF), Record(HEAT), values=("English", "Spanish")),
    found(Reading(Ask.KEYWORDS, title=REF), Record(HEAT), values=("heist",)),
    found(Reading(Ask.PERSON, parts=(Part(title=REF, category="director"),)), Record(person=MANN)),
]
BARE = [
    found(Reading(Ask.YEAR, title=REF), Record(UNDATED), values=("1990",)),
    found(Reading(Ask.CAST, title=REF), Record(UNDATED, MANN, NAMELESS)),
    found(Reading(Ask.TITLE, title=REF, order=Order.RATING, limit=1), Record(UNDATED)),
    found(Reading(Ask.TITLE, title=REF, order=Order.RUNTIME, limit=1), Record(UNDATED)),
    found(Reading(Ask.PLAYED_BY, character="Neo"), Record(UNDATED, MANN, NAMELESS)),
    found(Reading(Ask.SIMILAR, title=REF), Record(UNDATED)),
]


def test_every_ask_has_a_sentence() -> None:
    assert {finding.reading.ask for finding in EVERY} == set(Ask) - {Ask.UNSUPPORTED}


@pytest.mark.parametrize("finding", [*EVERY, *BARE], ids=lambda finding: str(finding.reading.ask))
def test_every_text_is_for_people(finding: Finding) -> None:
    text = text_of(finding)
    assert text.endswith((".", "!", "?"))
    assert not set("_{}") & set(text)
    assert "None" not in text
    assert "()" not in text
    assert "  " not in text


@pytest.mark.parametrize("finding", EVERY, ids=lambda finding: str(finding.reading.ask))
def test_every_answer_has_items_and_proof(finding: Finding) -> None:
    answer = answer_of(finding)
    assert answer.status is Status.ANSWERED
    assert answer.answers
    assert len(answer.evidence) == len(finding.records) + len(finding.others)
    chances = [told["probability"] for told in finding.candidates] if finding.guess else None
    assert [item.score for item in answer.answers] == (chances or [finding.confidence] * len(answer.answers))


def test_two_actors_of_two_characters_each_get_their_own() -> None:
    marty = Credit(HEAT.id, PACINO.id, 1, "actor", characters=("Marty McFly",))
    george = Credit(HEAT.id, LEDGER.id, 2, "actor", characters=("George McFly",))
    reading = Reading(Ask.PLAYED_BY, title=REF, character="mcfly")
    text = text_of(found(reading, Record(HEAT, PACINO, marty), Record(HEAT, LEDGER, george)))
    assert "Marty McFly" in text
    assert "George McFly" in text


def test_an_uncertain_role_is_put_as_such() -> None:
    reading = Reading(Ask.PLAYED_BY, character="hanna")
    finding = Finding(reading, Status.AMBIGUOUS, (ROLE,), confidence=0.5, choices=(Choice("Heat", "who"),))
    answer = answer_of(finding)
    assert "may have played" in answer.text
    assert answer.choices == (Choice("Heat", "who"),)


def test_long_lists_are_cut_and_counted() -> None:
    titles = [
        Record(Title(parse_title_id(f"tt0000{200 + n}"), f"Film {n}", "movie", year=1990)) for n in range(14)
    ]
    text = text_of(found(Reading(Ask.TITLE, title=REF), *titles))
    assert "Film 0 (1990)" in text
    assert "and 4 more" in text
    assert "Film 12" not in text


def test_the_crew_of_two_versions_is_told_apart() -> None:
    reading = Reading(Ask.CREW, title=REF, category="director")
    finding = found(reading, Record(HEAT, MANN), others=(Record(CASINO, LEDGER),))
    assert text_of(finding) == "Michael Mann directed Heat (1995); Heath Ledger directed Casino (1995)."
    assert [record.person for record in evidence_of(finding)] == ["Michael Mann", "Heath Ledger"]


def test_people_and_titles_are_items_with_their_ids() -> None:
    assert items_of(found(Reading(Ask.CAST, title=REF), ROLE)) == (
        Item("Al Pacino", "person", "nm0000199", 0.9),
    )
    assert items_of(found(Reading(Ask.TITLE, title=REF), Record(HEAT))) == (
        Item("Heat", "title", "tt0113277", 0.9),
    )


def test_numbers_and_years_are_items_without_an_id() -> None:
    [item] = items_of(found(Reading(Ask.YEAR, title=REF), Record(HEAT), values=("1995",)))
    assert item.to_json() == {"text": "1995", "kind": "year", "score": 0.9}


def test_evidence_leaves_out_what_does_not_apply() -> None:
    assert Evidence(HEAT.id, "Heat", 1995).to_json() == {
        "title_id": "tt0113277",
        "title": "Heat",
        "year": 1995,
    }


def test_what_is_unknown_says_its_reason_and_proves_nothing() -> None:
    reading = Reading(Ask.CAST, title=REF)
    answer = answer_of(unknown(reading, "I know no title of that name.", 0.2))
    assert answer == Answer(Status.UNKNOWN, "I know no title of that name.", reading=reading, confidence=0.2)


def test_what_is_unknown_without_a_reason_still_says_something() -> None:
    assert answer_of(unknown(Reading(Ask.CAST, title=REF), "")).text == "I do not know."


def test_what_is_unsupported_names_the_topic_and_what_can_be_asked() -> None:
    answer = unsupported("awards")
    assert answer.status is Status.UNSUPPORTED
    assert "awards" in answer.text
    assert "Ask me who played" in answer.text


def test_a_title_is_called_by_name_and_year() -> None:
    assert [called(HEAT), called(UNDATED), called(None)] == ["Heat (1995)", "Undated", "that title"]
