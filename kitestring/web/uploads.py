"""Stops a file that is too large while it arrives, before it fills the disk; the page is told its size."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from kitestring.domains.library.rules import limits

Parsed = tuple[QueryDict, "MultiValueDict[str, UploadedFile[Any]]"]


class Bounded(FileUploadHandler):
    """First of the handlers: what it does not take the others never see."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> Parsed | None:
        """A request that says it is too large is not read at all."""
        if content_length <= limits.LARGEST + limits.AROUND:
            return None
        META[limits.TOO_LARGE] = content_length
        return QueryDict(encoding=encoding), MultiValueDict()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """What has been read so far is thrown away with the rest when the file turns out too large."""
        if start + len(raw_data) > limits.LARGEST:
            if self.request is not None:
                self.request.META[limits.TOO_LARGE] = start + len(raw_data)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind this one keep the file."""
