"""Lists by cursor: no count, no deep offset."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Fifty rows a page, newest first, up to two hundred when asked."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-pk"
