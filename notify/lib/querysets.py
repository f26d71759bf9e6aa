"""Questions that many models answer alike."""

from typing import Self, TypeVar

from django.db import models

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class ActiveQuerySet(models.QuerySet[M_co]):
    """For models that are archived rather than deleted, and locked before they change."""

    def active(self) -> Self:
        """Those that are not archived."""
        return self.filter(archived_at__isnull=True)

    def locked(self, pk: object) -> M_co:
        """The row as it is now, locked until the transaction ends. Raises DoesNotExist."""
        return self.select_for_update().get(pk=pk)
