"""A comment that silences a checker says why, in the same line; in tests, which mypy does not read, none silences it."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterable, Iterator

from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import Source

NOQA = re.compile(r"# noqa: [A-Z]+\d+(, [A-Z]+\d+)*(?P<why>.*)")
IGNORE = re.compile(r"# type: ignore\[[\w-]+(, ?[\w-]+)*\](?P<why>.*)")
LEAST = 4  # letters of a reason


def without_reason(sources: Iterable[Source]) -> Iterator[Finding]:
    for source in sources:
        lines = source.text.splitlines(keepends=True)
        for token in tokenize.generate_tokens(iter([*lines, ""]).__next__):
            if token.type == tokenize.COMMENT and (told := _lacks(token.string, test=source.is_test)):
                yield Finding(source.path, token.start[0], told)


def _lacks(comment: str, *, test: bool) -> str:
    for found in (NOQA.match(comment), IGNORE.match(comment)):
        if found is not None and "type: ignore" in comment and test:
            return "mypy does not read tests: this silences nobody"
        if found is not None and len(found["why"].strip(" -#")) < LEAST:
            return "no reason"
    return ""
