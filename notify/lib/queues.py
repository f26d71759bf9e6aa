"""Names of the Celery queues. A worker of a small installation listens to ALL; a large one runs workers per queue."""

PLATFORM = "platform"  # the platform's own codes and links: never behind a service's messages
SEND = "send"
JOBS = "jobs"
CALLBACKS = "callbacks"
PERIODIC = "periodic"
DEFAULT = "default"

ALL = [PLATFORM, SEND, JOBS, CALLBACKS, PERIODIC, DEFAULT]
