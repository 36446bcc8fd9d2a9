"""Titles like a title, and titles like a plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.reading.refs import title_ref
from assistant.resolving.context import Context
from assistant.resolving.resolver import Tools
from indexer.errors import IndexUnusable, InputError
from indexer.ids import parse_title_id
from indexer.layout import MEND
from legacy_clients.asked import AskedLikeOverview, AskedLikeTitle
from legacy_clients.language import language_of
from legacy_clients.lines import rounded, title_fields, title_line
from legacy_clients.problems import Refusal, shortened
from legacy_clients.said import Alike, LikeOverview, LikeTitle

if TYPE_CHECKING:
    from assistant.resolving.titles import TitleHit
    from indexer.catalog.records import Title
    from indexer.index import Index
    from indexer.predictors.similar import ScoredTitle, SimilarTitles

_CALLED_SO = 0.7  # how well a title's name fits, below which it is another name
_SAME = 0.95  # the same name but for articles and spaces
_OTHERS = 10


def like_title(index: Index, asked: AskedLikeTitle) -> LikeTitle:
    """Titles like the one that a name or an id means; which one that is, is said."""
    similar = _similar(index)
    title, others = _meant(index, asked.title)
    return LikeTitle(
        title=title_line(title),
        others=[title_line(other) for other in others],
        note=f"For another one, give its id or its year: /recommend/title/{others[0].dated}"
        if others
        else None,
        similar=_alike(index, similar.to_title(title.id, asked.k)),
    )


def like_overview(index: Index, asked: AskedLikeOverview) -> LikeOverview:
    """Titles whose overview is like a plot."""
    scored = _similar(index).to_text(asked.overview, asked.k)
    return LikeOverview(language=language_of(asked.overview), similar=_alike(index, scored))


def _similar(index: Index) -> SimilarTitles:
    if index.similar is None:
        raise IndexUnusable(f"this index has no vectors of overviews: {MEND}")
    return index.similar


def _meant(index: Index, name: str) -> tuple[Title, list[Title]]:
    """The title and others of the same name, best known first. Raises Refusal 404 where there is none."""
    try:
        title = index.catalog.title(parse_title_id(name))
    except InputError:
        return _called(index, name)
    if title is None:
        raise Refusal(404, f"no title {name} in this index")
    return title, []


def _called(index: Index, name: str) -> tuple[Title, list[Title]]:
    if "title" not in index.names:
        raise IndexUnusable(f"this index has no names to look a title up by: {MEND}, or give its id")
    hits = Tools(index, Context()).titles(title_ref(name))
    fitting = [hit for hit in hits if hit.quality >= _CALLED_SO]
    if not fitting:
        raise Refusal(404, f"no title is called {shortened(name)!r}{_nearest(hits)}")
    taken = fitting[0]
    least = min(_SAME, taken.quality)
    others = [
        hit.title
        for hit in fitting[1:]
        if hit.quality >= least and hit.title.id != taken.title.id and not hit.is_of_another_year
    ]
    return taken.title, others[:_OTHERS]


def _nearest(hits: Sequence[TitleHit]) -> str:
    near = ", ".join(hit.title.dated for hit in hits[:3])
    return f": the nearest names are {near}" if near else ": check the spelling, or give its id"


def _alike(index: Index, scored: Sequence[ScoredTitle]) -> list[Alike]:
    titles = index.catalog.titles([each.title_id for each in scored])
    return [
        Alike(**title_fields(titles[each.title_id]), score=round(each.score, 4), parts=rounded(each.parts))
        for each in scored
        if each.title_id in titles
    ]
