from __future__ import annotations

import io
from itertools import combinations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from indexer.catalog.records import Title
from indexer.ids import TitleId
from indexer.maps.drawing import Places, label_of, picture
from indexer.maps.fonts import drawable
from indexer.maps.groups import by_genre

NOBODY = np.zeros((0, 2), np.float32)


def titles(*names: str) -> list[Title]:
    genres = ("Drama", "Crime", "$x_2$ & <b>")
    return [
        Title(TitleId(n), name, "movie", genres=(genres[n % 3],), votes=1000 - n)
        for n, name in enumerate(names)
    ]


def drawn(shown: list[Title], people: int = 0) -> Figure:
    rng = np.random.default_rng(0)
    places = Places(
        rng.standard_normal((len(shown), 2)).astype(np.float32),
        rng.standard_normal((people, 2)).astype(np.float32),
    )
    return picture(shown, places, by_genre(shown), "By genre", "some titles")


def names_on(figure: Figure) -> list[Annotation]:
    return [text for text in figure.axes[0].texts if isinstance(text, Annotation)]


def rendered(figure: Figure) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return stream.getvalue()


def test_a_picture_is_a_png_of_1600_by_1088() -> None:
    data = rendered(drawn(titles("The Matrix", "Psycho")))
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (1600, 1088)


def test_the_legend_names_every_group_and_people_where_there_are_some() -> None:
    legend = drawn(titles("A", "B", "C", "D"), people=5).axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [
        "Drama  (2)", "$x_2$ & <b>  (1)", "Crime  (1)", "people",
    ]  # fmt: skip


def test_dollars_and_markup_in_names_are_letters_not_formulas() -> None:
    figure = drawn(titles("$9.99", "The $\\frac{1}{2}$ Film", "<b>&amp;", "100% {Wolf}_^"))
    rendered(figure)
    names = names_on(figure)
    assert {name.get_text() for name in names} == {
        "$9.99", "The $\\frac{1}{2}$ Film", "<b>&amp;", "100% {Wolf}_^",
    }  # fmt: skip
    assert not any(name.get_parse_math() for name in names)
    legend = figure.axes[0].get_legend()
    assert legend is not None
    assert not any(text.get_parse_math() for text in legend.get_texts())


def test_no_name_lies_over_another_or_leaves_the_map() -> None:
    figure = drawn(titles(*(f"A rather long name of film {n}" for n in range(150))))
    boxes = [name.get_window_extent() for name in names_on(figure)]
    frame = figure.axes[0].get_window_extent()
    assert len(boxes) > 10
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert all(frame.x0 < box.x0 and box.x1 < frame.x1 for box in boxes)


def test_names_in_letters_that_no_font_has_are_left_out_rather_than_boxes() -> None:
    strange = "\U00012000\U00012001"  # cuneiform
    assert not drawable(strange)
    figure = drawn(titles("Амели", "Ελλάδα", strange))
    rendered(figure)  # a missing letter would warn, and warnings are errors
    assert {name.get_text() for name in names_on(figure)} == {"Амели", "Ελλάδα"}


@pytest.mark.parametrize("count", [0, 1])
def test_hardly_any_titles_are_a_picture_too(count: int) -> None:
    assert rendered(drawn(titles(*["Alone"][:count])))


def test_long_names_and_line_breaks_are_cut_to_a_line() -> None:
    (title,) = titles("Night of the Day of the Dawn\nof the Son of the Bride of the Return")
    assert label_of(title) == "Night of the Day of the Dawn of the Son of the…"
