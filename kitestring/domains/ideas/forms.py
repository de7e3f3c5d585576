"""Reads what a person pastes or uploads as ideas."""

from __future__ import annotations

from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from kitestring.domains.ideas.rules import lines_of, rows_of
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import decode

LARGEST_FILE: Final = 5 * 1024 * 1024


def ideas_from(pasted: str, file: UploadedFile[Any] | None) -> list[str]:
    """The ideas in the text, then those in the CSV file. Raises Refusal when the file cannot be read."""
    ideas = lines_of(pasted)
    if file is None:
        return ideas
    if (file.size or 0) > LARGEST_FILE:
        raise Refusal(
            _("This file is larger than 5 MB. Nothing was added; split it and try again."), field="file"
        )
    try:
        text = decode(file.read())
    except UnicodeDecodeError as error:
        raise Refusal(
            _("This file is not readable as text. Save it as CSV in UTF-8; what you pasted is still here."),
            field="file",
        ) from error
    if "\x00" in text:
        raise Refusal(
            _("This is not a CSV file. Save the sheet as CSV; what you pasted is still here."), field="file"
        )
    return ideas + rows_of(text)
