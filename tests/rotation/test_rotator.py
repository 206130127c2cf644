"""Keys that are looked after by name: issued, adopted, rotated, and what is refused before anything is sent."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from issuant.adapters import Account
from issuant.errors import (
    AuthenticationError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    SinkNotReadyError,
    UnfinishedError,
    UsageError,
)
from issuant.keys import KeyRequest
from issuant.mocks import Fault
from issuant.providers.fireblocks import FireblocksKeyRequest
from issuant.providers.fireworks import FireworksAccount, FireworksKeyRequest
from issuant.providers.galileo import GalileoAccount
from issuant.rotation.async_rotator import AsyncRotator
from issuant.rotation.records import Operation, Standing
from issuant.rotation.states import State
from issuant.secret import Secret

from tests.rotation.scenes import NAME, REVOKES, request_at
from tests.rotation.stand import MakeStand, Stand, StopError, stops_at

EVERYWHERE = pytest.mark.parametrize("provider", ["galileo", "fireworks", "fireblocks"])
WHERE_KEYS_ARE_REVOKED = pytest.mark.parametrize("provider", ["galileo", "fireworks"])
DAY = timedelta(days=1)


@EVERYWHERE
@pytest.mark.parametrize("place", ["file", "env", "exec"])
def test_a_key_is_issued_and_rotated(stand_at: MakeStand, provider: str, place: str) -> None:
    """One key of ours is at the provider, its name says whose it is, and the place holds it."""
    stand = stand_at(provider, place)
    was = stand.issued()
    assert stand.broken(was=None) == []
    assert [name.split("-x")[0] for name in stand.vendor.ours().values()] == ["ci key"]
    stand.rotate()
    stand.settle()
    assert stand.broken(was=was) == []


def test_fireblocks_waits_for_people_twice(stand_at: MakeStand) -> None:
    """The journal says what they have to do; nothing goes on before they have done it."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    asked = stand.rotate()
    assert asked.state is State.AWAITING_APPROVAL
    assert "approve" in asked.note
    assert stand.resume().operation.state is State.AWAITING_APPROVAL
    stand.vendor.approve()
    waiting = stand.resume().operation
    assert waiting.state is State.AWAITING_HUMAN_REVOKE
    assert was in waiting.note
    assert stand.resume().operation.state is State.AWAITING_HUMAN_REVOKE
    stand.vendor.remove(was)
    assert stand.resume().operation.state is State.DONE
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_the_old_key_lives_on_for_its_grace(stand_at: MakeStand, provider: str) -> None:
    """Both are accepted until then; `force` cuts it short."""
    stand = stand_at(provider)
    was = stand.issued()
    assert stand.rotate(grace=DAY).state is State.GRACE
    stand.pass_time(DAY - timedelta(seconds=2))
    assert stand.resume().operation.state is State.GRACE
    assert was in stand.vendor.ours()
    stand.pass_time(timedelta(seconds=4))
    assert stand.resume().operation.state is State.DONE
    assert stand.broken(was=was) == []
    present = stand.credential().key_id
    stand.rotate(grace=DAY)
    assert stand.resume(force=True).operation.state is State.DONE
    assert stand.broken(was=present) == []


@WHERE_KEYS_ARE_REVOKED
def test_without_a_grace_nothing_is_waited_for(stand_at: MakeStand, provider: str) -> None:
    """A Date has whole seconds, so the provider seems to be up to one behind."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.pass_time(timedelta(milliseconds=700))
    assert stand.rotate().state is State.DONE
    assert stand.broken(was=was) == []


def test_the_old_key_is_kept_while_it_is_used(stand_at: MakeStand) -> None:
    """With `quiet`, nobody must have used it for so long."""
    stand = stand_at("fireworks")
    was = stand.issued()
    old = Secret(stand.scene.held(stand.folder, stand.vendor)[0] or "")

    def use_old() -> None:
        with stand.connecting(FireworksAccount(api_key=old, account_id="mock-account", user_id="mock-user")) as user:
            list(user.keys())

    use_old()
    stand.rotate(quiet=timedelta(hours=1))
    for _ in range(3):
        stand.pass_time(timedelta(minutes=40))
        use_old()
        waiting = stand.resume().operation
        assert waiting.state is State.GRACE
        assert "was used" in waiting.note
    stand.pass_time(timedelta(minutes=61))
    assert stand.resume().operation.state is State.DONE
    assert stand.broken(was=was) == []


def test_quiet_needs_a_provider_that_tells_the_last_use(stand_at: MakeStand) -> None:
    """Where it cannot be known, it is refused before anything is sent."""
    stand = stand_at("galileo")
    stand.issued()
    with pytest.raises(UsageError, match="last used"):
        stand.rotate(quiet=DAY)
    assert not stand.open()


@WHERE_KEYS_ARE_REVOKED
def test_a_key_that_was_made_elsewhere_is_adopted_and_rotated(stand_at: MakeStand, provider: str) -> None:
    """Its value is read from its sink and proven; nothing is changed until it is rotated."""
    stand = stand_at(provider)
    with stand.connecting(provider) as own:
        made: Any = own.issue(request_at(provider))
    (stand.folder / "key").write_text(made.secret.reveal())
    sink = stand.scene.sinks(stand.folder)[0]
    with stand.rotator() as rotator:
        credential = rotator.adopt(NAME, provider, made.id, source=sink)
        assert (credential.key_id, credential.stem) == (made.id, "ci key")
        assert set(stand.vendor.ours()) == {made.id}
        rotator.rotate(NAME, grace=timedelta())
    assert made.id not in stand.vendor.ours()
    (current,) = stand.vendor.ours()
    assert stand.vendor.opens((stand.folder / "key").read_text()) == (current,)


@WHERE_KEYS_ARE_REVOKED
def test_what_is_not_the_keys_value_is_not_adopted(stand_at: MakeStand, provider: str) -> None:
    """Nor an id that is not in the list, nor a sink that cannot be read or is empty."""
    stand = stand_at(provider, "both")
    with stand.connecting(provider) as own:
        made: Any = own.issue(request_at(provider))
    file, command = stand.scene.sinks(stand.folder)
    with stand.rotator() as rotator:
        with pytest.raises(NotFoundError):
            rotator.adopt(NAME, provider, "no-such-id", source=file)
        with pytest.raises(UsageError, match="holds no value"):
            rotator.adopt(NAME, provider, made.id, source=file)
        with pytest.raises(UsageError, match="cannot be read back"):
            rotator.adopt(NAME, provider, made.id, source=command)
        (stand.folder / "key").write_text("fw_TEST_another_not_a_key")
        with pytest.raises(UsageError, match=r"value|accept"):
            rotator.adopt(NAME, provider, made.id, source=file)
        assert rotator.credentials() == ()


def test_a_name_that_is_taken_is_refused_before_anything_is_sent(stand_at: MakeStand) -> None:
    """The credential of that name, and its key, stay as they are."""
    stand = stand_at("galileo")
    was = stand.issued()
    with pytest.raises(InvalidRequestError, match="is a credential already"):
        stand.issue()
    assert set(stand.vendor.ours()) == {was}


def test_a_sink_that_cannot_hold_the_value_is_refused_before_anything_is_sent(stand_at: MakeStand) -> None:
    """At the first issue nothing is written down; at a rotation the old key stays, and nothing is open."""
    stand = stand_at("galileo")
    (stand.folder / "key").mkdir()
    with pytest.raises(SinkNotReadyError):
        stand.issue()
    assert stand.vendor.ours() == {}
    with stand.rotator() as rotator:
        assert rotator.credentials() == ()
    (stand.folder / "key").rmdir()
    was = stand.issued()
    (stand.folder / "key").unlink()
    (stand.folder / "key").mkdir()
    with pytest.raises(SinkNotReadyError):
        stand.rotate()
    assert (set(stand.vendor.ours()), stand.open()) == ({was}, ())


def test_without_a_sink_for_the_value_nothing_is_sent(stand_at: MakeStand) -> None:
    """A place for the id alone would lose the value."""
    stand = stand_at("galileo")
    with stand.rotator() as rotator, pytest.raises(SinkNotReadyError, match="no sink takes the value"):
        rotator.issue(NAME, "galileo", KeyRequest(name="ci"), sinks=[], id_sinks=[f"file:{stand.folder}/id"])
    assert stand.vendor.created_names() == []


@WHERE_KEYS_ARE_REVOKED
def test_a_credential_that_may_not_revoke_is_refused_before_anything_is_sent(
    stand_at: MakeStand, provider: str
) -> None:
    """It is asked with the id of a key that does not exist."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.fail(Fault.status(403), REVOKES[provider])
    with pytest.raises(PermissionDeniedError) as caught:
        stand.rotate()
    assert "Nothing was created" in caught.value.advice
    assert (set(stand.vendor.ours()), stand.open()) == ({was}, ())


@EVERYWHERE
def test_a_key_that_is_gone_is_not_rotated_unless_forced(stand_at: MakeStand, provider: str) -> None:
    """It may be another account; with `force` another key is made without it."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.vendor.remove(was)
    with pytest.raises(NotFoundError, match="not in the provider's list"):
        stand.rotate()
    assert not stand.open()
    stand.rotate(force=True)
    stand.settle()
    assert stand.broken(was=was) == []


def test_another_account_is_told_from_a_key_that_is_gone(stand_at: MakeStand, monkeypatch: pytest.MonkeyPatch) -> None:
    """The credential belongs to one account and one address; no request is sent to another."""
    stand = stand_at("fireworks")
    stand.issued()
    monkeypatch.setenv("FIREWORKS_ACCOUNT_ID", "another-account")
    with pytest.raises(UsageError, match="belongs to 'mock-account'"):
        stand.rotate()
    monkeypatch.setenv("FIREWORKS_ACCOUNT_ID", "mock-account")
    monkeypatch.setenv("FIREWORKS_BASE_URL", "https://other.invalid")
    with pytest.raises(UsageError, match=r"other\.invalid"):
        stand.rotate()


def planned(stand: Stand, **given: Any) -> str:
    """Return the steps that a rotation would take, a line for each."""
    with stand.rotator() as rotator:
        return "\n".join(rotator.plan(NAME, **given))


def test_a_rotation_is_planned_without_anything_being_changed(stand_at: MakeStand) -> None:
    """Each step is a sentence; the provider is only asked what there is."""
    stand = stand_at("galileo", "both")
    was = stand.issued()
    steps = planned(stand, grace=DAY)
    assert f"Revoke {was} by its id." in steps
    assert steps.count("Put the value into") == 3
    assert "which never expires" in steps
    assert "a key that does not exist" in steps
    assert (set(stand.vendor.ours()), stand.open()) == ({was}, ())


@pytest.mark.parametrize(
    ("lasting", "words"),
    [
        pytest.param(DAY, "for 1 day,", id="day"),
        pytest.param(3 * DAY, "for 3 days,", id="days"),
        pytest.param(timedelta(hours=1), "for 1 hour,", id="hour"),
        pytest.param(timedelta(hours=36), "for 36 hours,", id="hours"),
        pytest.param(timedelta(minutes=90), "for 90 minutes,", id="minutes"),
        pytest.param(timedelta(seconds=1), "for 1 second,", id="second"),
        pytest.param(timedelta(days=11, seconds=5), "for 950405 seconds,", id="seconds"),
    ],
)
def test_a_plan_says_lengths_of_time_in_words(stand_at: MakeStand, lasting: timedelta, words: str) -> None:
    """In the largest unit that has it whole."""
    stand = stand_at("fireworks")
    stand.issued()
    steps = planned(stand, grace=lasting, quiet=lasting)
    assert words in steps
    assert f"used the old key {words.rstrip(',')}." in steps


def test_a_plan_that_is_forced_waits_for_nothing(stand_at: MakeStand) -> None:
    """As little as the rotation would; without a grace there is none either."""
    stand = stand_at("fireworks")
    stand.issued()
    for given in ({"grace": DAY, "quiet": DAY, "force": True}, {"grace": timedelta()}):
        steps = planned(stand, **given)
        assert "live on" not in steps
        assert "used the old key" not in steps


def test_a_plan_tells_when_the_new_key_expires(stand_at: MakeStand) -> None:
    """As the first one does, or as it is asked for."""
    stand = stand_at("fireworks")
    with stand.rotator() as rotator:
        request = FireworksKeyRequest(name="ci key", expires_in=30 * DAY)
        rotator.issue(NAME, "fireworks", request, sinks=stand.scene.sinks(stand.folder))
    assert "which expires at 2026-05-31 12:00 UTC, if it is made now." in planned(stand)
    assert "which expires at 2026-05-03 12:00 UTC" in planned(stand, expires_in=2 * DAY)


def test_a_plan_where_people_decide_says_so(stand_at: MakeStand) -> None:
    """Nothing is said of an expiry, which there is none of, nor of revoking, which nobody is asked for."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    steps = planned(stand)
    assert "Wait until people have approved it" in steps
    assert f"Say who has to remove {was}, and wait until it is gone." in steps
    assert "expires" not in steps
    assert "Revoke" not in steps
    assert "a key that does not exist" not in steps


@WHERE_KEYS_ARE_REVOKED
@pytest.mark.parametrize(
    ("place", "said"),
    [
        pytest.param("file", "by its id, acting as the new key, whose value file:", id="read-back"),
        pytest.param("exec", "Wait until issuant is given the new key to act with", id="only-written"),
    ],
)
def test_a_plan_tells_who_revokes_the_key_that_acts(stand_at: MakeStand, provider: str, place: str, said: str) -> None:
    """Where it is another key that acts, there is nothing to tell."""
    stand = stand_at(provider, place)
    was = stand.issued()
    assert "act" not in planned(stand).partition(f"old key {was}")[2]
    stand.accounts = {provider: account_with(provider, stand.scene.held(stand.folder, stand.vendor)[0] or "")}
    assert said in planned(stand)


def test_a_plan_for_a_key_that_is_gone_says_so(stand_at: MakeStand) -> None:
    """As the rotation, it is refused unless it is forced."""
    stand = stand_at("galileo")
    was = stand.issued()
    stand.vendor.remove(was)
    with pytest.raises(NotFoundError, match="not in the provider's list"):
        planned(stand)
    steps = planned(stand, force=True)
    assert f"Find the old key {was} gone." in steps
    assert "Revoke" not in steps


@EVERYWHERE
def test_what_is_given_up_leaves_the_old_key(stand_at: MakeStand, provider: str) -> None:
    """What was made is removed, or named for people to remove; a new rotation may begin."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.witness = stops_at("before write verified" if provider != "fireblocks" else "before never")
    if provider == "fireblocks":
        stand.rotate()
        stand.vendor.approve()
        stand.witness = stops_at("before write verified")
        with pytest.raises(StopError):
            stand.resume()
    else:
        with pytest.raises(StopError):
            stand.rotate()
    stand.witness = lambda label: None
    made = stand.open()[0].key_id or ""
    ended = stand.abandon()
    assert ended.state is State.ENDED
    assert stand.credential().key_id == was
    assert (made in ended.note) is (provider == "fireblocks")
    stand.vendor.remove(made)
    assert set(stand.vendor.ours()) == {was}
    with pytest.raises(UsageError, match="nothing of"):
        stand.abandon()
    stand.rotate()
    stand.settle()
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_what_is_given_up_is_removed_though_the_list_does_not_show_it_yet(stand_at: MakeStand, provider: str) -> None:
    """Its id is known."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.vendor.lag = 9
    stand.witness = stops_at("before write verified")
    with pytest.raises(StopError):
        stand.rotate()
    assert stand.abandon().state is State.ENDED
    assert set(stand.vendor.ours()) == {was}


@pytest.mark.parametrize("place", ["file", "env", "exec"])
def test_what_may_be_in_use_is_not_given_up(stand_at: MakeStand, place: str) -> None:
    """The value is stored, and the journal does not know it yet: the new key must not be removed."""
    stand = stand_at("galileo", place)
    was = stand.issued()
    stand.witness = stops_at("after store")
    with pytest.raises(StopError):
        stand.rotate()
    stand.witness = lambda label: None
    with pytest.raises(UsageError, match="may hold it"):
        stand.abandon()
    stand.settle()
    assert stand.broken(was=was) == []


def test_while_one_is_open_no_other_is_begun(stand_at: MakeStand) -> None:
    """Nor is the credential forgotten, or planned for."""
    stand = stand_at("galileo")
    stand.issued()
    stand.rotate(grace=DAY)
    with stand.rotator() as rotator:
        for act in (rotator.rotate, rotator.plan, rotator.forget):
            with pytest.raises(UnfinishedError):
                act(NAME)


def test_a_key_that_is_forgotten_lives_on_as_an_unknown_one(stand_at: MakeStand) -> None:
    """Nothing that is not ours is ever removed."""
    stand = stand_at("galileo")
    was = stand.issued()
    with stand.rotator() as rotator:
        rotator.forget(NAME)
        (stray,) = rotator.strays("galileo", delete=True)
    assert (stray.holding.standing, stray.removed) == (Standing.UNKNOWN, False)
    assert set(stand.vendor.ours()) == {was}


def test_strays_are_what_is_ours_and_not_needed(stand_at: MakeStand) -> None:
    """The current key, one in work and one of somebody else are left; what an operation has left is removed."""
    stand = stand_at("fireworks")
    was = stand.issued()
    stand.vendor.simulator.add_key("mock-user")  # type: ignore[attr-defined]
    stand.rotate(grace=DAY)
    with stand.rotator() as rotator:
        standings = {stray.key.id: stray.holding.standing for stray in rotator.strays("fireworks", delete=True)}
    assert standings[was] is Standing.IN_WORK
    assert standings[stand.credential().key_id or ""] is Standing.CURRENT
    assert sorted(standing.value for standing in standings.values()) == ["current", "in work", "unknown", "unknown"]
    assert len(stand.vendor.ours()) == 2


def account_with(provider: str, value: str) -> Account:
    """Return the account that acts with a key."""
    if provider == "galileo":
        return GalileoAccount(api_key=value)
    return FireworksAccount(api_key=value, account_id="mock-account", user_id="mock-user")


def _other(stand: Stand) -> str:
    return f"file:{stand.folder}/other"


@WHERE_KEYS_ARE_REVOKED
@pytest.mark.parametrize("cut", ["never", "after revoke", "before write revoked", "before sweep"])
def test_the_credential_that_acts_is_rotated_by_the_new_one(stand_at: MakeStand, provider: str, cut: str) -> None:
    """The old key is still what the environment names: the new one takes over before the old one is revoked."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.accounts = {provider: account_with(provider, stand.scene.held(stand.folder, stand.vendor)[0] or "")}
    if cut == "never":
        assert stand.rotate().state is State.DONE
    else:
        stand.witness = stops_at(cut)
        with pytest.raises(StopError):
            stand.rotate()
        stand.witness = lambda label: None
        assert stand.resume().error is None
    assert stand.operation().state is State.DONE
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_the_credential_that_acts_is_not_revoked_where_nobody_can_take_over(stand_at: MakeStand, provider: str) -> None:
    """A place that is only written to tells no value: it waits until issuant is given the new key."""
    stand = stand_at(provider, "exec")
    was = stand.issued()
    stand.accounts = {provider: account_with(provider, stand.scene.held(stand.folder, stand.vendor)[0] or "")}
    with pytest.raises(UsageError, match="act with the new key"):
        stand.rotate()
    assert was in stand.vendor.ours()
    stand.accounts = {provider: account_with(provider, stand.vendor.simulator.api_key)}
    stand.settle()
    assert stand.broken(was=was) == []


def test_the_api_user_that_acts_is_rotated_by_the_new_one(stand_at: MakeStand) -> None:
    """Once a person has removed the old user, it is the new one who looks whether it is gone."""
    stand = stand_at("fireblocks")
    simulator: Any = stand.vendor.simulator
    pem = (stand.folder / "fireblocks_secret.key").read_text()
    with stand.rotator() as rotator:
        (stand.folder / "key").write_text(pem)
        rotator.adopt(
            NAME,
            "fireblocks",
            simulator.api_key,
            source=f"file:{stand.folder}/key",
            request=FireblocksKeyRequest(name="ci key", role="NON_SIGNING_ADMIN"),
        )
    stand.rotate()
    stand.vendor.approve()
    assert stand.resume().operation.state is State.AWAITING_HUMAN_REVOKE
    simulator.remove_user(simulator.api_key)
    with stand.rotator() as rotator, pytest.raises(AuthenticationError):
        rotator.strays("fireblocks")
    assert stand.resume().operation.state is State.DONE
    assert set(stand.vendor.ours()) == {stand.credential().key_id}


def test_sinks_may_change_with_a_rotation(stand_at: MakeStand) -> None:
    """From then on the value is kept there; the old place is not touched any more."""
    stand = stand_at("galileo")
    stand.issued()
    before = (stand.folder / "key").read_text()
    with stand.rotator() as rotator:
        rotator.rotate(NAME, grace=timedelta(), sinks=[_other(stand)])
        rotator.rotate(NAME, grace=timedelta())
    (current,) = stand.vendor.ours()
    assert stand.vendor.opens((stand.folder / "other").read_text()) == (current,)
    assert (stand.folder / "key").read_text() == before


def test_what_somebody_else_has_stored_meanwhile_is_not_written_over(stand_at: MakeStand) -> None:
    """The rotation stays before it until it is forced."""
    stand = stand_at("galileo", "env")
    was = stand.issued()
    path = stand.folder / ".env"

    def interfere(label: str) -> None:
        if label == "before store":
            path.write_text("CI_KEY=by_hand\n")

    stand.witness = interfere
    with pytest.raises(SinkNotReadyError):
        stand.rotate()
    stand.witness = lambda label: None
    assert path.read_text() == "CI_KEY=by_hand\n"
    assert isinstance(stand.resume().error, SinkNotReadyError)
    stand.resume(force=True)
    stand.settle()
    assert stand.broken(was=was) == []


def test_nothing_is_done_where_nothing_is_open(stand_at: MakeStand) -> None:
    """`resume` may be run at any time."""
    stand = stand_at("galileo")
    stand.issued()
    asked = len(stand.vendor.created_names())
    with stand.rotator() as rotator:
        assert rotator.resume() == ()
        assert rotator.resume("nobody") == ()
    assert len(stand.vendor.created_names()) == asked


@EVERYWHERE
def test_all_of_it_works_with_asyncio(stand_at: MakeStand, provider: str) -> None:
    """Issue, rotate, resume, plan and strays; adopt and abandon at one provider."""
    stand = stand_at(provider)
    sinks, ids = stand.scene.sinks(stand.folder), stand.scene.id_sinks(stand.folder)

    async def settle(rotator: AsyncRotator) -> None:
        for _ in range(4):
            stand.decide()
            await rotator.resume()

    async def go() -> tuple[str | None, Operation]:
        async with stand.async_rotator() as rotator:
            await rotator.issue(NAME, provider, request_at(provider), sinks=sinks, id_sinks=ids)
            await settle(rotator)
            was = rotator.credentials()[0].key_id
            assert await rotator.plan(NAME)
            begun = await rotator.rotate(NAME, grace=timedelta())
            await settle(rotator)
            assert rotator.operations() == ()
            found = {stray.holding.standing for stray in await rotator.strays(provider)}
            assert Standing.CURRENT in found
            return was, begun

    was, begun = asyncio.run(go())
    assert begun.old_key_id == was
    assert stand.broken(was=was) == []


def test_an_adoption_and_a_giving_up_work_with_asyncio(stand_at: MakeStand) -> None:
    """The twins of the blocking ones."""
    stand = stand_at("galileo")
    with stand.connecting("galileo") as own:
        made: Any = own.issue(request_at("galileo"))
    (stand.folder / "key").write_text(made.secret.reveal())

    async def go() -> State:
        async with stand.async_rotator() as rotator:
            await rotator.adopt(NAME, "galileo", made.id, source=f"file:{stand.folder}/key")
            stand.witness = stops_at("before write verified")
            with pytest.raises(StopError):
                await rotator.rotate(NAME)
            stand.witness = lambda label: None
            return (await rotator.abandon(NAME)).state

    assert asyncio.run(go()) is State.ENDED
    assert set(stand.vendor.ours()) == {made.id}


def test_a_lifetime_is_each_keys_own(stand_at: MakeStand) -> None:
    """The next key lives as long as the first, from when it is made, unless the rotation says otherwise."""
    stand = stand_at("fireworks")
    with stand.rotator() as rotator:
        request = FireworksKeyRequest(name="ci key", expires_in=30 * DAY)
        rotator.issue(NAME, "fireworks", request, sinks=stand.scene.sinks(stand.folder))
        first = rotator.credentials()[0].expires_at
        stand.pass_time(10 * DAY)
        rotator.rotate(NAME, grace=timedelta())
        second = rotator.credentials()[0].expires_at
        rotator.rotate(NAME, grace=timedelta(), expires_in=90 * DAY)
        third = rotator.credentials()[0].expires_at
    assert first is not None
    assert second is not None
    assert third is not None
    assert abs(second - first - 10 * DAY) < timedelta(seconds=5)
    assert abs(third - second - 60 * DAY) < timedelta(seconds=5)
