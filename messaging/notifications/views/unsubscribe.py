"""What a recipient sees who follows the unsubscribe link in an email."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from messaging.notifications.actions.unsubscribe import unsubscribe
from messaging.notifications.links.unsubscribe import is_valid
from messaging.notifications.models import Notification, UnsubscribeRequest
from messaging.notifications.queries.senders import service_by_id
from notify.lib.access import public


@public
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe_page(request: HttpRequest, notification_id: UUID, token: str) -> HttpResponse:
    """Asks once, so that a program that only follows links unsubscribes nobody. A bad or old link is not found."""
    if not is_valid(notification_id, token):
        raise Http404
    if UnsubscribeRequest.objects.filter(notification_id=notification_id).exists():
        return redirect("notifications:unsubscribe-confirmed")
    notification = Notification.objects.filter(pk=notification_id).first()
    if notification is None:
        raise Http404
    if request.method == "POST":
        try:
            unsubscribe(notification_id)
        except Notification.DoesNotExist:
            raise Http404 from None
        return redirect("notifications:unsubscribe-confirmed")
    # Named apart from `service`: the recipient is no member and must not see a member's page.
    return render(request, "notifications/unsubscribe_page.html", {"from_name": service_by_id(notification.service_id).name})


@public
@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications/unsubscribe_confirmed.html")


@public
@require_http_methods(["GET", "POST"])
def example(request: HttpRequest) -> HttpResponse:
    """The same page for teams who want to see it; nothing happens."""
    if request.method == "POST":
        return redirect("notifications:unsubscribe-confirmed")
    return render(request, "notifications/unsubscribe_page.html", {"from_name": "Example service"})
