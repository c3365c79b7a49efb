"""What the pages of the inside view and of the claims show, as plain values: templates only print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import hypot
from typing import Any

import numpy as np
from babel.dates import format_date

from kneeroll.course import Course, cushion_cm, deepest, of_first_week, own_word
from kneeroll.inside import Inside, Standing, Tissue, claims, load_taken, look_inside, on_cushion, told_cushions
from kneeroll.inside.statics import told_taken
from kneeroll.journal import SessionRecord
from kneeroll.languages import Language, Translate, translator
from kneeroll.movements import HEIGHTS_CM
from kneeroll.plots.inside import frames, inside_svg
from kneeroll.plots.lying import Lying
from kneeroll.plots.pen import NARROW, WIDE, lies
from kneeroll.poses import BodyState, Side
from kneeroll.summaries import TWO_SIDED_95, UNMEASURED_CREEP, HoldSummary, Measured
from kneeroll.web.pages import told_when

SINKING_S = 5.0
"""So long before a hold its replay begins."""
MOMENTS = (7, 5)
"""Of the replay, on the way down and in the hold."""
USUAL_HEIGHT_CM = HEIGHTS_CM[2]


class Beside(StrEnum):
    """What a session's inside view is set beside."""

    SIDE = "side"
    FIRST_WEEK = "first_week"
    CUSHION = "cushion"


@dataclass(frozen=True, slots=True)
class TissueRow:
    """A muscle group on one side: what the drop did, and what bending the legs did, in words."""

    name: str
    drop: str
    tuck: str


@dataclass(frozen=True, slots=True)
class SideView:
    """The deepest hold of a side. pictures: (prefix of its ids, SVG) for laptop and phone. replay: moments for the slider."""

    side: str
    title: str
    pictures: tuple[tuple[str, str], ...]
    replay: tuple[dict[str, Any], ...]
    turn: tuple[str, ...]
    load: tuple[str, ...]
    most: tuple[TissueRow, ...]
    every: tuple[TissueRow, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two holds beside each other. pictures: (title, SVG). rows: angle, first, second, second minus first."""

    pictures: tuple[tuple[str, str], tuple[str, str]]
    rows: tuple[tuple[str, str, str, str], ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InsidePage:
    """The inside of a session. views: (what it is set beside, words); `sides` without a comparison, `pairs` with one.

    heights: (cm, words, whether it is shown) of the cushions to choose from. nothing: why there is nothing to show.
    """

    id: str
    when: str
    beside: str
    views: tuple[tuple[str, str], ...]
    sides: tuple[SideView, ...]
    pairs: tuple[Pair, ...]
    heights: tuple[tuple[int, str, bool], ...]
    nothing: tuple[str, ...]


def inside_page(record: SessionRecord, course: Course, language: Language, beside: Beside | None, cm: str) -> InsidePage:
    """What a session did inside, or beside something else; cm: height of the other cushion as the page sent it."""
    _ = translator(language)
    holds = deepest(record)
    sides: tuple[SideView, ...] = ()
    pairs: list[Pair] = []
    heights: tuple[tuple[int, str, bool], ...] = ()
    nothing: tuple[str, ...] = ()
    if not holds:
        why = dict.fromkeys(reason for hold in record.holds for reason in look_inside(hold).why)
        nothing = tuple(_("Not measurable: {why}.").format(why=_(reason)) for reason in why) or (_("No hold was seen."),)
    elif beside is None:
        sides = tuple(_side_view(record, course, hold, _) for hold in holds.values())
    elif beside is Beside.SIDE:
        pairs = [_sides(record, course, *holds.values(), _=_)] if len(holds) == len(Side) else []
        nothing = () if pairs else (_("Only one side could be measured in this session."),)
    elif beside is Beside.FIRST_WEEK:
        found = (_first_week(record, course, hold, language) for hold in holds.values())
        pairs = [pair for pair in found if pair is not None]
        nothing = () if pairs else (_("Nothing to compare with: a week has to pass after your first session."),)
    else:
        lain_on = {cushion_cm(record, hold, course.known) for hold in holds.values()}
        other = _height(cm, lain_on)
        pairs = [_cushions(record, course, hold, other, _) for hold in holds.values()]
        heights = tuple((one, _on(one, _), one == other) for one in (0, *HEIGHTS_CM) if lain_on != {one})
    views = (
        ("", _("This session")),
        (Beside.SIDE.value, _("Left beside right")),
        (Beside.FIRST_WEEK.value, _("Beside the first week")),
        (Beside.CUSHION.value, _("With another cushion")),
    )
    when = told_when(record.entry.started_at.astimezone(course.now.tzinfo), language.locale)
    shown = views if holds else ()
    return InsidePage(record.entry.id, when, beside or "", shown, sides, tuple(pairs), heights, nothing)


def _side_view(record: SessionRecord, course: Course, hold: HoldSummary, _: Translate) -> SideView:
    inside, lies_on = look_inside(hold), cushion_cm(record, hold, course.known)
    other = 0.0 if lies_on else None
    pictures = (
        (
            prefix := f"{hold.toward}-{name}",
            inside_svg(inside, _, lies_on_cm=lies_on, other_cm=other, layout=layout, prefix=prefix),
        )
        for name, layout in (("wide", WIDE), ("narrow", NARROW))
    )
    load = _("Load on the trunk: {load}.").format(load=inside.told_load(_))
    creep = _("While resting: {creep}.").format(creep=hold.knee_drop_creep.told(_))
    return SideView(
        side=hold.toward,
        title=_("Knees to your left") if hold.side is Side.LEFT else _("Knees to your right"),
        pictures=tuple(pictures),
        replay=_replay(record, inside, lies_on, _),
        turn=inside.told_turn(_),
        load=(load, *told_cushions(hold, lies_on, _), creep),
        most=tuple(_row(tissue, _) for tissue in inside.most_lengthened()),
        every=tuple(_row(tissue, _) for tissue in inside.tissues),
        why=tuple(_(why) for why in inside.why),
    )


def _row(tissue: Tissue, _: Translate) -> TissueRow:
    name = _("{muscle}, {side}").format(muscle=_(tissue.muscle.name), side=_(tissue.side.value))
    return TissueRow(name, tissue.told_drop(_), tissue.told_tuck(_))


def _replay(record: SessionRecord, inside: Inside, lies_on: float, _: Translate) -> tuple[dict[str, Any], ...]:
    """Moments on the way down and in the hold, the hold as measured last; empty where nobody saw them."""
    hold = inside.hold
    seen = [state for state in record.states if hold.start_s - SINKING_S <= state.t_s <= hold.end_s and _is_whole(state)]
    way, rest = ([s for s in seen if (s.t_s < hold.start_s) is before] for before in (True, False))
    states = [*_some(way, MOMENTS[0]), *_some(rest, MOMENTS[1])]
    if not states:
        return ()
    words = [_moment(state.t_s - hold.start_s, _) for state in states]
    moved = frames(inside, [*map(Lying.of, states), lies(inside)], lies_on)
    return tuple({"words": told, "parts": parts} for told, parts in zip([*words, _("the whole hold")], moved, strict=True))


def _is_whole(state: BodyState) -> bool:
    return bool(np.isfinite([state.knee_drop_deg, state.pelvis_roll_deg, state.thorax_roll_deg]).all())


def _some(states: Sequence[BodyState], count: int) -> list[BodyState]:
    """At most so many, spread evenly."""
    return [states[i] for i in np.unique(np.linspace(0, len(states) - 1, count).round().astype(int))] if states else []


def _moment(since_s: float, _: Translate) -> str:
    words = _("{seconds} s before the hold") if since_s < 0 else _("{seconds} s into the hold")
    return words.format(seconds=f"{abs(since_s):.0f}")


# ---- beside each other ----------------------------------------------------------------------------------------------


def _sides(record: SessionRecord, course: Course, left: HoldSummary, right: HoldSummary, *, _: Translate) -> Pair:
    pictures = (
        (_("Left"), _narrow(left, cushion_cm(record, left, course.known), "left", _)),
        (_("Right"), _narrow(right, cushion_cm(record, right, course.known), "right", _)),
    )
    words = _("A difference between the sides is common, and no fault.")
    return Pair(pictures, _rows(left, right, _), (words,))


def _first_week(record: SessionRecord, course: Course, hold: HoldSummary, language: Language) -> Pair | None:
    _ = translator(language)
    earlier = of_first_week(course, record, hold)
    if earlier is None:
        return None
    now = record.entry.started_at.astimezone(course.now.tzinfo)
    then, today = (format_date(at, "long", locale=language.locale) for at in (earlier.at, now))
    pictures = (
        (
            _("First week, {date}").format(date=then),
            _narrow(earlier.hold, earlier.lies_on_cm, f"{hold.toward}-then", _),
        ),
        (
            _("This session, {date}").format(date=today),
            _narrow(hold, cushion_cm(record, hold, course.known), f"{hold.toward}-now", _),
        ),
    )
    other = _("Camera, surface, cushion or movement was another one then: the two are not quite comparable.")
    single = _("Two single holds: what weeks show stands under My progress.")
    return Pair(pictures, _rows(earlier.hold, hold, _), (single,) if earlier.same_setup else (other, single))


def _cushions(record: SessionRecord, course: Course, hold: HoldSummary, other: int, _: Translate) -> Pair:
    lies_on = cushion_cm(record, hold, course.known)
    then = replace(on_cushion(hold, lies_on, other), knee_drop_creep=UNMEASURED_CREEP)
    pictures = (
        (_("As it was: {cushion}").format(cushion=_on(lies_on, _)), _narrow(hold, lies_on, f"{hold.toward}-was", _)),
        (_("Predicted: {cushion}").format(cushion=_on(other, _)), _narrow(then, other, f"{hold.toward}-other", _)),
    )
    taken = _("Load on the trunk, predicted: {less}.").format(less=told_taken(load_taken(hold, then) or 0.0, _))
    return Pair(pictures, (), (taken,))


def _on(height_cm: float, _: Translate) -> str:
    return _("on a cushion of {height} cm").format(height=f"{height_cm:.0f}") if height_cm else _("without a cushion")


def _height(cm: str, lain_on: set[float]) -> int:
    """The height that was asked for, if it is one; else none for who lay on a cushion, a usual one for who did not."""
    usual = USUAL_HEIGHT_CM if lain_on == {0.0} else 0
    return next((one for one in (0, *HEIGHTS_CM) if str(one) == cm and lain_on != {one}), usual)


def _narrow(hold: HoldSummary, lies_on: float, prefix: str, _: Translate) -> str:
    return inside_svg(look_inside(hold), _, lies_on_cm=lies_on, layout=NARROW, prefix=prefix)


def _rows(first: HoldSummary, second: HoldSummary, _: Translate) -> tuple[tuple[str, str, str, str], ...]:
    named = (
        (_("knees"), first.knee_drop_deg, second.knee_drop_deg),
        (_("hips"), first.hip_swing_deg, second.hip_swing_deg),
        (_("trunk twist"), first.trunk_twist_deg, second.trunk_twist_deg),
        (_("chest"), first.thorax_roll_deg, second.thorax_roll_deg),
    )
    return tuple((name, a.in_degrees(_), b.in_degrees(_), _difference(a, b, _)) for name, a, b in named)


def _difference(a: Measured, b: Measured, _: Translate) -> str:
    if a.value is None or a.error is None or b.value is None or b.error is None:
        return ""
    change, error = b.value - a.value, hypot(a.error, b.error)
    told = f"{change + 0.0:+.0f} ± {error:.0f}°"
    return told if abs(change) > TWO_SIDED_95 * error else _("{difference}: within the measuring error").format(difference=told)


# ---- claims ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClaimBlock:
    """A claim in words. standing: its verdict's name, for its look; own: what the person's journal shows of it."""

    id: str
    says: str
    standing: str
    verdict: str
    found: str
    source: tuple[str, ...]
    own: tuple[str, ...]
    cannot: str


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    """All claims, and (verdict's name, words, how many) of each verdict."""

    claims: tuple[ClaimBlock, ...]
    counts: tuple[tuple[str, str, int], ...]


def claims_page(course: Course, language: Language) -> ClaimsPage:
    """The article's claims, their evidence, and what this person's journal can and cannot say."""
    _ = translator(language)
    blocks = tuple(
        ClaimBlock(
            claim.id,
            _(claim.says),
            claim.verdict.value,
            claim.verdict.told(_),
            _(claim.found),
            claim.source,
            own_word(claim, course, _),
            _(claim.cannot),
        )
        for claim in claims()
    )
    counts = Counter(block.standing for block in blocks)
    return ClaimsPage(blocks, tuple((standing.value, standing.told(_), counts[standing.value]) for standing in Standing))
