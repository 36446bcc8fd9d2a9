"""Some sixty titles that are easily mistaken for each other, as IMDb files, and an index of them.

The facts are real, votes and ratings are rounded; ids below 1000 are made up for the tests.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from indexer.build import OPTIONAL, BuildOptions, build
from indexer.progress import Progress
from indexer.sources.files import Sources

ROOT = Path(__file__).parents[2]
WITHOUT = frozenset(OPTIONAL) - {"names"}  # leaves the catalogue and the name index: no model is trained

# id | type | name | first year | last year | minutes | genres | rating | votes [| original name]
TITLES = """\
0133093|movie|The Matrix|1999||136|Action,Sci-Fi|8.7|2000000
0234215|movie|The Matrix Reloaded|2003||138|Action,Sci-Fi|7.2|600000
0242653|movie|The Matrix Revolutions|2003||129|Action,Sci-Fi|6.7|500000
0118661|movie|The Avengers|1998||89|Action,Adventure|3.8|45000
0848228|movie|The Avengers|2012||143|Action,Sci-Fi|8.0|1500000
0054518|tvSeries|The Avengers|1961|1969|50|Action,Comedy|8.2|9000
0054215|movie|Psycho|1960||109|Horror,Thriller|8.5|700000
0155975|movie|Psycho|1998||104|Horror,Thriller|4.6|50000
0119094|movie|Face/Off|1997||138|Action,Crime|7.3|400000
0119095|movie|Face|1997||105|Crime,Drama|6.5|2500
0078748|movie|Alien|1979||117|Horror,Sci-Fi|8.5|900000
0090605|movie|Aliens|1986||137|Action,Sci-Fi|8.4|750000
6857112|movie|Us|2019||116|Horror,Thriller|6.8|350000
1396484|movie|It|2017||135|Horror|7.3|600000
0022100|movie|M|1931||99|Crime,Thriller|8.3|170000|M - Eine Stadt sucht einen Mörder
0056801|movie|8½|1963||138|Drama|8.0|120000
0114369|movie|Se7en|1995||127|Crime,Drama|8.6|1700000
0910970|movie|WALL·E|2008||98|Animation,Adventure|8.4|1100000
0114709|movie|Toy Story|1995||81|Animation,Comedy|8.3|1000000
0120363|movie|Toy Story 2|1999||92|Animation,Comedy|7.9|600000
0435761|movie|Toy Story 3|2010||103|Animation,Comedy|8.3|850000
0093870|movie|RoboCop|1987||102|Action,Sci-Fi|7.6|270000
1234721|movie|RoboCop|2014||117|Action,Sci-Fi|6.1|240000
0393162|movie|Coach Carter|2005||136|Drama,Sport|7.3|150000
0000101|movie|Carter|2022||132|Action|5.1|20000
0079501|movie|Mad Max|1979||88|Action,Sci-Fi|6.8|220000
3369806|movie|Max|2015||111|Adventure,Family|6.7|30000
0816692|movie|Interstellar|2014||169|Drama,Sci-Fi|8.7|1900000
1392170|movie|The Hunger Games|2012||142|Action,Sci-Fi|7.2|950000
5109784|movie|mother!|2017||121|Drama,Horror|6.6|230000
0113277|movie|Heat|1995||170|Crime,Drama|8.3|700000
0112641|movie|Casino|1995||178|Crime,Drama|8.2|550000
0099685|movie|Goodfellas|1990||145|Crime,Drama|8.7|1200000
0088763|movie|Back to the Future|1985||116|Adventure,Comedy|8.5|1300000
0096895|movie|Batman|1989||126|Action,Adventure|7.5|400000
0372784|movie|Batman Begins|2005||140|Action,Crime|8.2|1500000
0468569|movie|The Dark Knight|2008||152|Action,Crime|9.0|2800000
0903747|tvSeries|Breaking Bad|2008|2013|45|Crime,Drama|9.5|2100000
0959621|tvEpisode|Pilot|2008||58|Crime,Drama|9.0|40000
1054724|tvEpisode|Cat's in the Bag...|2008||48|Crime,Drama|8.6|30000
0000102|movie|Nobody Rated This|1950||||||
0000110|movie|Alien Warfare|2019||88|Action,Sci-Fi|3.0|9000
0443272|movie|Lincoln|2012||150|Drama,History|7.3|270000
1611224|movie|Abraham Lincoln: Vampire Hunter|2012||105|Action,Horror|5.9|170000
0000111|movie|Mary|2019||84|Horror|4.4|9000
5360996|movie|Mary Magdalene|2018||120|Drama|5.9|12000
1477076|movie|Saw 3D|2010||90|Horror|5.6|110000
0000112|movie|Saw|2004||103|Horror|7.6|480000
0478087|movie|21|2008||123|Crime,Drama|6.8|260000
18335752|tvSeries|1923|2022|2025|60|Drama,Western|8.3|90000
2879552|tvMiniSeries|11.22.63|2016|2016|60|Drama,Mystery|8.1|90000
0184791|movie|O|2001||95|Drama,Thriller|6.0|19000
0000113|tvMovie|L'adieu|2003||105|Drama|6.1|40
8847712|movie|The French Dispatch|2021||107|Comedy,Drama|7.1|160000
0000114|movie|Swing It|1936||69|Comedy|5.5|60
0062622|movie|2001: A Space Odyssey|1968||149|Adventure,Sci-Fi|8.3|750000
1856101|movie|Blade Runner 2049|2017||164|Drama,Sci-Fi|8.0|700000
0083658|movie|Blade Runner|1982||117|Drama,Sci-Fi|8.1|850000
0075148|movie|Rocky|1976||120|Drama,Sport|8.1|650000
0073629|movie|The Rocky Horror Picture Show|1975||100|Comedy,Horror|7.4|170000
0000115|movie|First Blood|1982||93|Action|7.7|290000
0066999|movie|Dirty Harry|1971||102|Action,Crime|7.7|170000
0070355|movie|Magnum Force|1973||124|Action,Crime|7.2|70000
0000116|movie|Four Tales|1952||40|Drama|6.0|9000
0000117|movie|The Cairn Affair|2002||110|Action|7.0|90000
0000118|movie|The Cairn Signal|2004||110|Action|7.1|80000
0000119|movie|The Cairn Promise|2007||110|Action|7.2|85000
0000120|movie|The Cairn Inheritance|2012||110|Action|6.2|60000
0000121|movie|Moon Gates: Episode III - Dusk|1979||110|Sci-Fi|8.2|60000
0000122|movie|Moon Gates: Episode IV - Night|1982||110|Sci-Fi|8.1|60000
0000123|movie|Moon Gates: Episode I - Dawn|1999||110|Sci-Fi|6.1|60000
0000124|movie|Slime Man|1984||80|Horror|6.1|9000
0000125|movie|Slime Man II|1989||80|Horror|5.1|5000
0000126|movie|Citizen Goo: Slime Man III|2000||80|Horror|5.0|3000
0000127|movie|Orr Galore|1990||95|Comedy|5.5|30000
"""
# id | name | born | died | professions
PEOPLE = """\
0000206|Keanu Reeves|1964||actor,producer
0000401|Laurence Fishburne|1961||actor,producer
0005251|Carrie-Anne Moss|1967||actress
0287825|Gloria Foster|1933|2001|actress
0019382|Mary Alice|1936|2022|actress
0905154|Lana Wachowski|1965||writer,director,producer
0905152|Lilly Wachowski|1967||writer,director,producer
0204485|Don Davis|1957||composer
0000146|Ralph Fiennes|1962||actor,producer
0000235|Uma Thurman|1970||actress
0000125|Sean Connery|1930|2020|actor
0155280|Jeremiah S. Chechik|1955||director
0000375|Robert Downey Jr.|1965||actor
0424060|Scarlett Johansson|1984||actress
0923736|Joss Whedon|1964||writer,director
0534045|Patrick Macnee|1922|2015|actor
0001671|Diana Rigg|1938|2020|actress
0000578|Anthony Perkins|1932|1992|actor
0001463|Janet Leigh|1927|2004|actress
0000033|Alfred Hitchcock|1899|1980|director,producer
0000681|Vince Vaughn|1970||actor
0000162|Anne Heche|1969|2022|actress
0001814|Gus Van Sant|1952||director
0000115|Nicolas Cage|1964||actor
0000237|John Travolta|1954||actor
0000247|John Woo|1946||director
0001015|Robert Carlyle|1961||actor
0000244|Sigourney Weaver|1949||actress
0000631|Ridley Scott|1937||director,producer
0000116|James Cameron|1954||director,writer
2143282|Lupita Nyong'o|1983||actress
1443502|Jordan Peele|1979||director,writer
0803889|Bill Skarsgård|1990||actor
0615592|Andy Muschietti|1973||director
0000048|Peter Lorre|1904|1964|actor
0000485|Fritz Lang|1890|1976|director
0000052|Marcello Mastroianni|1924|1996|actor
0000019|Federico Fellini|1920|1993|director
0000093|Brad Pitt|1963||actor,producer
0000399|David Fincher|1962||director
0123785|Ben Burtt|1948||sound_department
0004056|Andrew Stanton|1965||writer,director
0000158|Tom Hanks|1956||actor
0000741|Tim Allen|1953||actor
0005124|John Lasseter|1957||director
0000693|Peter Weller|1947||actor
0000682|Paul Verhoeven|1938||director
1172478|Joel Kinnaman|1979||actor
0000168|Samuel L. Jackson|1948||actor
0000154|Mel Gibson|1956||actor,director
0000190|Matthew McConaughey|1969||actor
0634240|Christopher Nolan|1970||director,writer
2225369|Jennifer Lawrence|1990||actress
0000849|Javier Bardem|1969||actor
0000134|Robert De Niro|1943||actor
0000199|Al Pacino|1940||actor
0000520|Michael Mann|1943||director
0000582|Joe Pesci|1943||actor
0000232|Sharon Stone|1958||actress
0000217|Martin Scorsese|1942||director
0000150|Michael J. Fox|1961||actor
0000670|Lea Thompson|1961||actress
0000417|Crispin Glover|1964||actor
0000502|Christopher Lloyd|1938||actor
0000709|Robert Zemeckis|1951||director
0000197|Jack Nicholson|1937||actor
0000474|Michael Keaton|1951||actor
0000318|Tim Burton|1958||director
0005132|Heath Ledger|1979|2008|actor
0000288|Christian Bale|1974||actor
0186505|Bryan Cranston|1956||actor
0666739|Aaron Paul|1979||actor
0000103|Arwa Unseen|||
0000142|Clint Eastwood|1930||actor,director
0000104|Tod Marrow|1970||actor
0000105|Ada Quill|1950||actress
0000106|Ivo Stern|1955||writer
0000107|Per Holm|1960||producer
0000108|Gil Frost|1975||actor
0000109|Una Vale|1962||director
0000110|Rolf Kern|1920|1990|director
"""
# title | person | category | characters, with ";" between them
CREDITS = """\
0133093|0000206|actor|Neo
0133093|0000401|actor|Morpheus
0133093|0005251|actress|Trinity
0133093|0287825|actress|Oracle
0133093|0905154|director|
0133093|0905152|director|
0133093|0905154|writer|
0133093|0204485|composer|
0234215|0000206|actor|Neo
0234215|0005251|actress|Trinity
0234215|0287825|actress|The Oracle
0234215|0905154|director|
0242653|0000206|actor|Neo
0242653|0005251|actress|Trinity
0242653|0019382|actress|The Oracle
0242653|0905154|director|
0118661|0000146|actor|John Steed
0118661|0000235|actress|Emma Peel
0118661|0000125|actor|Sir August de Wynter
0118661|0155280|director|
0848228|0000375|actor|Tony Stark;Iron Man
0848228|0424060|actress|Natasha Romanoff;Black Widow
0848228|0923736|director|
0054518|0534045|actor|John Steed
0054518|0001671|actress|Emma Peel
0054215|0000578|actor|Norman Bates
0054215|0001463|actress|Marion Crane
0054215|0000033|director|
0155975|0000681|actor|Norman Bates
0155975|0000162|actress|Marion Crane
0155975|0001814|director|
0119094|0000237|actor|Sean Archer;Castor Troy
0119094|0000115|actor|Castor Troy;Sean Archer
0119094|0000247|director|
0119095|0001015|actor|Ray
0078748|0000244|actress|Ripley
0078748|0000631|director|
0090605|0000244|actress|Ripley
0090605|0000116|director|
0090605|0000116|writer|
6857112|2143282|actress|Adelaide Wilson;Red
6857112|1443502|director|
1396484|0803889|actor|Pennywise
1396484|0615592|director|
0022100|0000048|actor|Hans Beckert
0022100|0000485|director|
0056801|0000052|actor|Guido Anselmi
0056801|0000019|director|
0114369|0000093|actor|Mills
0114369|0000399|director|
0910970|0123785|actor|WALL·E
0910970|0004056|director|
0114709|0000158|actor|Woody
0114709|0000741|actor|Buzz Lightyear
0114709|0005124|director|
0120363|0000158|actor|Woody
0120363|0000741|actor|Buzz Lightyear
0435761|0000158|actor|Woody
0435761|0000741|actor|Buzz Lightyear
0093870|0000693|actor|Officer Alex J. Murphy;RoboCop
0093870|0000682|director|
1234721|1172478|actor|Alex Murphy;RoboCop
1234721|0000168|actor|Pat Novak
0393162|0000168|actor|Coach Ken Carter
0079501|0000154|actor|Max Rockatansky
0816692|0000190|actor|Cooper
0816692|0634240|director|
1392170|2225369|actress|Katniss Everdeen
5109784|2225369|actress|Mother
5109784|0000849|actor|Him
0113277|0000199|actor|Lt. Vincent Hanna
0113277|0000134|actor|Neil McCauley
0113277|0000520|director|
0112641|0000134|actor|Sam 'Ace' Rothstein
0112641|0000232|actress|Ginger McKenna
0112641|0000582|actor|Nicky Santoro
0112641|0000217|director|
0099685|0000134|actor|James Conway
0099685|0000582|actor|Tommy DeVito
0099685|0000217|director|
0088763|0000150|actor|Marty McFly
0088763|0000502|actor|Dr. Emmett Brown
0088763|0000670|actress|Lorraine Baines
0088763|0000417|actor|George McFly
0088763|0000709|director|
0096895|0000474|actor|Batman;Bruce Wayne
0096895|0000197|actor|Joker;Jack Napier
0096895|0000318|director|
0372784|0000288|actor|Bruce Wayne;Batman
0372784|0634240|director|
0468569|0000288|actor|Bruce Wayne
0468569|0005132|actor|Joker
0468569|0634240|director|
0903747|0186505|actor|Walter White
0903747|0666739|actor|Jesse Pinkman
0959621|0186505|actor|Walter White
0066999|0000142|actor|Harry Callahan
0070355|0000142|actor|Harry Callahan
0000116|0000485|director|
0000116|0000109|director|
0000116|0000110|director|
0000116|0000106|director|
0000117|0000104|actor|Ned Cairn
0000117|0000105|actress|Ruth Day
0000117|0000106|writer|
0000117|0000107|producer|
0000118|0000104|actor|Ned Cairn
0000118|0000105|actress|Ruth Day
0000118|0000106|writer|
0000119|0000104|actor|Ned Cairn
0000119|0000105|actress|Ruth Day
0000119|0000106|writer|
0000120|0000108|actor|Max Orr
0000120|0000105|actress|Ruth Day
0000120|0000106|writer|
0000120|0000107|producer|
0000127|0000104|actor|Max Orr
0000127|0000110|actor|Max Orr
"""
OTHER_NAMES = """\
0022100|Murderers Among Us
0056801|Federico Fellini's 8 1/2
0114369|Seven
"""
EPISODES = """\
0959621|0903747|1|1
1054724|0903747|1|2
"""
OVERVIEWS = {
    "tt0078748": "The crew of a freighter answers a distress call and brings something hungry aboard.",
    "tt0113277": "A detective and a careful thief come to respect each other while one hunts the other.",
}


def _rows(table: str) -> Iterator[list[str]]:
    return (line.split("|") for line in table.splitlines())


def _write(path: Path, header: str, rows: Iterator[list[str]]) -> None:
    lines = ["\t".join(header.split()), *("\t".join(cell or r"\N" for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _basics() -> Iterator[list[str]]:
    for key, kind, name, year, end, minutes, genres, _, _, *original in _rows(TITLES):
        yield [f"tt{key}", kind, name, (original or [name])[0], "0", year, end, minutes, genres]


def _principals() -> Iterator[list[str]]:
    for place, (title, person, category, characters) in enumerate(_rows(CREDITS), start=1):
        names = json.dumps(characters.split(";"), ensure_ascii=False) if characters else ""
        yield [f"tt{title}", str(place), f"nm{person}", category, "", names]


def write_data(folder: Path) -> Path:
    """The files of the tiny IMDb in ``folder``, which it returns."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(
        folder / "title.basics.tsv",
        "tconst titleType primaryTitle originalTitle isAdult startYear endYear runtimeMinutes genres",
        _basics(),
    )
    _write(
        folder / "name.basics.tsv",
        "nconst primaryName birthYear deathYear primaryProfession knownForTitles",
        ([f"nm{key}", *rest, ""] for key, *rest in _rows(PEOPLE)),
    )
    _write(folder / "title.principals.tsv", "tconst ordering nconst category job characters", _principals())
    _write(
        folder / "title.ratings.tsv",
        "tconst averageRating numVotes",
        ([f"tt{row[0]}", row[7], row[8]] for row in _rows(TITLES) if row[7]),
    )
    _write(
        folder / "title.akas.tsv",
        "titleId ordering title region language types attributes isOriginalTitle",
        ([f"tt{key}", "1", name, "US", "", "imdbDisplay", "", "0"] for key, name in _rows(OTHER_NAMES)),
    )
    _write(
        folder / "title.episode.tsv",
        "tconst parentTconst seasonNumber episodeNumber",
        ([f"tt{key}", f"tt{series}", season, number] for key, series, season, number in _rows(EPISODES)),
    )
    with (folder / "movies_metadata.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "imdb_id", "overview"])
        writer.writerows([number, key, text] for number, (key, text) in enumerate(OVERVIEWS.items(), start=1))
    return folder


def tiny_index(folder: Path) -> Path:
    """An index of the tiny data under ``folder``; its place."""
    data = write_data(folder / "imdb")
    sources = Sources.find(data, overviews=data / "movies_metadata.csv")
    build(BuildOptions(folder / "index", sources, without=WITHOUT), Progress.silent())
    return folder / "index"


def run_assistant(
    *arguments: object, stdin: str | bytes = b"", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """``python -m assistant`` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *map(str, arguments)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        timeout=100,
        check=False,
    )
    decoded = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    return subprocess.CompletedProcess(done.args, done.returncode, *decoded)
