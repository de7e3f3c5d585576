"""Connecting by a person's consent: their no, an app that is not known, and a consent taken back later."""

from __future__ import annotations

from dataclasses import replace

from kitestring.connectorkit.conformance import samples
from kitestring.connectorkit.conformance.bench import Bench, Nonconforming, expect
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.kit import clock


async def a_no_is_a_no(bench: Bench) -> None:
    """Somebody who says no comes back to a sentence, and nothing is connected."""
    error = await bench.raises(Rejected, bench.refused_consent())
    expect(error.reason == "consent_denied", f"the reason is {error.reason!r}")


async def an_unknown_app(bench: Bench) -> None:
    """A secret of the operator's own app that is typed wrongly is refused at its field, in words."""
    app = bench.manifest.auth.app
    for one in app.fields if app else ():
        if one.kind == "password" and one.required:  # another only signs what the channel calls us with
            error = await bench.raises(Rejected, bench.connect(**{one.key: "wrong-and-never-right"}))
            expect(error.field == one.key, f"refused at {error.field!r}, not at {one.key!r}")


async def scopes_are_kept(bench: Bench) -> None:
    """What the person agreed to is known: a right that is needed and was not given is seen, and none is missed that was
    never asked of an account of this type."""
    connected = await bench.connect()
    scopes, given = bench.manifest.auth.scopes, set(connected.grant.scopes)
    needed = {scope.key for scope in scopes if scope.required}
    expect(needed <= given, f"asked for {sorted(needed)}, kept {sorted(given)}")
    listed = {scope.key for scope in scopes if scope.asked_of(connected.account_type)}
    lacking = sorted(listed - given)
    expect(
        not given or not lacking,
        f"the account's page would miss {lacking}, and the person agreed to everything",
    )


async def the_end_is_known(bench: Bench) -> None:
    """A grant with an end is renewed before it by the operator's app; one that does not end says so."""
    connected = await bench.connect()
    end = connected.grant.expires_at
    if end is None:
        return
    expect(end > clock.now(), "the grant has ended already")
    bench.moved += (end - clock.now()) * 0.9
    async with bench.session(connected) as session:
        renewed = await bench.auth.renew(session)
    expect(renewed.expires_at is None or renewed.expires_at > end, "renewing did not move the end")


async def the_end_is_told(bench: Bench) -> None:
    """A grant that only a person renews: its end is known from the start, near it asking says so, and it opens still."""
    connected = await bench.connect()
    end = connected.grant.expires_at
    if end is None:
        raise Nonconforming("nothing says when the consent ends")
    bench.moved += (end - clock.now()) * 0.9
    async with bench.session(connected) as session:
        await bench.raises(GrantExpired, bench.auth.renew(session))
        kind = bench.manifest.kinds_for(session.account_type)[0]
        await bench.publish(session, samples.outgoing(kind, bench.folder))


async def a_wrong_app_disconnects_nobody(bench: Bench) -> None:
    """An app secret that was changed there is told as such when renewing; it is no end of the person's consent."""
    connected = await bench.connect()
    secrets = [
        one.key
        for one in (bench.manifest.auth.app.fields if bench.manifest.auth.app else ())
        if one.kind == "password"
    ]
    if connected.grant.expires_at is None or not secrets:
        return
    async with bench.session(connected) as session:
        changed = replace(session, app={**session.app, secrets[0]: "wrong-and-never-right"})
        try:
            await bench.auth.renew(changed)
        except Rejected as error:
            bench.worded(error.reason)
        except RetryLater as error:
            bench.worded(error.reason)
        else:
            return  # this channel renews without the secret


async def a_consent_is_given_back(bench: Bench) -> None:
    """Its tokens open nothing from then on, giving it back twice is no error, and a channel in trouble is no "done"."""
    given = bench.gives_back
    connected = await bench.connect()
    async with bench.session(connected) as session:
        kind = bench.manifest.kinds_for(session.account_type)[0]
        bench.faults.next(Fault("down"))
        await bench.raises(RetryLater, given.give_back(session))
        await bench.publish(session, samples.outgoing(kind, bench.folder))
        await given.give_back(session)
        duty = samples.outgoing(kind, bench.folder)
        await bench.raises(GrantExpired, bench.publishing.publish(session, duty))
        await given.give_back(session)


async def a_consent_is_not_given_back_by_a_strange_app(bench: Bench) -> None:
    """An app secret that was changed there: nothing is given back, and it is said."""
    given, app = bench.gives_back, bench.manifest.auth.app
    secrets = [one.key for one in (app.fields if app else ()) if one.kind == "password"] or ["client_secret"]
    async with bench.session(await bench.connect()) as session:
        changed = replace(session, app={**session.app, secrets[0]: "wrong-and-never-right"})
        kind = bench.manifest.kinds_for(session.account_type)[0]
        duty = samples.outgoing(kind, bench.folder)
        try:
            await given.give_back(changed)
        except Rejected as error:
            bench.worded(error.reason)
            await bench.publish(session, duty)
        else:  # this channel takes it back from whoever holds the token
            await bench.raises(GrantExpired, bench.publishing.publish(session, duty))


async def a_blip_while_agreeing(bench: Bench) -> None:
    """A channel that stumbles while somebody connects is "later", not a refusal."""
    bench.faults.next(Fault("down"))
    try:
        await bench.connect()
    except RetryLater as error:
        bench.worded(error.reason)
    except LookupError:
        pass  # it stumbled on its own page, before we were asked anything


async def an_app_is_registered_once(bench: Bench) -> None:
    """What the server gave as our app is used again, by the next account and by the one after it."""
    await bench.connect()
    first = bench.app()
    expect(first, "the server was asked to register nothing")
    await bench.connect()
    expect(bench.app() == first, "the app was registered a second time")


async def a_forgotten_app_is_registered_anew(bench: Bench) -> None:
    """An app that the server has cleared away is no end of anything: the next who connects has a new one."""
    await bench.connect()
    first = bench.app()
    bench.emulator.forget_apps(bench.platform)
    await bench.connect()
    expect(bench.app() != first, "an app is used that the server does not know any more")
