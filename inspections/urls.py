"""Addresses of the phone pages, under /inspections/."""

from django.urls import path

from inspections.views import campaigns, checklist, orders, visits

app_name = "inspections"
urlpatterns = [
    path("", campaigns.HomeView.as_view(), name="home"),
    path("campaigns/<int:pk>/", campaigns.CampaignView.as_view(), name="campaign"),
    path("campaigns/<int:pk>/rows/<slug:key>/", campaigns.FigureView.as_view(), name="figure"),
    path("campaigns/<int:pk>/interview/", campaigns.InterviewView.as_view(), name="interview"),
    path("campaigns/<int:pk>/batch/", campaigns.BatchView.as_view(), name="batch"),
    path("targets/<int:pk>/", visits.TargetView.as_view(), name="target"),
    path("visits/<int:pk>/", visits.VisitView.as_view(), name="visit"),
    path("visits/<int:pk>/lines/<int:item_id>/", checklist.LineView.as_view(), name="line"),
    path("visits/<int:pk>/problem/", visits.FreeProblemView.as_view(), name="problem"),
    path("visits/<int:pk>/order/", orders.IssueOrderView.as_view(), name="issue_order"),
    *(
        path(
            f"visits/<int:pk>/{verb}/",
            visits.VisitVerbView.as_view(),
            {"verb": verb},
            name=f"visit_{verb}",
        )
        for verb in visits.VisitVerbView.titles
    ),
    path("orders/", orders.OrdersView.as_view(), name="orders"),
    path("orders/<int:pk>/", orders.OrderView.as_view(), name="order"),
    path("orders/<int:pk>/recheck/", orders.RecheckView.as_view(), name="recheck"),
    path("orders/<int:pk>/revoke/", orders.RevokeView.as_view(), name="revoke"),
]
