"""What an administrator hands in to change the calendar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deadlines.models import Closure
from organisations.choices import RegionLevel
from organisations.models import Region


class NoticeForm(forms.Form):
    """A file with the notice of one year."""

    file = forms.FileField(
        label=_("file of the notice"),
        help_text=_("JSON or CSV (columns 年份, 文号, 发布日期, 日期, 类型 休 or 班, 名称)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.csv,.txt"}),
    )


class ClosureForm(forms.ModelForm):
    """Days on which the district's offices are shut, and by which decision."""

    class Meta:
        model = Closure
        fields = ("region", "first_on", "last_on", "reason", "legal_basis")
        widgets = {
            "first_on": forms.DateInput(attrs={"type": "date"}),
            "last_on": forms.DateInput(attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        districts = Region.objects.filter(level=RegionLevel.DISTRICT)
        region: Any = self.fields["region"]
        region.queryset, region.initial = districts, districts.first()

    def _post_clean(self) -> None:
        """What the model would say is said by the service, in better words."""


class RevokeForm(forms.Form):
    """Why a closure is taken back."""

    reason = forms.CharField(label=_("why it was taken back"), max_length=200)
