"""What workers do for people's accounts."""

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from accounts.slots import text_senders


@shared_task(
    name="accounts.send_email",
    autoretry_for=(OSError,),
    retry_backoff=5,
    retry_backoff_max=300,
    max_retries=12,
)
def send_email(to: str, subject: str, text: str, html: str) -> None:
    """Send one of the platform's emails; tried for about half an hour."""
    message = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [to])
    message.attach_alternative(html, "text/html")
    message.send()


@shared_task(
    name="accounts.send_text",
    autoretry_for=(OSError,),
    retry_backoff=5,
    retry_backoff_max=300,
    max_retries=12,
)
def send_text(to: str, body: str) -> None:
    """Send one of the platform's texts."""
    for send in text_senders:
        send(to, body)
