"""A limit no item can have, through file, command and staff page: reported, nothing stored."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from catalogue.models import Item, ItemVersion
from organisations.choices import Role
from organisations.models import Post, User
from organisations.services import appoint, ensure_groups
from tests.factories.catalogue import make_department

pytestmark = pytest.mark.django_db
GOOD = {
    "事项编码": "BG-CL-001",
    "事项名称": "残疾人证新办",
    "事项类型": "行政确认",
    "实施部门": "区残联",
    "受理层级": "街道",
    "法定办结时限": "20",
    "法定时限依据": "残疾人证管理办法第8条",
    "承诺办结时限": "15",
}
Door = Callable[[str, Path], str]


def by_command(text: str, folder: Path) -> str:
    """``manage.py import_items``."""
    file, out, err = folder / "items.csv", StringIO(), StringIO()
    file.write_text(text)
    try:
        call_command("import_items", str(file), stdout=out, stderr=err)
    except (CommandError, SystemExit) as refusal:
        out.write(str(refusal))
    return out.getvalue() + err.getvalue()


def by_page(text: str, _folder: Path) -> str:
    """The administrator uploads the file, sees the preview and confirms what can be stored."""
    ensure_groups()
    user = User.objects.create_user("boss", password="x")
    unit = make_department("区行政审批局")
    post = Post.objects.create(title="x", role=Role.ADMINISTRATOR, unit=unit)
    appoint(post=post, holder_a=user)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    given = {"file": SimpleUploadedFile("事项.csv", text.encode()), "default_promise": "20"}
    answer = client.post(reverse("admin:catalogue_item_import"), given, follow=True)
    return answer.content.decode()


DOORS: dict[str, Door] = {"command": by_command, "page": by_page}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"承诺办结时限": "21"}, "承诺时限（21）超过法定时限（20）"),
        ({"承诺办结时限": "-1"}, "“-1”不是"),
        ({"法定办结时限": "-5"}, "“-5”不是"),
        ({"法定办结时限": "很久"}, "“很久”不是"),
        ({"法定办结时限": "45", "时限规则": "APP-08"}, "联合办理"),
    ],
)
def test_it_works(changes: dict[str, str], words: str, door: str, tmp_path: Path) -> None:
    make_department()
    out = StringIO()
    writer = csv.DictWriter(out, list(GOOD | changes))
    writer.writeheader()
    writer.writerow(GOOD | changes)
    assert words in DOORS[door](out.getvalue(), tmp_path).replace("&quot;", '"')
    assert not Item.objects.exists()
    assert not ItemVersion.objects.exists()
