"""What every phone page does: who may enter, and how a refusal is told."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from common.errors import DomainError, Forbidden, InvalidInput, NotFound
from inspections.choices import FIELD_ROLES
from inspections.models import Campaign, Dispatch
from organisations.models import Post, User

ROWS_A_PAGE = 50
ENTRANCE = "inspections.view_campaign"


@method_decorator(never_cache, name="dispatch")
class StaffView(View):
    """A page for staff who see inspections; refusals become words, never traces."""

    permission = ENTRANCE

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The page, or the way to the login, or the refusal in words."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotFound as fault:
            raise Http404(fault.message) from fault
        except Forbidden as fault:
            raise PermissionDenied(fault.message) from fault
        except OverflowError as fault:
            # A key or number larger than any there is: nothing is called so.
            raise Http404 from fault
        except DomainError as fault:
            return self.refused(fault)

    @property
    def user(self) -> User:
        """Whoever looks."""
        user: Any = self.request.user
        return user

    def back(self) -> str:
        """Where a refused request returns to."""
        return reverse("inspections:home")

    def refused(self, fault: DomainError) -> HttpResponse:
        """The reason at the top of the page one came from."""
        messages.error(self.request, fault.message)
        return HttpResponseRedirect(self.back())

    def page(self, template: str, **context: Any) -> HttpResponse:
        """The filled template."""
        return render(self.request, f"inspections/{template}.html", context)

    def go(self, name: str, *args: Any) -> HttpResponse:
        """To another page of ours."""
        return redirect(f"inspections:{name}", *args)

    def seen(self, rows: Any, pk: int) -> Any:
        """The row the user sees, or the page that says there is none."""
        found = rows.visible_to(self.user).filter(pk=pk).first()
        if found is None:
            raise NotFound
        return found

    def numbered(self, rows: Any) -> Page[Any]:
        """The page of rows that is asked for."""
        return Paginator(rows, ROWS_A_PAGE).get_page(self.request.GET.get("page"))


def words(text: str, length: int) -> str:
    """What was typed, no longer than ``length``, without the one sign no database keeps."""
    return text.replace("\0", "")[:length]


def tell_faults(form: forms.Form, fault: DomainError) -> None:
    """The fault stands at its fields, or above the form; nothing typed is lost."""
    fields = fault.fields if isinstance(fault, InvalidInput) else {}
    for name, texts in fields.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
    if not fields:
        form.add_error(None, fault.message)


def team_of(campaign: Campaign, user: User) -> models.QuerySet[User]:
    """Colleagues who may go along: holders of field posts of the campaign's unit."""
    posts = Post.objects.visible_to(user).active()
    posts = posts.filter(unit_id=campaign.lead_unit_id, role__in=FIELD_ROLES)
    ids = {pk for pair in posts.values_list("holder_a", "holder_b") for pk in pair if pk}
    return User.objects.filter(pk__in=ids | {user.pk}, is_active=True).order_by("pk")


def outing_today(campaign_id: int, user: User, day: Any) -> Dispatch | None:
    """The outing the user is on today in this campaign, if any."""
    rows = Dispatch.objects.visible_to(user).current_of(user, campaign_id, day)
    return rows.prefetch_related("members__officer").first()
