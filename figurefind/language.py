"""Whether a text is English: the rules for figures are, and another language's numbers would be misread by them."""

from __future__ import annotations

import re
from collections import Counter

from figurefind import words

#: Characters of a text that are looked at, and words below which only another language's own words tell.
SAMPLE, ENOUGH = 20_000, 60
_SENTENCE_END = re.compile(r"[^\W_]{2}[.!?](?=\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENGLISH = words.LANGUAGES["English"]
_OTHERS = {name: own - _ENGLISH for name, own in words.LANGUAGES.items() if name != "English"}
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


def other_than_english(text: str) -> str:
    """What a text seems to be written in, "another language" if that cannot be told; empty for English.

    Short texts and tables without a sentence are taken for English unless the words of another language speak.

    Examples
    --------
    >>> other_than_english("Unos 3.700 soldados llegaron a la capital, según el gobierno de la provincia.")
    'Spanish'
    >>> other_than_english("Some 3,700 soldiers came to La Paz, the government of the province said.")
    ''
    """
    found = _WORD.findall(text[:SAMPLE])
    letters = "".join(found)
    if len(letters) > 10 and 2 * len(_LATIN.findall(letters)) < len(letters):
        return "text in another script"
    counts = Counter(found)
    english = sum(n for word, n in counts.items() if word.lower() in _ENGLISH)
    # Only as printed in lower case: "La Paz" and "El Tigre" are names.
    most, kinds, name = max(
        (sum(counts[word] for word in own), sum(word in counts for word in own), name)
        for name, own in _OTHERS.items()
    )
    sentences = len(_SENTENCE_END.findall(text[:SAMPLE]))
    if kinds >= 3 and most > 2 * english and 7 * most > len(found) and sentences:
        return name
    strange = len(found) >= ENOUGH and sentences >= 3 and 50 * english < len(found)
    return "another language" if strange else ""
