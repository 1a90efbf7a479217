"""Tables of the index. All of it can be made again from pages and facts (`stepwell index`).

The databases keep their own full-text index of `SearchText.marks` and
`SearchText.title_marks` by themselves: SQLite by triggers that fill FTS5 tables,
PostgreSQL by generated columns (migration 0002). A later migration that makes
Django rebuild `search_searchtext` on SQLite must make the triggers again; a test
of this room fails otherwise.
"""

from typing import ClassVar

from django.db import models

FIELD_CLASSES = {
    "SearchDocument.id": "D",
    "SearchDocument.family": "D",
    "SearchDocument.key": "D",
    "SearchDocument.title": "D",
    "SearchDocument.summary": "D",
    "SearchDocument.section": "D",
    "SearchDocument.tags": "D",
    "SearchDocument.url": "D",
    "SearchDocument.published_on": "D",
    "SearchDocument.heavy": "D",
    "SearchDocument.digest": "C",
    "SearchText.document": "D",
    "SearchText.title_stems": "D",
    "SearchText.head_stems": "D",
    "SearchText.body_stems": "D",
    "SearchText.words": "D",
    "SearchText.marks": "D",
    "SearchText.title_marks": "D",
    "SearchWord.word": "D",
    "SearchWord.stem": "D",
    "SearchWord.documents": "D",
}


class SearchDocument(models.Model):
    """One thing that can be found, as a result shows it.

    Its number carries pool and day (`stepwell.apps.search.numbers`), so that the
    index gives the newest first without sorting.
    """

    id = models.BigIntegerField(primary_key=True)
    family = models.CharField(max_length=20)
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=255)
    summary = models.CharField(max_length=400, blank=True)
    section = models.CharField(max_length=60, blank=True)
    tags = models.JSONField(default=list)
    url = models.CharField(max_length=400)
    published_on = models.DateField(null=True)
    heavy = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)  # of everything the index holds of it

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["family", "key"], name="search_document_once")
        ]

    def __str__(self) -> str:
        return f"{self.family}: {self.title}"


class SearchText(models.Model):
    """The words of one document: stems in their order, for ranking, and marks, for finding."""

    document = models.OneToOneField(
        SearchDocument, models.CASCADE, primary_key=True, related_name="text"
    )
    title_stems = models.TextField()
    head_stems = models.TextField()  # summary and tags
    body_stems = models.TextField()
    words = models.TextField()  # each word once, as written: the vocabulary counts them
    marks = models.TextField()  # see stepwell.apps.search.marks
    title_marks = models.TextField()

    def __str__(self) -> str:
        return f"words of {self.document_id}"


class SearchWord(models.Model):
    """One word of the vocabulary and in how many documents it stands.

    Three rows are no words: `ALL` counts the documents, `CHANGES` holds a number
    that is another one whenever the vocabulary has got or lost a word, and `GONE`
    counts the documents taken out whose words the index has not forgotten yet.
    """

    ALL: ClassVar[str] = ""
    CHANGES: ClassVar[str] = "*"
    GONE: ClassVar[str] = "-"
    NO_WORDS: ClassVar[tuple[str, ...]] = (ALL, CHANGES, GONE)

    word = models.CharField(max_length=40, primary_key=True)
    stem = models.CharField(max_length=40, db_index=True)
    documents = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.word}: {self.documents}"
