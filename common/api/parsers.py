"""Bodies a client may send."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class PlainJSONParser(JSONParser):
    """JSON, and a refusal in words where it is nested deeper than anybody needs."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value.

        Raises:
            ParseError: no JSON, or nested beyond reason.
        """
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as fault:
            raise ParseError from fault
