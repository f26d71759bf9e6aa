"""What this app answers for notifications: how a letter is composed, and what is kept for it."""

from messaging.letters import storage
from messaging.letters.actions.compose import compose_letter
from messaging.letters.api import refusals
from messaging.notifications import slots
from messaging.notifications.refusals import MessageRefused
from notify.lib.api.exception_handler import fill_answers
from services.enums import Channel

slots.composers.fill(compose_letter, key=Channel.LETTER)
slots.purgers.fill(storage.delete_pdfs)
slots.day_purgers.fill(storage.delete_pdfs_before)
fill_answers(MessageRefused, refusals.ANSWERS)
