import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.predictors.genre.preprocessing import clean, in_english, language, stems, terms

ENGLISH = "A lonely fisherman finds a letter in a bottle and sails out to look for whoever wrote it."
GERMAN = "Ein einsamer Fischer findet einen Brief in einer Flasche und sucht auf dem Meer den Absender."
JAPANESE = "孤独な漁師が瓶の中の手紙を見つけ、それを書いた人を探しに海へ出る。長い旅の物語である。"


@given(st.text(max_size=300))
def test_cleaning_any_text_is_done_once_for_all(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == " ".join(cleaned.split())
    assert not any(ord(letter) < 32 for letter in cleaned)
    assert isinstance(terms(stems(text)), list)
    language(text)


def test_mark_up_addresses_and_entities_go() -> None:
    assert clean("<p>Love &amp; war</p>\tsee https://a.example/x or mail me@a.example\x00!") == (
        "Love & war see or mail !"
    )


@pytest.mark.parametrize(
    ("text", "code", "foreign"),
    [
        (ENGLISH, "en", False),
        (GERMAN, "de", True),
        (JAPANESE, "ja", True),
        ("Heist.", "", False),
        ("", "", False),
    ],
)
def test_the_language_is_told_where_there_are_letters_enough(text: str, code: str, foreign: bool) -> None:
    found = language(text)
    assert (found.code, found.foreign) == (code, foreign)
    assert 0 <= found.probability <= 1


def test_other_languages_are_set_aside_and_counted() -> None:
    found = in_english([ENGLISH, GERMAN, " <br> ", "Heist."])
    assert (found.places, found.texts) == ([0, 3], [ENGLISH, "Heist."])
    assert found.aside == {"de": 1, "": 1}


def test_stems_leave_out_stop_words_and_make_one_of_all_numbers() -> None:
    assert stems("The detectives were hunting 3 killers in 1999") == ["detect", "hunt", "0", "killer", "0"]
    assert terms(stems("haunted houses")) == ["haunt", "hous", "haunt hous"]
