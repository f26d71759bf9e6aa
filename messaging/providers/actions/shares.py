"""Which provider carries how much of a channel; staff only."""

from django.db import transaction

from accounts import staff
from audit.actors import Actor
from audit.record import record
from messaging.providers.models import ProviderState
from notify.lib.refusals import ActionRefused, Reason
from notify.lib.short_cache import clear_cache


@transaction.atomic
def set_shares(channel: str, *, shares: dict[str, int], reason: str, by: Actor) -> list[ProviderState]:
    """Share out the traffic of a channel: one whole percentage per provider, 100 together.

    Refuses people who are not staff, numbers outside 0 to 100, another sum, and a missing reason.
    """
    staff.require(by, "providers.change_providerstate")
    if not reason.strip():
        raise ActionRefused(Reason("reason", "Say why you change it", "reason"))
    if any(not 0 <= share <= 100 for share in shares.values()) or sum(shares.values()) != 100:
        raise ActionRefused(Reason("sum", "The shares must be whole numbers that make 100 together"))
    states = {row.name: row for row in ProviderState.objects.select_for_update().filter(channel=channel)}
    if unknown := shares.keys() - states.keys():
        raise ActionRefused(f"There is no such provider: {', '.join(sorted(unknown))}")
    for name, share in shares.items():
        state = states[name]
        if state.share == share:
            continue
        change = f"share {state.share}% → {share}%, because {reason.strip()}"
        state.share = share
        state.save(update_fields=["share", "updated_at"])
        record("provider.changed", actor=by, subject=state, data={"change": change})
    transaction.on_commit(clear_cache)
    return list(states.values())


@transaction.atomic
def switch_provider(state: ProviderState, *, is_active: bool, reason: str, by: Actor) -> ProviderState:
    """Take a provider into use or out of it. Refuses people who are not staff, a missing reason, and the last one in use."""
    staff.require(by, "providers.change_providerstate")
    if not reason.strip():
        raise ActionRefused(Reason("reason", "Say why you change it", "reason"))
    channel = list(ProviderState.objects.select_for_update().filter(channel=state.channel))
    state = next(row for row in channel if row.pk == state.pk)
    if not is_active and not any(row.is_active for row in channel if row.pk != state.pk):
        raise ActionRefused("This is the only provider in use for this channel. Switch another one on first")
    if state.is_active != is_active:
        state.is_active = is_active
        state.save(update_fields=["is_active", "updated_at"])
        change = f"switched {'on' if is_active else 'off'}, because {reason.strip()}"
        record("provider.changed", actor=by, subject=state, data={"change": change})
    transaction.on_commit(clear_cache)
    return state
