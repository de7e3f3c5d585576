"""Any sequence of what people, workers, channels and clocks do, on the real actions: no sequence may break a promise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kitestring.cli.doubted import doubt_open
from kitestring.domains.channels.actions.change_account import disconnect
from kitestring.domains.channels.actions.connect import reconnect
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.claim import Claimed, claim_due
from kitestring.domains.publishing.actions.close import close
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.actions.end_grant import end_grant
from kitestring.domains.publishing.actions.hold import hold, release
from kitestring.domains.publishing.actions.midway import leave_as_it_is
from kitestring.domains.publishing.actions.pause import pause, resume
from kitestring.domains.publishing.actions.requeue_failed import requeue_failed
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.schedule import publish_now, schedule_post
from kitestring.domains.publishing.actions.settle_by_person import give_up, say_live, say_not_live
from kitestring.domains.publishing.actions.take_down import find_withdrawals, take_down
from kitestring.domains.publishing.actions.withdraw import withdraw
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.answers import Live
from kitestring.domains.publishing.rules.sequence import key_of
from kitestring.domains.publishing.tests.harbour.manifests import WAYS
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.actions.decide_approval import approve
from kitestring.domains.reviewing.tasks import void_forgotten
from kitestring.kit import clock
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Refusal
from tests.chaos.facts import OVER, SHOWN, Facts
from tests.chaos.house import JOBS, QUOTA, House
from tests.chaos.points import SERVER, Points
from tests.chaos.sea.platform import FAULTS, PLAIN, SEA, fresh
from tests.chaos.sequences import ROLES, in_parts, proof, said

MOST_POSTS: Final = 6
FIRST_POSTS: Final = 3
LAG: Final = 45.0  # less than the channel's settle time
which = st.integers(0, MOST_POSTS - 1)
seconds = st.sampled_from([0.0, 1.0, 5.0, 40.0, 125.0, 700.0, 4000.0])


async def _voided() -> None:
    await on_database(void_forgotten, 0)


async def _taken_down() -> None:
    for delivery_id in await on_database(find_withdrawals):
        await take_down(delivery_id)


class Deliveries(RuleBasedStateMachine):
    """`house` is given by the test; every run of it is rolled back."""

    house: ClassVar[House]

    @initialize(
        ways=st.lists(st.sampled_from(WAYS), min_size=2, max_size=2),
        asks=st.booleans(),
        lag=st.sampled_from([0.0, LAG]),
    )
    def begin(self, ways: list[str], asks: bool, lag: float) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        fresh({}, lag=lag)
        house, world = self.house, self.house.world
        house.open()
        house.jobs = (*JOBS, _voided, _taken_down)
        world.brand.needs_approval, world.brand.paused_at, world.workspace.paused_at = asks, None, None
        world.brand.save()
        self.facts = Facts(quota=int(QUOTA["limit"]), asks=asks)
        SEA.watch = self.facts.stored
        self.accounts = [house.account(way, f"{n}") for n, way in enumerate(ways)]
        self.posts: list[Post] = []
        self.asleep: list[tuple[UUID, Claimed, Live]] = []
        self.edits = 0
        self.kept = ""
        for number in range(FIRST_POSTS):
            on = (number % 2,) if number else (0, 1)
            self.write_and_schedule(on, 5.0 * number, yes=True, sequence=number == 1)

    def teardown(self) -> None:
        if not hasattr(self, "atomic"):
            return
        try:
            self._come_to_rest()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # What people do -----------------------------------------------------------------------------------------------

    def _try(self, deed: Callable[..., Any], *given: Any, **more: Any) -> Any:
        """A person tries; what is refused has changed nothing."""
        try:
            with transaction.atomic():
                return deed(*given, **more)
        except Refusal:
            return None

    def _delivery(self, place: int) -> Delivery:
        rows = list(Delivery.objects.select_related("account", "revision").order_by("made_at", "id"))
        return rows[place % len(rows)]

    def _scheduled(self, found: list[Delivery] | None) -> None:
        for row in found or ():
            for place in range(len(ROLES)):
                duty = (row.subject_id, row.account_id, place)
                self.facts.duties[str(key_of(row.key, place))] = duty
            self.facts.hours[str(row.key)] = row.due_at.timestamp()

    @rule(on=st.sampled_from([(0,), (1,), (0, 1)]), after=seconds, yes=st.booleans(), sequence=st.booleans())
    def write_and_schedule(self, on: tuple[int, ...], after: float, yes: bool, sequence: bool) -> None:
        world = self.house.world
        if len(self.posts) >= MOST_POSTS:
            return
        text = f"A warm cup {len(self.posts)}"
        post = write_post(world.editor, world.brand, text=in_parts(text) if sequence else text)
        for place in on:
            self._try(add_variant, world.editor, post.pk, self.accounts[place])
        self.posts.append(Post.objects.get(pk=post.pk))
        if yes:
            self.give_yes(len(self.posts) - 1)
        hour = clock.now() + timedelta(seconds=after)
        self._scheduled(self._try(schedule_post, world.editor, self.posts[-1], hour))

    @rule(place=which, after=st.none() | seconds)
    def schedule_again(self, place: int, after: float | None) -> None:
        post, editor = self._post(place), self.house.world.editor
        self.facts.moved |= {key for key, duty in self.facts.duties.items() if duty[0] == post.pk}
        if after is None:
            self._scheduled(self._try(publish_now, editor, post))
        else:
            self._scheduled(self._try(schedule_post, editor, post, clock.now() + timedelta(seconds=after)))

    def _post(self, place: int) -> Post:
        return Post.objects.get(pk=self.posts[place % len(self.posts)].pk)

    @rule(place=which)
    def edit(self, place: int) -> None:
        """Whatever was allowed, it says something else now."""
        post = self._post(place)
        self.edits += 1
        if self._try(
            save_post,
            self.house.world.editor,
            post.pk,
            {"text": f"{post.text[:12]} e{self.edits}"},
            post.version,
        ):
            self.facts.yes.pop(post.pk, None)

    @rule(place=which)
    def give_yes(self, place: int) -> None:
        post, world = self._post(place), self.house.world
        asked = self._try(ask_approval, world.editor, post.pk)
        if asked and self._try(approve, world.approver, asked.pk):
            self.facts.yes[post.pk] = post.text

    @rule(place=which, deed=st.sampled_from(["cancel", "hold", "release", "withdraw", "requeue"]))
    def change_their_mind(self, place: int, deed: str) -> None:
        row, editor = self._delivery(place), self.house.world.editor
        verbs: dict[str, Callable[[Any, Delivery], Delivery]] = {
            "cancel": cancel, "hold": hold, "release": release, "withdraw": withdraw, "requeue": requeue_failed,
        }  # fmt: skip
        done = self._try(verbs[deed], editor, row)
        if done is not None and deed != "withdraw":
            self.facts.moved.add(str(row.key))
            self.facts.hours[str(row.key)] = done.due_at.timestamp()
        if done is not None and deed == "cancel":
            self.facts.barred.add(str(row.key))

    @rule(place=which, after=seconds)
    def move(self, place: int, after: float) -> None:
        row = self._delivery(place)
        self.facts.moved.add(str(row.key))
        hour = clock.now() + timedelta(seconds=after)
        if self._try(reschedule, self.house.world.editor, row, hour):
            self.facts.hours[str(row.key)] = hour.timestamp()

    @rule(place=which, word=st.sampled_from(["look", "look", "not there", "give up", "leave"]))
    def settle(self, place: int, word: str) -> None:
        """They look and say what is true; or they are wrong; or they have had enough."""
        rows = list(Delivery.objects.filter(state="needs_attention").select_related("account", "revision"))
        if not rows:
            return
        row, editor = rows[place % len(rows)], self.house.world.editor
        key = str(key_of(row.key, row.part))
        copies = SEA.copies(key)
        self.facts.moved.add(str(row.key))
        if word == "leave":
            self._try(leave_as_it_is, editor, row)
        elif word == "give up":
            if self._try(give_up, editor, row):
                self.facts.barred.add(str(row.key))
        elif copies and word == "look":
            self._try(say_live, editor, row, "https://sea.test/p")
        elif (done := self._try(say_not_live, editor, row)) is not None:
            self.facts.words[key] += copies > 0
            self.facts.hours[str(row.key)] = done.due_at.timestamp()

    @rule(kind=st.sampled_from(["workspace", "brand", "account"]), place=st.integers(0, 1))
    def pause(self, kind: str, place: int) -> None:
        self._try(pause, self.house.world.owner, kind, self._row(kind, place))
        self.facts.paused.add(self.accounts[place].remote_id if kind == "account" else kind)
        self.facts.moved |= set(self.facts.duties)

    @rule(place=st.integers(0, 3), then=st.sampled_from(["", "send", "look"]))
    def resume(self, place: int, then: Any) -> None:
        if not self.facts.paused:
            return
        paused = sorted(self.facts.paused)[place % len(self.facts.paused)]
        kind = paused if paused in ("workspace", "brand") else "account"
        account = next((n for n, one in enumerate(self.accounts) if one.remote_id == paused), 0)
        self._try(resume, self.house.world.owner, kind, self._row(kind, account), then)
        self.facts.paused.discard(paused)
        for row in Delivery.objects.filter(state="scheduled"):
            self.facts.hours[str(row.key)] = row.due_at.timestamp()

    def _row(self, kind: str, place: int) -> UUID:
        world = self.house.world
        return {"workspace": world.workspace.pk, "brand": world.brand.pk, "account": self.accounts[place].pk}[
            kind
        ]

    @rule(place=st.integers(0, 1), how=st.sampled_from(["ended", "revoked", "disconnected", "back", "back"]))
    def consent(self, place: int, how: str) -> None:
        account, owner = self.accounts[place], self.house.world.owner
        if how == "ended":
            end_grant(account.pk, "grant_expired")
        elif how == "revoked":
            SEA.tokens[account.remote_id] = f"{account.remote_id} 900"
        elif how == "disconnected":
            self._try(disconnect, owner, account.pk)
            self.facts.paused.discard(account.remote_id)  # connecting again lifts it
        else:
            self._connect(account)

    def _connect(self, account: Account) -> None:
        SEA.comes_back = (account.remote_id, account.account_type)
        assert self._try(reconnect, self.house.world.owner, account.pk, {})

    # What machines do ---------------------------------------------------------------------------------------------

    @rule(at=st.none() | st.integers(0, 140), what=st.sampled_from(["dies", "joins", "away", "unheard"]))
    def work(self, at: int | None, what: str) -> None:
        house = self.house
        deeds: dict[str, Callable[[], None] | None] = {
            "dies": None, "joins": house.joins, "away": lambda: house.goes_away(30.0), "unheard": self._unheard,
        }  # fmt: skip
        house.crew = [Points(at, deeds[what])]
        house.round()
        house.crew = [Points()]
        SERVER.deaf = False

    @staticmethod
    def _unheard() -> None:
        SERVER.deaf = True

    @rule(rounds=st.integers(1, 3))
    def work_for_long(self, rounds: int) -> None:
        self.work_on(rounds)

    @rule(rounds=st.integers(1, 2))
    def work_on(self, rounds: int) -> None:
        for _ in range(rounds):
            self.house.crew = [Points()]
            self.house.round()
            self.house.wait()

    @rule(time=seconds)
    def time_passes(self, time: float) -> None:
        self.house.time.pass_(time)

    @rule(what=st.sampled_from(["late timeline", "prompt timeline", "ahead", "back", "queue emptied"]))
    def trouble(self, what: str) -> None:
        """The clocks are not set while a timeline is late: nobody can tell a settle time from a clock that was set."""
        if what == "queue emptied":
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs")
        elif what.endswith("timeline"):
            SEA.lag = LAG if what == "late timeline" and not self.facts.clocks_set else 0.0
        elif not SEA.lag:
            self.facts.clocks_set = True
            self.facts.hours.clear()
            self.facts.moved |= set(self.facts.duties)
            self.house.time.jump(600.0 if what == "ahead" else -600.0)

    @rule(
        step=st.sampled_from([*["store"] * 4, "look", "renew"]),
        fault=st.sampled_from([*["lost_after"] * 4, *FAULTS, *PLAIN]),
    )
    def fault(self, step: str, fault: str) -> None:
        if not (
            step == "renew" and fault in ("trickle", "silence_before", "silence_after")
        ):  # its loop is a real one
            SEA.faults[step] = fault

    @rule()
    def sleeper_sends(self) -> None:
        """A worker sends what is due, and falls asleep before it can write down the answers."""
        me = uuid7()
        for claimed in claim_due(me, 4):
            account = Account.objects.get(pk=claimed.account_id)
            if account.account_type == "two_step":
                continue
            key = str(claimed.key)
            post = next((one for one in SEA.posts if one.key == key), None)
            if post is None:
                text, on = said(claimed)
                post = SEA.store(key, text, account.remote_id, on)
            self.asleep.append((me, claimed, Live(post.id, f"https://sea.test/{post.id}")))

    @rule()
    def sleeper_wakes(self) -> None:
        if not self.asleep:
            return
        me, claimed, live = self.asleep.pop()
        if Delivery.objects.filter(pk=claimed.id).exclude(state="withdrawn").exists():
            close(me, [proof(claimed, live)])

    @rule(what=st.sampled_from(["backup", "", "", "restore", "", ""]))
    def backup(self, what: str) -> None:
        if what == "backup":
            self.kept, self.made_at = transaction.savepoint(), clock.now()
        elif what == "restore" and self.kept:
            self._restore()

    def _restore(self) -> None:
        """The ledger is what it was then; the channel is not."""
        transaction.savepoint_rollback(self.kept)
        self.house.time.tell()
        self.facts.restored, self.asleep = True, []
        self.posts = [post for post in self.posts if Post.objects.filter(pk=post.pk).exists()]
        doubt_open(connection.connection, self.made_at.isoformat(), clock.now())
        self._believe_the_ledger()

    def _believe_the_ledger(self) -> None:
        facts, world = self.facts, self.house.world
        world.brand.refresh_from_db()
        world.workspace.refresh_from_db()
        for account in self.accounts:
            account.refresh_from_db()
        paused = {"workspace": world.workspace.paused_at, "brand": world.brand.paused_at}
        paused |= {account.remote_id: account.paused_at for account in self.accounts}
        facts.paused = {name for name, since in paused.items() if since}
        rows = {str(row.key): row for row in Delivery.objects.all()}
        facts.barred = {key for key, row in rows.items() if row.state == "cancelled"}
        facts.hours = {key: row.due_at.timestamp() for key, row in rows.items()}
        facts.moved |= set(facts.duties)
        facts.yes = {
            post.pk: post.text for post in Post.objects.filter(revisions__approvals__state="approved")
        }

    # What must be true ---------------------------------------------------------------------------------------------

    @invariant()
    def promises_hold(self) -> None:
        if hasattr(self, "facts"):
            self.facts.proven(self.house.world)

    def _come_to_rest(self, rounds: int = 60) -> None:
        """Every fault ends, every switch is set free: then each delivery is over, or before a person."""
        SEA.faults.clear()
        while self.asleep:
            self.sleeper_wakes()
        for name in sorted(self.facts.paused):
            self.resume(sorted(self.facts.paused).index(name), "")
        for account in self.accounts:
            self._connect(account)
        self.house.crew = [Points()]
        for _ in range(rounds):
            self.house.round()
            rows = list(Delivery.objects.all())
            if all(row.state in OVER or row.state in SHOWN - {"unknown"} for row in rows):
                break
            self.house.wait()
        assert all(row.state in OVER or row.state in SHOWN - {"unknown"} for row in rows), [
            (row.state, row.reason) for row in rows
        ]
        self.facts.proven(self.house.world)
        self.facts.in_order()
