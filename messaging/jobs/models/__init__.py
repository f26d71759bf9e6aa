from .contact_list import ContactList
from .job import Job

__all__ = [
    "ContactList",
    "Job",
]
