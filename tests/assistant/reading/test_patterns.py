"""The pattern language: every way to split a question, and no other."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.reading.patterns import Match, compile_pattern, expand
from assistant.reading.reader import Rules

MACROS = {"PLAY": ["plays", "played the role of"], "WHO": ["{,the }{actor,actress} who", "who"]}


def matches(pattern: str, text: str) -> list[Match]:
    return compile_pattern(pattern, MACROS).matches(text.split())


def test_plain_words_match_only_themselves() -> None:
    assert matches("good morning", "good morning") == [{}]
    assert matches("good morning", "good evening") == []


def test_a_slot_gives_the_places_of_its_words() -> None:
    assert matches("cast of {title}", "cast of mad max") == [{"title": (2, 4)}]


def test_a_slot_takes_at_least_one_word() -> None:
    assert matches("cast of {title}", "cast of") == []


def test_every_split_of_two_slots_is_a_match_of_its_own() -> None:
    assert matches("{character} in {title}", "alex in alex in wonder") == [
        {"character": (0, 1), "title": (2, 5)},
        {"character": (0, 3), "title": (4, 5)},
    ]


def test_two_slots_side_by_side_are_split_everywhere() -> None:
    found = matches("{title} {character}", "a b c d")
    assert [match["title"][1] for match in found] == [1, 2, 3]


def test_the_number_of_matches_is_limited() -> None:
    pattern = compile_pattern("{a} {b}", {})
    assert len(pattern.matches(["word"] * 24, limit=5)) == 5


def test_a_slot_of_limited_length_takes_no_more_words() -> None:
    assert matches("{kind:2} of", "old horror of") == [{"kind": (0, 2)}]
    assert matches("{kind:2} of", "very old horror of") == []


def test_optional_words_may_be_there_or_not() -> None:
    assert matches("[the] plot of {title}", "the plot of m") == [{"title": (3, 4)}]
    assert matches("[the] plot of {title}", "plot of m") == [{"title": (2, 3)}]


def test_an_optional_part_at_the_end_may_also_belong_to_the_slot() -> None:
    found = matches("who directed {title} [please]", "who directed m please")
    assert sorted(match["title"] for match in found) == [(2, 3), (2, 4)]


def test_alternatives_may_have_several_words() -> None:
    assert matches("(cast|list of actors) of {title}", "list of actors of us") == [{"title": (4, 5)}]


def test_of_alternatives_each_that_fits_is_tried() -> None:
    assert matches("(new|new york) {title}", "new york stories") == [{"title": (2, 3)}, {"title": (1, 3)}]


def test_an_empty_alternative_makes_the_part_optional() -> None:
    assert matches("(did|) it end", "it end") == [{}]


@pytest.mark.parametrize("who", ["who", "actor who", "the actress who"])
@pytest.mark.parametrize("play", ["plays", "played the role of"])
def test_macros_stand_for_their_phrases(who: str, play: str) -> None:
    count = len(f"{who} {play}".split())
    assert matches("WHO PLAY {character}", f"{who} {play} neo") == [{"character": (count, count + 1)}]


def test_an_unknown_macro_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="unknown macro PLAYED: known are PLAY, WHO"):
        compile_pattern("who PLAYED {character}", MACROS)


def test_braces_expand_to_every_combination() -> None:
    assert expand("{,the }{actor,star} who") == ["actor who", "star who", "the actor who", "the star who"]


def test_all_wordings_of_the_package_compile() -> None:
    assert sum(len(rule.patterns) for rule in Rules.load().rules) > 100


words = st.lists(
    st.sampled_from(["who", "in", "of", "the", "plays", "neo", "it's", "8½", "*", "{title}"]), max_size=14
)
pieces = st.lists(
    st.sampled_from(["{a}", "{b:2}", "[the]", "(in|of)", "WHO", "PLAY", "who", "(plays|)", "neo"]),
    min_size=1,
    max_size=6,
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(pieces, words)
def test_a_match_leaves_the_words_of_its_slots_in_order_and_inside_the_text(
    parts: list[str], keys: list[str]
) -> None:
    parts = list(dict.fromkeys(parts))
    for match in compile_pattern(" ".join(parts), MACROS).matches(keys):
        spans = [match[name] for name in ("a", "b") if name in match]
        in_order = [match[part.strip("{}").split(":")[0]] for part in parts if part.startswith("{")]
        assert len(spans) == len(in_order)
        assert all(0 <= first < end <= len(keys) for first, end in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(in_order))


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=12))
def test_one_slot_covers_all_words_whatever_they_are(keys: list[str]) -> None:
    assert compile_pattern("{title}", {}).matches(keys) == [{"title": (0, len(keys))}]
