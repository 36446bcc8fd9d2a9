"""Languages by their English names, from the two-letter codes of ISO 639-1."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_][^\d_]{2,39}")
NAMES = dict(
    pair.split("=")
    for pair in """
af=Afrikaans am=Amharic ar=Arabic as=Assamese ay=Aymara az=Azerbaijani be=Belarusian bg=Bulgarian bm=Bambara
bn=Bengali bo=Tibetan bs=Bosnian ca=Catalan ce=Chechen cn=Cantonese cs=Czech cy=Welsh da=Danish de=German
dz=Dzongkha el=Greek en=English eo=Esperanto es=Spanish et=Estonian eu=Basque fa=Persian fi=Finnish fr=French
ga=Irish gd=Gaelic gl=Galician gu=Gujarati ha=Hausa he=Hebrew hi=Hindi hr=Croatian ht=Haitian hu=Hungarian
hy=Armenian id=Indonesian ig=Igbo is=Icelandic it=Italian iu=Inuktitut ja=Japanese jv=Javanese ka=Georgian
kk=Kazakh km=Khmer kn=Kannada ko=Korean ks=Kashmiri ku=Kurdish ky=Kyrgyz la=Latin lb=Luxembourgish
ln=Lingala lo=Lao lt=Lithuanian lv=Latvian mi=Maori mk=Macedonian ml=Malayalam mn=Mongolian mr=Marathi
ms=Malay mt=Maltese my=Burmese nb=Norwegian ne=Nepali nl=Dutch nn=Norwegian no=Norwegian nv=Navajo
or=Odia pa=Punjabi pl=Polish ps=Pashto pt=Portuguese qu=Quechua ro=Romanian ru=Russian rw=Kinyarwanda
sa=Sanskrit sd=Sindhi se=Sami sh=Serbo-Croatian si=Sinhala sk=Slovak sl=Slovene sm=Samoan sn=Shona so=Somali
sq=Albanian sr=Serbian st=Sotho su=Sundanese sv=Swedish sw=Swahili ta=Tamil te=Telugu tg=Tajik th=Thai
tk=Turkmen tl=Filipino tn=Tswana tr=Turkish tt=Tatar tw=Twi uk=Ukrainian ur=Urdu uz=Uzbek vi=Vietnamese
wo=Wolof xh=Xhosa yi=Yiddish yo=Yoruba zh=Chinese zu=Zulu
""".split()
)


def language_name(cell: str) -> str | None:
    """A code as the language's name; a name as it is; ``None`` for what is neither ("xx", "")."""
    text = " ".join(cell.split())
    return NAMES.get(text.lower()) or (text if _WORD.fullmatch(text) else None)
