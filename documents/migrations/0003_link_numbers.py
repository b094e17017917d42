"""Papers issued before are linked to the numbers they bear.

Until now the number stood on the paper as text alone: organ, word, 〔year〕, number. The series
of such a paper is called like its kind. Orders are linked by the app that knows their series.
"""

import re
from collections import defaultdict

from django.db import migrations

PRINTED = re.compile(r"(?P<head>.+)〔(?P<year>\d{4})〕(?P<number>\d+)号")


def _organs(counters):
    """Per kind and year the organs that draw numbers, the longest name first."""
    found = defaultdict(list)
    for pk, key, organ, year in counters.objects.values_list("pk", "key", "organ_code", "year"):
        found[key, year].append((organ, pk))
    return {place: sorted(rows, key=lambda row: -len(row[0])) for place, rows in found.items()}


def link_numbers(apps, _editor):
    IssuedNumber = apps.get_model("documents", "IssuedNumber")
    organs = _organs(apps.get_model("documents", "NumberSeries"))
    papers = apps.get_model("documents", "Paper").objects.order_by("pk")
    for pk, kind, number in papers.values_list("pk", "kind", "number").iterator():
        told = PRINTED.fullmatch(number)
        rows = organs.get((kind, int(told["year"])), []) if told else []
        series = next((key for organ, key in rows if told["head"].startswith(organ)), None)
        if series is not None:
            drawn = IssuedNumber.objects.filter(series_id=series, number=int(told["number"]))
            drawn.filter(paper=None).update(paper_id=pk)


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_number_on_paper")]

    operations = [migrations.RunPython(link_numbers, migrations.RunPython.noop)]
