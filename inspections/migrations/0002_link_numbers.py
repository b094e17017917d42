"""Orders issued before are linked to the numbers they bear in their series."""

from django.db import migrations


def link_numbers(apps, _editor):
    IssuedNumber = apps.get_model("documents", "IssuedNumber")
    orders = apps.get_model("inspections", "Order").objects.exclude(paper=None)
    for order in orders.select_related("profile", "department").iterator():
        IssuedNumber.objects.filter(
            series__key=f"inspection-order-{order.profile.code}"[:40],
            series__organ_code=order.department.code,
            series__year=order.issued_on.year,
            number=order.serial,
            paper=None,
        ).update(paper_id=order.paper_id)


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_link_numbers"),
        ("inspections", "0001_initial"),
    ]

    operations = [migrations.RunPython(link_numbers, migrations.RunPython.noop)]
