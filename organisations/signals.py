"""What other apps may follow."""

from django.dispatch import Signal

# Inside the transaction; kwargs `organisation` and `fields` (a frozenset of the names that changed).
organisation_changed = Signal()
