"""Services in the back office: pages that are read, with buttons that run the same actions as everything else."""

from services.admin import brand_requests, defaults, reports, services, support  # noqa: F401 - they register themselves
