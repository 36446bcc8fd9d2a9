"""From the words of a slot to what they refer to: years, kinds of title, titles and people."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from assistant.reading.reading import Ask, Order, PersonRef, Reading, TitleRef
from indexer.text import fold

FIRST_YEAR, LAST_YEAR = 1874, 2035
Years = tuple[int, int]

FILM_TYPES = ("movie", "tvMovie", "video")
SERIES_TYPES = ("tvSeries", "tvMiniSeries")
_FILM_WORDS = "movies?|films?|pictures?|flicks?|motion pictures?|feature films?"
_SERIES_WORDS = (
    "tv shows?|tv series|television series|television shows?|shows?|sitcoms?|series|tv|cartoons?|anime"
)
_ORDINALS = {
    "first": 1, "1st": 1, "original": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5,
    "5th": 5, "sixth": 6, "6th": 6, "seventh": 7, "7th": 7, "eighth": 8, "8th": 8, "ninth": 9, "last": -1, "latest": -1,
    "newest": -1, "new": -1, "most recent": -1, "final": -1,
}  # fmt: skip
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_DECADE_WORDS = {
    "twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960, "seventies": 1970,
    "eighties": 1980, "nineties": 1990,
}  # fmt: skip
GENRES = {
    "action": "Action", "adventure": "Adventure", "animation": "Animation", "animated": "Animation", "biography": "Biography",
    "biographical": "Biography", "biopic": "Biography", "comedy": "Comedy", "comedies": "Comedy", "funny": "Comedy", "crime": "Crime",
    "gangster": "Crime", "documentary": "Documentary", "documentaries": "Documentary", "drama": "Drama", "dramas": "Drama",
    "family": "Family", "kids": "Family", "fantasy": "Fantasy", "noir": "Film-Noir", "film noir": "Film-Noir", "historical": "History",
    "history": "History", "horror": "Horror", "scary": "Horror", "musical": "Musical", "musicals": "Musical", "music": "Music",
    "mystery": "Mystery", "mysteries": "Mystery", "romance": "Romance", "romantic": "Romance", "sci fi": "Sci-Fi", "scifi": "Sci-Fi",
    "science fiction": "Sci-Fi", "sport": "Sport", "sports": "Sport", "thriller": "Thriller", "thrillers": "Thriller", "war": "War",
    "western": "Western", "westerns": "Western",
}  # fmt: skip
_STANDALONE = {
    "comedies",
    "documentaries",
    "dramas",
    "musicals",
    "mysteries",
    "thrillers",
    "westerns",
    "western",
    "documentary",
    "biopic",
}
_PRONOUNS_TITLE = {
    "it",
    "that",
    "this",
    "that one",
    "this one",
    "that movie",
    "this movie",
    "that film",
    "this film",
    "the movie",
    "the film",
    "the show",
    "that show",
    "the series",
    "its",
    "there",
    "the same movie",
    "the same film",
}
_PRONOUNS_PERSON = {
    "he",
    "she",
    "they",
    "him",
    "her",
    "them",
    "that actor",
    "that actress",
    "this actor",
    "this actress",
    "the actor",
    "the actress",
    "the director",
    "that director",
    "his",
    "that guy",
    "that person",
}
_PERSON_LEAD = re.compile(
    r"^(?:the )?(?:actor|actress|director|film ?maker|writer|composer|star|mr|actors)\s+(?=\w)", re.I
)
_OF_ROLE = {
    "director": "director",
    "writer": "writer",
    "screenwriter": "writer",
    "composer": "composer",
    "producer": "producer",
    "author": "writer",
    "cinematographer": "cinematographer",
    "editor": "editor",
}
_BY_CREW = re.compile(
    r"^the (director|writer|screenwriter|composer|producer|author|cinematographer|editor) (?:of|for) (.+)$",
    re.I,
)
_BY_ROLE = re.compile(
    r"^(?:the )?(?:actor|actress|person|one|guy|girl|man|woman|star)s? (?:who|that|which) (?:plays?|played|portrayed|portrays|voiced|voices|was|is) (.+?) (?:in|on|from) (.+)$",
    re.I,
)


@dataclass(frozen=True)
class Kind:
    """What sort of titles a phrase such as "horror movies" or "westerns" means."""

    genres: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    years: Years | None = None


def parse_kind(text: str) -> Kind | None:
    """ "horror movies" -> Kind(genres=("Horror",), types=films). ``None`` where it is no kind of title."""
    words = fold(text)
    words = re.sub(
        r"^(?:the|all|some|any|good|great|of the|of|his|her|other|else|best known|famous|different|more)\s+",
        "",
        words,
    )
    years = None
    decade = re.match(r"((?:19|20)?\d0s|(?:19|20)\d\d)\s+(.+)", words)
    if decade:
        words, years = decade[2], parse_years(decade[1])
    found = re.fullmatch(
        rf"(.*?)\s*\b({_FILM_WORDS}|{_SERIES_WORDS}|titles?|roles?|things?|stuff|works?|credits|features|productions|projects|cinema)",
        words,
    )
    rest, noun = (found[1], found[2]) if found else (words, "")
    if not noun and rest not in _STANDALONE and fold(rest) not in ("shorts", "short films"):
        return None
    genres = _genres(rest)
    if genres is None:
        return None
    return Kind(genres, _types(noun, rest), years)


def _types(noun: str, rest: str) -> tuple[str, ...]:
    if rest in ("shorts", "short"):
        return ("short", "tvShort")
    if re.fullmatch(_SERIES_WORDS, noun) and noun not in ("cartoons", "anime", "cartoon"):
        return SERIES_TYPES
    if re.fullmatch(_FILM_WORDS, noun) or rest in _STANDALONE:
        return FILM_TYPES
    return ()


def _genres(text: str) -> tuple[str, ...] | None:
    """Genres named in the words; ``None`` where a word is none."""
    rest = re.sub(
        r"\b(?:and|main|major|famous|popular|feature|hollywood|best|well known|good|tv|short|silent)\b",
        " ",
        text,
    ).split()
    found: list[str] = []
    while rest:
        pair = " ".join(rest[:2])
        if pair in GENRES:
            found, rest = [*found, GENRES[pair]], rest[2:]
        elif rest[0] in GENRES:
            found, rest = [*found, GENRES[rest[0]]], rest[1:]
        else:
            return None
    return tuple(dict.fromkeys(found))


def parse_years(text: str) -> Years | None:
    """ "the 40s", "before 2000", "1990 to 1995", "1987" -> inclusive years. ``None`` where there are none."""
    words = fold(text)
    words = re.sub(
        r"^(?:in|of|from|during|the|early|late|mid|year|years|made|out|around|about|circa)\s+", "", words
    )
    words = re.sub(r"^(?:the|year|early|late|mid|in)\s+", "", words)
    year = r"(1[89]\d\d|20[0-3]\d)"
    for pattern, years in (
        (rf"(?:before|prior to|earlier than) {year}", lambda m: (0, int(m[1]) - 1)),
        (rf"(?:after|later than|post) {year}", lambda m: (int(m[1]) + 1, 9999)),
        (rf"(?:since|from|starting) {year}(?: on| onwards?| onward)?", lambda m: (int(m[1]), 9999)),
        (rf"(?:until|till|up to|upto|to|by|through) {year}", lambda m: (0, int(m[1]))),
        (rf"(?:between |from )?{year} (?:and|to|until|till) {year}", lambda m: (int(m[1]), int(m[2]))),
        (year, lambda m: (int(m[1]), int(m[1]))),
    ):
        found = re.fullmatch(pattern, words)
        if found:
            return years(found)
    return _decade(words)


def _decade(words: str) -> Years | None:
    found = re.fullmatch(r"((?:1[89]|20)?)(\d0) ?s", words)
    if found:
        tens = int(found[2])
        century = int(found[1]) * 100 if found[1] else (2000 if tens <= 10 else 1900)
        return century + tens, century + tens + 9
    start = _DECADE_WORDS.get(words)
    return (start, start + 9) if start else None


_TIME_TAIL = re.compile(
    r"^(.*?)[\s,]+((?:in|of|from|during|before|after|since|until|till|up to|between|prior to|by|through|made in|released in)\s+(?:the\s+)?"
    r"(?:year\s+)?(?:early |late |mid[ -])?(?:(?:19|20)?\d0['’]?s|(?:1[89]|20)\d\d|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)"
    r"(?:\s+(?:and|to|until|on|onwards?)(?:\s+(?:1[89]|20)\d\d)?)?)$",
    re.I,
)


def split_time(text: str) -> tuple[str, Years | None]:
    """ "terrence malick before 2000" -> ("terrence malick", (0, 1999))."""
    found = _TIME_TAIL.match(text.strip(" ,"))
    if not found:
        return text, None
    years = parse_years(found[2])
    return (found[1].strip(" ,"), years) if years else (text, None)


def person_ref(text: str) -> PersonRef:
    """A person slot: a pronoun, "the director of T", "the actress who played C in T", else a name."""
    words = fold(text)
    if words in _PRONOUNS_PERSON:
        return PersonRef(context=True)
    crew = _BY_CREW.match(text)
    if crew:
        return PersonRef(by=Reading(Ask.CREW, title=title_ref(crew[2]), category=_OF_ROLE[crew[1].lower()]))
    role = _BY_ROLE.match(text)
    if role:
        return PersonRef(
            by=Reading(Ask.PLAYED_BY, title=title_ref(role[2]), character=character_name(role[1]))
        )
    return PersonRef(name=_PERSON_LEAD.sub("", text).strip())


def people_refs(text: str) -> tuple[PersonRef, ...]:
    """ "A, B and C" -> three people."""
    parts = [part for part in re.split(r"\s*,\s*(?:and\s+)?|\s+(?:and|&)\s+", text.strip()) if part]
    return tuple(person_ref(part) for part in parts)


def character_name(text: str) -> str:
    """A character slot without the words around it: "the role of Betal" -> "Betal"."""
    text = re.sub(
        r"^(?:the )?(?:role|roll|part|character|title character|voice|title role)s? (?:of|named|called|for)\s+",
        "",
        text,
        flags=re.I,
    )
    text = re.sub(r"^(?:the )?character\s+(?=\w)", "", text, flags=re.I)
    text = re.sub(r"^(?:a|the) (?:guy|girl|man|woman|person|boy) (?:named|called)\s+", "", text, flags=re.I)
    return re.sub(r"(?:\s+'?s)?\s+(?:character|role|voice)$", "", text, flags=re.I).strip() or text


_NESTED = (
    (re.compile(r"^(?:the |a |that )?(?:movie|film|one|show|series|flick)s? (?:where|in which|when|with|that has) (.+?) (?:plays?|played|voices|voiced|was|is|as|portrays|portrayed) (?:the |a |an )?(.+)$", re.I), "role"),
    (re.compile(r"^(?:the |a |that )?(?:\w+ )?(?:movie|film|one|show|series|flick)s? (?:with|starring|featuring|that stars|that has|where|in which) (.+?)(?: (?:is|was|stars|starred|plays|appears) in)?$", re.I), "cast"),
    (re.compile(r"^(?:the |a |that )?(?:movie|film|one|show|series|flick)s? (?:directed by|by) (.+)$", re.I), "director"),
    (re.compile(r"^(?:the |a |that )?(?:movie|film|one|show|series|flick)s? (?:written by) (.+)$", re.I), "writer"),
)  # fmt: skip


def title_ref(text: str) -> TitleRef:
    """A title slot: "it", "the movie where P plays C", or a name with year, ordinal and kind taken off (``full`` keeps all)."""
    text = text.strip()
    if fold(text) in _PRONOUNS_TITLE:
        return TitleRef(full=text, context=True)
    for pattern, what in _NESTED:
        found = pattern.match(text)
        if found:
            return _nested(what, found)
    return _named(text)


def _nested(what: str, found: re.Match[str]) -> TitleRef:
    if what == "role":
        return TitleRef(people=people_refs(found[1]), character=character_name(found[2]))
    if what == "director":
        return TitleRef(directors=people_refs(found[1]))
    if what == "writer":
        return TitleRef(writers=people_refs(found[1]))
    name, years = split_time(found[1])
    return TitleRef(people=people_refs(name), years=years)


_YEAR = rf"({'|'.join(str(year)[:3] for year in range(1870, 2040, 10))})\d"
_STEPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(?:the )?((?:1[89]\d\d|20[0-3]\d))(?: film| movie| version| one| show| series)$", re.I), "year_only"),
    (re.compile(r"^(.+?)\s*[\(\[]\s*((?:1[89]|20)\d\d)\s*[\)\]]$"), "year_after"),
    (re.compile(r"^(.+?),?\s+(?:from |in |of )?(?:the year )?((?:1[89]\d\d|20[0-3]\d))(?: version| film| movie| remake| one)?$", re.I), "year_after"),
    (re.compile(r"^(?:the )?((?:1[89]\d\d|20[0-3]\d))(?:'s)? (?:version of |film version of |movie version of |film |movie |remake of |adaptation of |remake )?(.+)$", re.I), "year_before"),
    (re.compile(rf"^(?:the )?({_ORDINAL})(?: one| film| movie| part)$", re.I), "ordinal_only"),
    (re.compile(rf"^(?:the )?({_ORDINAL})\s+(.+)$", re.I), "ordinal"),
    (re.compile(r"^(.+?)[\s,:]+(?:part |movie |film |episode )?(?:1|i|one)$", re.I), "first"),
    (re.compile(r"^(?:the )?(?:live action|live-action|animated|disney's|disney|walt disney's|marvel's|cartoon|hit|classic|popular|old|disney channel|netflix|hbo)\s+(.+)$", re.I), "lead"),
    (re.compile(rf"^(?:the )?(?:(?:{_FILM_WORDS})(?: called| named| titled| version of| adaptation of)?)\s+(.+)$", re.I), "film"),
    (re.compile(rf"^(?:the )?(?:(?:{_SERIES_WORDS})(?: called| named| titled)?)\s+(.+)$", re.I), "show"),
    (re.compile(r"^(.+?)\s+(?:movies|films|trilogy|saga|franchise|film series|movie series|movie franchise|film franchise|series of films)$", re.I), "members"),
    (re.compile(r"^(.+?)(?:,)?\s+(?:the )?(?:tv series|tv show|television series|television show|tv|series|show|sitcom)(?: on \w+)?$", re.I), "show_after"),
    (re.compile(r"^(.+?)(?:,)?\s+(?:the )?(?:movie|film)$", re.I), "film_after"),
    (re.compile(r"^(.+?)[\s,]+(?:on (?:netflix|hbo|tv|hulu|amazon|disney channel|nickelodeon|disney|abc|nbc|cbs|fox|bbc|amc|amazon prime|showtime|disney plus|itv|the cw|cw|television|broadway)|live action|live-action|netflix|remake|season \w+|seasons \w+|the original|version|reboot)$", re.I), "tail"),
    (re.compile(r"^(?:seasons? \w+ of|episodes? \w+ of|the (?:finale|pilot) of|an? episode of|the end of|the beginning of|the remake of|remake of|the series of|the cast of)\s+(.+)$", re.I), "lead"),
)  # fmt: skip


def _named(text: str) -> TitleRef:
    ref = TitleRef(name=text, full=text)
    for _ in range(5):
        shorter = _strip_once(ref)
        if shorter is None:
            break
        ref = shorter
    return ref


def _strip_once(ref: TitleRef) -> TitleRef | None:
    text = ref.name
    if text is None:
        return None
    quoted = re.fullmatch(r"[\"“](.+)[\"”]", text)
    if quoted:
        return dataclasses.replace(ref, name=quoted[1])
    for pattern, what in _STEPS:
        found = pattern.match(text)
        if found:
            changed = _stripped(ref, what, found)
            if changed is not None:
                return changed
    return None


def _stripped(ref: TitleRef, what: str, found: re.Match[str]) -> TitleRef | None:
    if what == "year_after" and ref.years is None:
        return dataclasses.replace(ref, name=found[1], years=(int(found[2]), int(found[2])))
    if what == "year_before" and ref.years is None:
        return dataclasses.replace(ref, name=found[2], years=(int(found[1]), int(found[1])))
    if what == "year_only":
        return dataclasses.replace(ref, name=None, years=(int(found[1]), int(found[1])))
    if what == "ordinal_only" and ref.ordinal is None:
        return dataclasses.replace(ref, name=None, ordinal=_ORDINALS[fold(found[1])], context=True)
    if what == "ordinal" and ref.ordinal is None:
        return dataclasses.replace(ref, name=found[2], ordinal=_ORDINALS[fold(found[1])])
    if what == "first" and ref.ordinal is None:
        return dataclasses.replace(ref, name=found[1], ordinal=1)
    if what == "members":
        return dataclasses.replace(ref, name=found[1], series=True, types=ref.types or FILM_TYPES)
    if what in ("film", "film_after"):
        return dataclasses.replace(ref, name=found[1], types=ref.types or FILM_TYPES)
    if what in ("show", "show_after"):
        return dataclasses.replace(ref, name=found[1], types=ref.types or SERIES_TYPES)
    if what in ("lead", "tail"):
        return dataclasses.replace(ref, name=found[1])
    return None


@dataclass(frozen=True)
class Superlative:
    """How a superlative orders titles."""

    order: Order
    descending: bool
    as_director: bool = False


_SUPERLATIVES: tuple[tuple[str, Order, bool], ...] = (
    (
        r"(?:best|highest|top|greatest)(?:[ -]rated| rating| reviewed)?|most acclaimed|finest|most highly rated",
        Order.RATING,
        True,
    ),
    (r"(?:worst|lowest)(?:[ -]rated| rating| reviewed)?", Order.RATING, False),
    (r"longest", Order.RUNTIME, True),
    (r"shortest", Order.RUNTIME, False),
    (r"(?:very )?(?:first|earliest|oldest|debut)(?: ever)?", Order.YEAR, False),
    (r"(?:very )?(?:last|latest|newest|most recent|final)", Order.YEAR, True),
    (
        r"most (?:popular|famous|voted|watched|well known|known|rated|voted for)|biggest|best known",
        Order.VOTES,
        True,
    ),
)


def parse_superlative(text: str) -> Superlative | None:
    """ "highest rated" -> by rating, descending. ``None`` where it is no superlative this data can order by."""
    words = re.sub(r"^(?:the|of the)\s+", "", fold(text))
    for pattern, order, descending in _SUPERLATIVES:
        if re.fullmatch(pattern.replace("[ -]", " "), words):
            return Superlative(order, descending)
    return None


_MEASURES: tuple[tuple[str, Order, bool], ...] = (
    (r"(?:the )?(?:newer|newest|more recent|latest|later|last|most recent|second)", Order.YEAR, True),
    (r"(?:the )?(?:older|oldest|earlier|first|earliest)", Order.YEAR, False),
    (r"(?:the )?(?:longer|longest)|a longer runtime|the longer runtime", Order.RUNTIME, True),
    (r"(?:the )?(?:shorter|shortest)|a shorter runtime", Order.RUNTIME, False),
    (
        r"(?:the |a )?(?:better|best|higher|highest|better rated|higher rated|best rated|highest rated)(?: (?:rating|score|ratings|imdb rating|rated))?",
        Order.RATING,
        True,
    ),
    (
        r"(?:the |a )?(?:worse|worst|lower|lowest|lower rated|worse rated)(?: (?:rating|score|ratings|rated))?",
        Order.RATING,
        False,
    ),
    (r"(?:the )?(?:more|most) (?:popular|voted|votes|famous)|more votes", Order.VOTES, True),
)


def parse_measure(text: str) -> Superlative | None:
    """ "newer" -> by year, descending; as parse_superlative, for comparisons."""
    words = fold(text)
    for pattern, order, descending in _MEASURES:
        if re.fullmatch(pattern, words):
            return Superlative(order, descending)
    return None


def split_alternatives(text: str) -> tuple[str, ...]:
    """ "goodfellas or casino" -> both. One item where there is no "or"."""
    text = re.sub(r"^(?:between|out of|of)\s+", "", text.strip(" ,:"))
    parts = re.split(r"\s+or\s+|\s+and\s+|\s+vs\.?\s+|\s+versus\s+", text)
    return tuple(part.strip(" ,:") for part in parts if part.strip(" ,:"))


def parse_amount(text: str) -> float | None:
    """ "two hours" -> 120 minutes; "100 minutes" -> 100. ``None`` where it is no length of time."""
    numbers = {"one": 1, "an": 1, "two": 2, "three": 3, "four": 4, "a": 1}
    found = re.fullmatch(
        r"(\d+(?:\.\d+)?|\w+) (hours?|minutes?|mins?|hrs?)(?: and a half)?(?: long)?", text.lower().strip()
    )
    if not found:
        return None
    value = numbers.get(found[1]) if not found[1][0].isdigit() else float(found[1])
    if value is None:
        return None
    half = 30.0 if "and a half" in text.lower() else 0.0
    return float(value) * (60.0 if found[2].startswith("h") else 1.0) + half
