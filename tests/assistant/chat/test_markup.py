from __future__ import annotations

from html.parser import HTMLParser

import pytest

from assistant.answer import Answer, Evidence, Status
from assistant.chat.markup import SHOWN, escaped, literal, proof, sureness
from indexer.ids import PersonId, TitleId
from tests.assistant.chat.fakes import HOSTILE, ORACLE


class Shown(HTMLParser):
    """The tags, the links and the text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links.extend(value or "" for name, value in attrs if name == "href")
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _answer(*evidence: Evidence, status: Status = Status.ANSWERED, confidence: float = 0.95) -> Answer:
    return Answer(status, "Yes.", evidence=evidence, confidence=confidence)


def test_a_record_is_shown_with_links_to_its_own_pages() -> None:
    shown = Shown(proof(_answer(ORACLE)))
    cells = ["The Matrix", "1999", "Gloria Foster", "actress", "Oracle"]
    assert [text for text in shown.texts if text in cells] == cells
    assert shown.links == ["https://www.imdb.com/title/tt0133093/", "https://www.imdb.com/name/nm0287825/"]


def test_a_person_of_the_reserved_range_has_no_link() -> None:
    nobody = Evidence(TitleId(1), "A", person_id=PersonId(90_000_001), person="B", category="actor")
    assert Shown(proof(_answer(nobody))).links == ["https://www.imdb.com/title/tt0000001/"]


def test_columns_that_no_record_fills_are_left_out() -> None:
    assert Shown(proof(_answer(Evidence(TitleId(1), "A", 1990)))).tags.count("th") == 1
    assert Shown(proof(_answer(ORACLE))).tags.count("th") == 4


def test_hostile_data_is_shown_and_does_nothing() -> None:
    html = proof(Answer(Status.ANSWERED, f'"{HOSTILE.title}', evidence=(HOSTILE,), confidence=1))
    shown = Shown(html)
    assert HOSTILE.title in shown.texts
    assert HOSTILE.person in shown.texts
    assert HOSTILE.characters[0] in shown.texts
    assert not {"script", "img", "b"} & set(shown.tags)
    assert not set("${}`") & set(html)


def test_a_title_without_an_id_has_no_link() -> None:
    assert Shown(proof(_answer(Evidence(None, "Lost")))).links == []


def test_more_records_than_fit_unfold() -> None:
    records = [Evidence(TitleId(at), f"Film {at}") for at in range(1, SHOWN + 4)]
    shown = Shown(proof(_answer(*records)))
    assert "3 more" in shown.texts
    assert len(shown.links) == SHOWN + 3
    assert f"{SHOWN + 3} records of the catalogue" in shown.texts


@pytest.mark.parametrize(
    ("status", "confidence", "words"),
    [
        (Status.ANSWERED, 0.95, "Sure"),
        (Status.ANSWERED, 0.75, "Fairly sure"),
        (Status.ANSWERED, 0.3, "Not sure: please check the records"),
        (Status.AMBIGUOUS, 0.95, "More than one fits"),
        (Status.UNKNOWN, 0.95, "Not in the data"),
        (Status.UNSUPPORTED, 0.95, "Outside what this data holds"),
    ],
)
def test_standing_is_worded_plainly(status: Status, confidence: float, words: str) -> None:
    assert words in Shown(proof(_answer(status=status, confidence=confidence))).texts
    assert status is not Status.ANSWERED or sureness(confidence) == words


def test_the_copy_button_holds_the_answers_very_words() -> None:
    html = proof(Answer(Status.ANSWERED, 'A "quote" & <tag>'))
    assert 'data-copy="A &quot;quote&quot; &amp; &lt;tag&gt;"' in html


@pytest.mark.parametrize("text", ["Fast & Furious", "1 < 2", "AT&T", "Love $ & *stars*", "R&B; more"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert literal(text) == text


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "<!-- x", "</p>", "&lt;", "&copy2", "a &amp; b", "<?x", "&#36;"]
)
def test_text_that_would_become_markup_is_shown(text: str) -> None:
    assert literal(text) != text
    assert "".join(Shown(literal(text)).texts) == text
    assert Shown(literal(text)).tags == []


def test_escaped_text_reads_as_before() -> None:
    assert "".join(Shown(escaped("${a} `b` {{c}} \\ <d> & 'e'")).texts) == "${a} `b` {{c}} \\ <d> & 'e'"
