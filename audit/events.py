"""The names of everything that is written to the audit trail, each with the sentence people read.

An app declares its own names in `<app>/audit_events.py` by calling `declare`; an unknown name is refused when it is recorded.
"""

SENTENCES: dict[str, str] = {}


def declare(sentences: dict[str, str]) -> None:
    """Add names (`<noun>.<past tense>`) and their sentences; `{actor}`, `{subject}` and keys of `data` are filled in.

    Refuses a name declared twice with ValueError.
    """
    if twice := SENTENCES.keys() & sentences.keys():
        raise ValueError(f"Audit names declared twice: {sorted(twice)}")
    SENTENCES.update(sentences)
