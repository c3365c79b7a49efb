"""Draw whole sessions of people nobody has seen, with the truth: `python -m training.takes --people DIR --out DIR --count N`.

For `kneeroll bench truth DIR`. Every person does one session, filmed by several cameras: NAME.mp4 (640x480, ten pictures a
second, by the raster renderer of `training.draw`) with NAME.csv and NAME.json beside it. The session's keys are those of
`motion.Session`, its holds cut to some seconds. The same seed gives the same clips; what exists is kept.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from training.arms import Elsewhere, Raised
from training.clips import FPS, HEIGHT_PX, NOISE, WIDTH_PX
from training.draw import Dress, Floats, Mesh, Studio, look_of, room_of

HOLD_S = (9.0, 14.0)
FAULT_S = ((3.0, 4.5), (7.0, 8.5))
"""Where a shoulder lifts, in a hold: from, until."""
ANGLES = ("drop", "dropL", "dropR", "pelvis", "shoulder", "kneeL", "kneeR", "thorax")
LENS_DEG = (58.0, 75.0)
LOW_M, MARGIN_PX = 0.4, 15.0
"""A camera as people are asked to put it: not on the floor, the whole body in the picture, nothing before it."""
END_M, ASIDE, END_HEIGHT_M = (1.7, 3.2), np.radians(20.0), {"foot": (0.35, 0.75), "head": (0.55, 0.95)}
"""A camera at an end of the person: how far from the hips, how far from straight before it, how high."""
BEFORE_M, BOX = 0.75, 36
"""Furniture so near to the line of sight is taken away; vertices of a box."""
HANDS = {"raised": Raised, "elsewhere": Elsewhere}
STILL_M, STILL_FRAMES = 0.002, 5
"""Less than a pixel: what was drawn is shown again, with new noise, for at most so many pictures."""


def session_of(rng: np.random.Generator, motion: Any) -> dict[str, Any]:
    """A random session whose holds are short."""
    session: dict[str, Any] = motion.random_session(rng)
    for step in session["steps"]:
        if step[2].startswith("hold"):
            step[0] = round(float(rng.uniform(*HOLD_S)), 2)
    session["fault"] = {hold: [round(float(rng.uniform(*span)), 1) for span in FAULT_S] for hold in session["fault"]}
    return session


def row_of(movement: Any, frame: int, joints: dict[str, Floats], angles: dict[str, float | None]) -> dict[str, Any]:
    """What every camera has in common: time, phase, angles (degrees), heights (metres)."""
    row: dict[str, Any] = {"t": round(float(movement.t[frame]), 4), "phase": movement.phase[frame]}
    row["fault"] = round(float(movement.fault[frame]), 3)
    row.update({name: "" if angles[name] is None else round(float(angles[name] or 0.0), 2) for name in ANGLES})
    row["shoulderL_z"], row["shoulderR_z"] = (round(float(joints[f"{side}_shoulder"][2]), 4) for side in ("left", "right"))
    row["breath_mm"] = round(1000 * movement.breath_m(frame), 2)
    row.update({f"{name}_{axis}": round(float(v), 4) for name, at in joints.items() for axis, v in zip("xyz", at, strict=True)})
    return row


def place_of(
    rng: np.random.Generator, outlines: list[Floats], floor_z: float, randomise: Any, end: str
) -> tuple[Floats, float, Floats]:
    """A camera's place, anywhere or at an `end`, its lens (degrees across) and the point it looks at."""
    for _ in range(1000):
        if end:
            away, aside = rng.uniform(*END_M), rng.uniform(-ASIDE, ASIDE)
            along = away * np.cos(aside) * (1 if end == "head" else -1)
            at, hfov = np.array([away * np.sin(aside), along, rng.uniform(*END_HEIGHT_M[end])]), float(rng.uniform(*LENS_DEG))
        else:
            camera, _, about = randomise.random_camera(rng, outlines[0], WIDTH_PX, HEIGHT_PX, floor_z)
            at, hfov = np.array(camera[:3, 3]), float(np.clip(about["hfov_deg"], *LENS_DEG))
        target = outlines[0].mean(0) + rng.uniform(-0.08, 0.08, 3) * [1, 1, 0]
        k = randomise.intrinsics(hfov, WIDTH_PX, HEIGHT_PX)
        px, depth = randomise.project(randomise.look_at(at, target), k, np.concatenate(outlines))
        inside = (px > MARGIN_PX).all() and (px < np.array([WIDTH_PX, HEIGHT_PX]) - MARGIN_PX).all()
        if (end or at[2] > LOW_M) and inside and depth.min() > 0.3:
            return at, hfov, target
    raise SystemExit("No camera sees the whole body")


def without_furniture_before(room: Mesh, eyes: list[Floats]) -> Mesh:
    """The room (floor first, then boxes) less what stands between a camera and the body. Walls, bed and mat are large."""
    floor, rest = room[:6], room[6:].reshape(-1, BOX, room.shape[1])
    kept = []
    for box in rest:
        middle, size = box[:, :2].mean(0), np.ptp(box[:, :2], axis=0).max()
        near = False
        for eye in eyes:
            line = np.linspace(0.0, 1.0, 50)[:, None] * eye[None, :2]
            near = near or bool(np.linalg.norm(line - middle, axis=1).min() < BEFORE_M)
        if size > 1.5 or not near:
            kept.append(box)
    return np.concatenate([floor, *kept])


def film(out: Path, name: str, seed: list[int], ends: list[str], studio: Studio, people: Any, hands: str = "") -> None:
    """One person's session, from several places: for each "foot", "head", or anywhere where it is empty."""
    body, export, motion, randomise = people
    rng = np.random.default_rng(seed)
    spec, session = randomise.random_person(rng), session_of(rng, motion)
    human, room, look = body.Human(spec), room_of(rng), look_of(rng)
    arms = HANDS[hands](rng, human, body) if hands else None
    if arms:
        session |= {"steps": [list(step) for step in arms.steps], "fault": {}}
    dress, movement = Dress(human, export), motion.Session(session, FPS, seed[-1])
    first = human.solve(movement.pose(0))

    def posture(frame: int) -> Any:
        posed = human.solve(movement.pose(frame), neck=first.neck, keep_drop=True)
        return arms.at(frame / FPS, posed) if arms else posed

    holds = [movement.phase.index(f"hold_{side}") for side in ("left", "right") if not arms]
    frames = [0, *holds, *(int(t_s * FPS) for t_s in (arms.shown_s if arms else ()))]
    shapes = [posture(frame) if arms else human.solve(movement.pose(frame)) for frame in frames]
    outlines = [randomise.outline(human.vertices(posed)) for posed in shapes]
    places = [place_of(rng, outlines, float(room[0, 2]), randomise, end) for end in ends]
    room = without_furniture_before(room, [at for at, _, _ in places])
    views = [(randomise.look_at(at, target), randomise.intrinsics(hfov, WIDTH_PX, WIDTH_PX)) for at, hfov, target in places]
    above = (WIDTH_PX - HEIGHT_PX) // 2
    files = [out / f"{name}_{letter}.mp4" for letter in "abcdefgh"[: len(ends)]]
    clips = [av.open(str(file.with_suffix(".part.mp4")), "w") for file in files]
    streams = [clip.add_stream("h264", rate=Fraction(FPS), options={"crf": "21", "preset": "veryfast"}) for clip in clips]
    for stream in streams:
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
    tables: list[list[dict[str, Any]]] = [[] for _ in files]
    shown, drawn_at = None, 0
    for frame in range(len(movement)):
        posed = posture(frame)
        vertices = human.vertices(posed, movement.breath_m(frame))
        joints = human.joints(posed, vertices[0])
        row = row_of(movement, frame, joints, body.angles_deg(joints, posed))
        if shown is None or frame - drawn_at >= STILL_FRAMES or np.abs(vertices[0] - shown).max() > STILL_M:
            shown, drawn_at = vertices[0], frame
            drawn = studio.draw(np.concatenate([room, dress.mesh(vertices)]), views, look)
        for (rgb, _), (camera, k), table, clip, stream in zip(drawn, views, tables, clips, streams, strict=True):
            seen = rgb[above : above + HEIGHT_PX] + rng.normal(0, NOISE, (HEIGHT_PX, WIDTH_PX, 3)).astype(np.float32)
            clip.mux(stream.encode(av.VideoFrame.from_ndarray(seen.clip(0, 255).astype(np.uint8), "rgb24")))
            px, _ = randomise.project(camera, k, np.array(list(joints.values())))
            at_px = zip(joints, px - [0, above], strict=True)
            table.append(
                row | {f"{joint}_{axis}": round(float(v), 1) for joint, uv in at_px for axis, v in zip("uv", uv, strict=True)}
            )
    for file, clip, stream, table, (camera, _), (at, hfov, target) in zip(
        files, clips, streams, tables, views, places, strict=True
    ):
        clip.mux(stream.encode(None))
        clip.close()
        with file.with_suffix(".csv").open("w", newline="") as written:
            writer = csv.DictWriter(written, table[0].keys())
            writer.writeheader()
            writer.writerows(table)
        facts = {
            "pos": at.tolist(),
            "target": target.tolist(),
            "hfov": hfov,
            "M4": (camera @ np.diag([1, -1, -1, 1])).tolist(),
            "size": [WIDTH_PX, HEIGHT_PX],
            "fps": FPS,
            "n": len(table),
            "body": spec,
            "stature": human.stature,
            "session": session,
            **(arms.facts if arms else {}),
        }
        file.with_suffix(".json").write_text(json.dumps(facts), "utf-8")
        file.with_suffix(".part.mp4").rename(file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, required=True, help="people")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cameras", type=int, default=4, choices=range(1, 9), help="of each session")
    parser.add_argument("--ends", action="store_true", help="put them low before the feet and behind the head, by turns")
    parser.add_argument("--hands", choices=HANDS, help="raised now and then, or elsewhere than on the floor: for `bench.hands`")
    options = parser.parse_args()
    ends = [("foot", "head")[i % 2] if options.ends else "" for i in range(options.cameras)]
    sys.path.insert(0, str(options.people))
    import body
    import export
    import motion
    import randomise

    options.out.mkdir(parents=True, exist_ok=True)
    studio = Studio(WIDTH_PX)
    for number in range(options.count):
        name = f"{options.seed}_{number:03d}"
        if not (options.out / f"{name}_{'abcdefgh'[options.cameras - 1]}.mp4").exists():
            film(
                options.out,
                name,
                [options.seed, number, 21],
                ends,
                studio,
                (body, export, motion, randomise),
                options.hands or "",
            )
            print(name, flush=True)


if __name__ == "__main__":
    main()
