"""Forms made from a version's definition."""

import pytest

from catalogue.forms import form_for, stored_answers
from tests.factories.catalogue import FORM, published_version

pytestmark = pytest.mark.django_db
MORE = [
    {
        "key": "amount",
        "label": "金额",
        "type": "number",
        "required": False,
        "help": "元",
        "options": [],
    },
    {
        "key": "note",
        "label": "说明",
        "type": "textarea",
        "required": False,
        "help": "",
        "options": [],
    },
    {"key": "phone", "label": "电话", "type": "text", "required": True, "help": "", "options": []},
]


def test_it_works() -> None:
    version = published_version(form_definition=FORM + MORE)
    form = form_for(version)(
        {
            "disability_kind": "听力",
            "since": "2020-02-29",
            "amount": "12.50",
            "phone": "13800000000",
        },
    )
    assert form.is_valid(), form.errors
    answers = stored_answers(form)
    assert answers == {
        "disability_kind": "听力",
        "since": "2020-02-29",
        "amount": "12.50",
        "phone": "13800000000",
    }
    assert version.labelled(answers)[:2] == [("残疾类别", "听力"), ("致残日期", "2020-02-29")]


def test_what_the_form_refuses() -> None:
    version = published_version(form_definition=FORM + MORE)
    form = form_for(version)({"disability_kind": "其他", "since": "2020-02-30", "amount": "很多"})
    assert set(form.errors) == {"disability_kind", "since", "amount", "phone"}


def test_fields_keep_order_and_help() -> None:
    form = form_for(published_version(form_definition=MORE))()
    assert list(form.fields) == ["amount", "note", "phone"]
    assert form.fields["amount"].help_text == "元"


def test_no_definition_no_fields() -> None:
    assert not form_for(published_version(form_definition=[]))().fields
