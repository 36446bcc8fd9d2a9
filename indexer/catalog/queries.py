"""The SQL over a finished catalogue, put together from constants. Lists of ids arrive as JSON arrays."""

from __future__ import annotations

_TITLE = """
SELECT titles.id, titles.name, type_id, original_name, year, end_year, runtime, genre_set_id, hundredths,
    coalesce(votes, 0), adult
FROM titles LEFT JOIN ratings ON ratings.id = titles.id
"""
TITLES = f"{_TITLE} WHERE titles.id IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants
ALL_TITLES = _TITLE + "ORDER BY titles.id"

_PERSON = "SELECT id, name, birth_year, death_year, profession_set_id, popularity FROM people "
PEOPLE = f"{_PERSON} WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants
ALL_PEOPLE = _PERSON + "ORDER BY id"

_CREDIT = "SELECT credits.id, person_id, category_id, job FROM credits "
# CROSS JOIN keeps the order of the tables: one look into the second for each key.
TITLES_CREDITS = """
SELECT credits.id, person_id, category_id, job FROM json_each(?) AS keys
CROSS JOIN credits ON credits.id BETWEEN keys.value * 10000 AND keys.value * 10000 + 9999 ORDER BY credits.id
"""
TITLES_ROLES = """
SELECT roles.id / 100, name FROM json_each(?) AS keys
CROSS JOIN roles ON roles.id BETWEEN keys.value * 1000000 AND keys.value * 1000000 + 999999 ORDER BY roles.id
"""
CREDITS = f"{_CREDIT} WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants
CREDITS_ROLES = """
SELECT roles.id / 100, name FROM json_each(?) AS keys
CROSS JOIN roles ON roles.id BETWEEN keys.value * 100 AND keys.value * 100 + 99 ORDER BY roles.id
"""
PERSON_CREDITS = """
SELECT credits.id, person_id, category_id, job FROM credits INDEXED BY idx_credits_person_id
LEFT JOIN ratings ON ratings.id = credits.id / 10000
WHERE person_id = ? ORDER BY coalesce(votes, 0) DESC, credits.id
"""
PERSON_ROLES = """
SELECT credits.id, roles.name FROM credits INDEXED BY idx_credits_person_id
JOIN roles ON roles.id BETWEEN credits.id * 100 AND credits.id * 100 + 99
WHERE person_id = ? ORDER BY roles.id
"""
ALL_CREDITS = _CREDIT + "ORDER BY id"
ALL_ROLES = "SELECT id / 100, name FROM roles ORDER BY id"
TITLE_PEOPLE = "SELECT DISTINCT person_id FROM credits WHERE id BETWEEN ?1 * 10000 AND ?1 * 10000 + 9999"

NAMES = "SELECT name, original_name FROM titles WHERE id = ?"
AKAS = "SELECT name FROM akas WHERE id BETWEEN ?1 * 10000 AND ?1 * 10000 + 9999 ORDER BY id"
ALL_AKAS = "SELECT id / 10000, name FROM akas ORDER BY id"
ALL_NAMES = "SELECT id, name, original_name FROM titles ORDER BY id"
ALL_PEOPLE_NAMES = "SELECT id, name FROM people ORDER BY id"

OVERVIEWS = "SELECT id, text FROM overviews WHERE text IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
ALL_OVERVIEWS = """
SELECT overviews.id, text FROM overviews JOIN titles ON titles.id = overviews.id WHERE text IS NOT NULL
ORDER BY overviews.id
"""
NOTES = "SELECT tagline, collection FROM overviews WHERE id = ?"
COMPANIES = """
SELECT name FROM title_companies JOIN companies ON companies.id = company_id
WHERE title_companies.id BETWEEN ?1 * 1000 AND ?1 * 1000 + 999 ORDER BY title_companies.id
"""
KEYWORDS = """
SELECT name FROM title_keywords JOIN keywords ON keywords.id = keyword_id
WHERE title_keywords.id BETWEEN ?1 * 1000 AND ?1 * 1000 + 999 ORDER BY title_keywords.id
"""
LANGUAGES = """
SELECT name FROM title_languages JOIN languages ON languages.id = language_id
WHERE title_languages.id BETWEEN ?1 * 1000 AND ?1 * 1000 + 999 ORDER BY title_languages.id
"""
HAS_LANGUAGES = "SELECT count(*) FROM sqlite_master WHERE name = 'title_languages'"
KEYWORD_TITLES = """
SELECT DISTINCT title_keywords.id / 1000 AS title_id FROM title_keywords
LEFT JOIN ratings ON ratings.id = title_keywords.id / 1000
WHERE keyword_id IN (SELECT id FROM keywords WHERE name = ? COLLATE NOCASE)
ORDER BY coalesce(votes, 0) DESC, title_id LIMIT ?
"""
ALL_KEYWORDS = """
SELECT title_keywords.id / 1000, name FROM title_keywords JOIN keywords ON keywords.id = keyword_id
ORDER BY title_keywords.id
"""
COLLECTION = """
SELECT overviews.id FROM overviews JOIN titles ON titles.id = overviews.id
WHERE collection = (SELECT collection FROM overviews WHERE id = ?) ORDER BY titles.year, titles.id
"""

EPISODES = """
SELECT id, series_id, season, number FROM episodes WHERE series_id = ?
ORDER BY season IS NULL, season, number IS NULL, number, id
"""
EPISODE = "SELECT id, series_id, season, number FROM episodes WHERE id = ?"
EPISODE_COUNTS = "SELECT count(*), count(DISTINCT season) FROM episodes WHERE series_id = ?"

SEARCH_TITLES = """
SELECT title_id FROM title_words JOIN title_ranks ON title_ranks.id = title_words.rowid / 1000
WHERE title_words MATCH ? ORDER BY title_words.rowid
"""
SEARCH_PEOPLE = """
SELECT person_id FROM person_words JOIN person_ranks ON person_ranks.id = person_words.rowid
WHERE person_words MATCH ? ORDER BY person_words.rowid LIMIT ?
"""
SEARCH_CHARACTERS = """
SELECT title_id * 10000 + character_words.rowid % 10000
FROM character_words JOIN title_ranks ON title_ranks.id = character_words.rowid / 10000
WHERE character_words MATCH ? ORDER BY character_words.rowid
"""

_FILTER = """
FROM title_ranks JOIN titles ON titles.id = title_id LEFT JOIN ratings ON ratings.id = title_id
WHERE (:first IS NULL OR year BETWEEN :first AND :last)
AND (:genres IS NULL OR genre_set_id IN (SELECT value FROM json_each(:genres)))
AND (:types IS NULL OR type_id IN (SELECT value FROM json_each(:types)))
AND coalesce(votes, 0) >= :min_votes
AND (:min_hundredths IS NULL OR hundredths >= :min_hundredths)
"""
_LISTED = "SELECT title_id" + _FILTER
TITLES_WHERE = {
    ("votes", True): _LISTED + "ORDER BY title_ranks.id LIMIT :limit",
    ("votes", False): _LISTED + "ORDER BY title_ranks.id DESC LIMIT :limit",
    ("rating", True): _LISTED + "ORDER BY hundredths IS NULL, hundredths DESC, title_ranks.id LIMIT :limit",
    ("rating", False): _LISTED + "ORDER BY hundredths IS NULL, hundredths, title_ranks.id LIMIT :limit",
    ("year", True): _LISTED + "ORDER BY year IS NULL, year DESC, title_ranks.id LIMIT :limit",
    ("year", False): _LISTED + "ORDER BY year IS NULL, year, title_ranks.id LIMIT :limit",
    ("runtime", True): _LISTED + "ORDER BY runtime IS NULL, runtime DESC, title_ranks.id LIMIT :limit",
    ("runtime", False): _LISTED + "ORDER BY runtime IS NULL, runtime, title_ranks.id LIMIT :limit",
}
COUNT_WHERE = "SELECT count(*)" + _FILTER

SCOPE = """
SELECT titles.id FROM titles LEFT JOIN ratings ON ratings.id = titles.id
LEFT JOIN overviews ON overviews.id = titles.id
WHERE votes >= :min_votes OR (:with_overview AND text IS NOT NULL) ORDER BY titles.id
"""
INTERNED = {
    "types": "SELECT id, name FROM types",
    "categories": "SELECT id, name FROM categories",
    "genre_sets": "SELECT id, name FROM genre_sets",
    "profession_sets": "SELECT id, name FROM profession_sets",
}
META = "SELECT key, value FROM meta WHERE key LIKE 'count %'"
