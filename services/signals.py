"""What happens to a service, for the apps to its right. All are sent inside the transaction, with `service` and `by`."""

from django.dispatch import Signal

service_created = Signal()
service_went_live = Signal()
service_returned_to_trial = Signal()
service_suspended = Signal()
service_resumed = Signal()
service_archived = Signal()
service_restored = Signal()
member_removed = Signal()
