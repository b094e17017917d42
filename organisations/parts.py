"""What lists show of the organisation: the filters a person keeps for himself."""

from typing import Any

from django.http import HttpRequest

from organisations.models import SavedFilter
from organisations.rules import kept_question


def saved_filters(request: HttpRequest, place: str) -> dict[str, Any]:
    """The user's own filters of the list, and what is chosen now if it can be kept."""
    chosen = kept_question(request.GET.urlencode())
    filters = list(SavedFilter.objects.visible_to(request.user).of_list(place))
    known = any(one.question == chosen for one in filters)
    return {
        "filters": filters,
        "chosen": chosen,
        "place": place,
        "may_keep": bool(chosen) and not known,
    }
