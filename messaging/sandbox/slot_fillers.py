"""What the sandbox answers for accounts: showing the platform's own texts."""

from accounts.slots import text_senders
from messaging.sandbox.email_backend import show_text

text_senders.fill(show_text)
