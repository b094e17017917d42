"""Lists by cursor: no count, no deep offset."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

# As many as the largest key of a 64-bit column has.
KEY_DIGITS = 19


class NewestFirst(CursorPagination):
    """Fifty rows a page, newest first, up to two hundred when asked."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-pk"

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Where the page begins.

        Raises:
            NotFound: the cursor is none of ours.
        """
        cursor: Cursor | None = super().decode_cursor(request)
        position: Any = cursor.position if cursor else None
        if position is not None and not (position.isdecimal() and len(position) <= KEY_DIGITS):
            raise NotFound(self.invalid_cursor_message)
        return cursor
