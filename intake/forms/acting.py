"""A verb of a case from outside a page: the same form, read from plain values."""

from collections.abc import Mapping
from typing import Any

from django.forms import BooleanField

from common.errors import InvalidInput, NotFound
from intake.models import Case
from intake.registry import handlers_of
from organisations.models import User


def _read_as_text(form: Any) -> None:
    """Numbers and lists stand as text in the form's data, as a page would send them."""
    form.data = {
        name: value
        if value is None or isinstance(form.fields.get(name), BooleanField)
        else str(value)
        for name, value in form.data.items()
    }


def act_on(case: Case, verb: str, data: Mapping[str, Any], *, actor: User) -> None:
    """The verb has been carried out by the form that the admin shows for it.

    Raises:
        NotFound: nobody handles such a verb.
        InvalidInput: a field is missing or cannot be read; ``fields`` names each.
        DomainError: the service refuses, see each verb.
    """
    handlers = handlers_of(verb)
    if not handlers:
        raise NotFound
    form_class: Any = handlers[0].form_class
    form = form_class(form_class.from_api(case, data), {}, case=case, actor=actor)
    _read_as_text(form)
    if not form.is_valid():
        fields = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
        raise InvalidInput(fields=fields)
    form.carry_out(actor=actor)
