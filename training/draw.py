"""Draw many labelled pictures of lying people with a raster renderer: `python -m training.draw --people DIR --out DIR --count N`.

`--people` is the folder of the renderer of people (body.py and its neighbours); its path tracer draws a picture a second, this
draws ten, of a plainer look. One posed body is seen by several cameras. Labels are those of the path tracer, as far as
`training.pictures` reads them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import cv2
import moderngl
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SIZE_PX, SHADOW_PX, SAMPLES = 320, 768, 4
SEEN_THROUGH_M = {
    "shoulder": 0.13, "elbow": 0.09, "wrist": 0.07, "hip": 0.19, "knee": 0.12, "ankle": 0.09, "heel": 0.05, "index": 0.05,
    "ear": 0.06, "eye": 0.06, "nose": 0.05,
}  # fmt: skip
"""A joint is seen when the first surface before it is nearer to it than this."""

VERTEX = """
#version 330
uniform mat4 view; uniform mat4 sun;
in vec3 at; in vec3 normal; in vec3 colour; in float grain;
out vec3 world; out vec3 n; out vec3 c; out vec4 lit; out float g; out float depth;
void main() {
    world = at; n = normal; c = colour; g = grain; lit = sun * vec4(at, 1.0);
    gl_Position = view * vec4(at, 1.0); depth = gl_Position.w;
}
"""
FRAGMENT = """
#version 330
uniform sampler2DShadow shade; uniform vec3 eye;
uniform vec3 sun_at; uniform vec3 sun_rgb; uniform vec3 sky_rgb; uniform vec3 ground_rgb;
uniform int kind; uniform vec3 floor_two; uniform float floor_scale;
in vec3 world; in vec3 n; in vec3 c; in vec4 lit; in float g; in float depth;
out vec4 picture;
float hash(vec3 p) { return fract(sin(dot(floor(p), vec3(12.9898, 78.233, 37.719))) * 43758.5453); }
void main() {
    vec3 m = normalize(n);
    vec3 to_eye = normalize(eye - world);
    if (dot(m, to_eye) < 0.0) m = -m;
    vec3 base = c;
    if (g > 1.5) {                                             // the floor
        vec2 p = world.xy * floor_scale;
        float row = floor(p.y * 3.0);
        float two = kind == 0 ? hash(vec3(floor(p.x + 0.37 * row), row, 1.0))
                  : kind == 1 ? mod(floor(p.x) + floor(p.y), 2.0)
                  : hash(vec3(p * 60.0, 3.0));
        base = mix(c, floor_two, two);
    }
    base *= 1.0 + 0.10 * (hash(world * 90.0) - 0.5) * min(g, 1.0);
    vec3 to_sun = normalize(sun_at - world);
    vec3 s = lit.xyz / lit.w * 0.5 + 0.5;
    float open = 0.0;
    for (int i = -1; i <= 1; i++) for (int j = -1; j <= 1; j++)
        open += texture(shade, vec3(s.xy + vec2(i, j) * 0.003, s.z - 0.0012)) / 9.0;
    if (any(lessThan(s.xy, vec2(0.0))) || any(greaterThan(s.xy, vec2(1.0)))) open = 1.0;
    float near_floor = mix(0.55, 1.0, smoothstep(0.0, 0.25, world.z));   // less sky between the body and the mat
    vec3 ambient = mix(ground_rgb, sky_rgb, 0.5 + 0.5 * m.z) * (g > 1.5 ? 1.0 : near_floor);
    vec3 half_way = normalize(to_sun + to_eye);
    vec3 light = ambient + sun_rgb * open * max(dot(m, to_sun), 0.0);
    vec3 shine = sun_rgb * open * 0.08 * pow(max(dot(m, half_way), 0.0), 24.0);
    picture = vec4(pow(clamp(base * light + shine, 0.0, 1.0), vec3(1.0 / 2.2)), depth);
}
"""
SHADOW = """
#version 330
uniform mat4 sun; in vec3 at;
void main() { gl_Position = sun * vec4(at, 1.0); }
"""

Mesh = NDArray[np.float32]
"""(V, 10): position, normal, linear colour, grain (0 smooth, 1 cloth or skin, 2 the floor); three vertices a triangle."""


def boxes(specs: list[tuple[Floats, Floats, float, Floats]]) -> Mesh:
    """Boxes as triangles: centre (3,), size (3,), turn in radians, linear colour (3,)."""
    corners = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
    faces = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
    out = []
    for centre, size, turn, colour in specs:
        c, s = np.cos(turn), np.sin(turn)
        at = (corners * size) @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) + centre
        for a, b, e, d in faces:
            normal = np.cross(at[b] - at[a], at[d] - at[a])
            normal /= max(float(np.linalg.norm(normal)), 1e-9)
            out += [[*at[i], *normal, *colour, 0.6] for i in (a, b, e, a, e, d)]
    return np.array(out, np.float32).reshape(-1, 10)


def plane(z: float, colour: Floats) -> Mesh:
    """The floor."""
    at = [(-9, -9), (9, -9), (9, 9), (-9, -9), (9, 9), (-9, 9)]
    return np.array([[x, y, z, 0, 0, 1, *colour, 2.0] for x, y in at], np.float32)


class Dress:
    """A person's triangles: corners and colours are looked up once, each posture moves them."""

    def __init__(self, human: Any, export: Any) -> None:
        texture, shift, flat = human.skin_look()
        faces, face_uv = human.visible_faces()
        pieces = [(texture, shift, None if texture else flat, faces, face_uv, human.uv, human.weights)]
        for part in human.parts:
            spec = part.spec
            path = f"{spec['dir']}/{spec['tex']}"
            pieces.append((path, spec.get("hsv"), spec.get("flat"), part.faces, part.face_uv, part.uv, part.weights))
        self.corners, self.colours = [], []
        for path, hsv, plain, f, fuv, uv, _ in pieces:
            corner, corner_uv = export.triangles(f), uv[export.triangles(fuv)].reshape(-1, 2)
            if plain:
                srgb = np.broadcast_to(255 * np.array(plain) ** (1 / 2.2), (corner.size, 3))
            else:
                srgb = export.look_up(path, corner_uv, hsv)
            self.corners.append(corner)
            self.colours.append((np.asarray(srgb) / 255) ** 2.2)
        self._normals_of = export.normals_of

    def mesh(self, vertices: list[Floats]) -> Mesh:
        """The triangles for the vertices of each piece."""
        out = []
        for corner, colour, at in zip(self.corners, self.colours, vertices, strict=True):
            normal = self._normals_of(at, corner)[corner].reshape(-1, 3)
            grain = np.ones((corner.size, 1))
            out.append(np.hstack([at[corner].reshape(-1, 3), normal, colour, grain]).astype(np.float32))
        return np.concatenate(out)


def clip_from_world(camera_to_world: Floats, k: Floats, size: int) -> Floats:
    """(4, 4) for OpenGL from x right, y down, z forward; row 0 of the picture is the top."""
    near, far = 0.05, 30.0
    projection = np.array(
        [
            [2 * k[0, 0] / size, 0, 2 * k[0, 2] / size - 1, 0],
            [0, 2 * k[1, 1] / size, 2 * k[1, 2] / size - 1, 0],
            [0, 0, (far + near) / (far - near), -2 * far * near / (far - near)],
            [0, 0, 1, 0],
        ]
    )
    return np.asarray(projection @ np.linalg.inv(camera_to_world))


class Studio:
    """Draws triangles into a square picture with one lamp that throws shadows."""

    def __init__(self, size_px: int = SIZE_PX) -> None:
        self.size_px = size_px
        self.gl = gl = moderngl.create_context(standalone=True, backend="egl")
        self.program = gl.program(vertex_shader=VERTEX, fragment_shader=FRAGMENT)
        self.shadow = gl.program(vertex_shader=SHADOW, fragment_shader="#version 330\nvoid main() {}")
        self.drawn = gl.framebuffer(
            [gl.renderbuffer((size_px, size_px), 4, samples=SAMPLES, dtype="f2")],
            gl.depth_renderbuffer((size_px, size_px), samples=SAMPLES),
        )
        self.plain: list[Any] = []
        self.shade = gl.depth_texture((SHADOW_PX, SHADOW_PX))
        self.shade.compare_func = "<="
        self.shaded = gl.framebuffer(depth_attachment=self.shade)
        gl.enable(moderngl.DEPTH_TEST)

    def draw(
        self, mesh: Mesh, views: list[tuple[Floats, Floats]], look: dict[str, Any]
    ) -> list[tuple[NDArray[np.uint8], Floats]]:
        """RGB pictures (size, size, 3) and depths (size, size) in metres, one for each (camera to world, K)."""
        gl = self.gl
        buffer = gl.buffer(np.ascontiguousarray(mesh).tobytes())
        sun = _sun(look["sun_at"])
        self.shaded.use()
        self.shaded.clear(depth=1.0)
        self.shadow["sun"].write(sun.T.astype("f4").tobytes())
        array = gl.vertex_array(self.shadow, [(buffer, "3f 7x4", "at")])
        array.render()
        array.release()
        for name, value in look.items():
            self.program[name].value = tuple(value) if np.ndim(value) else value
        self.program["sun"].write(sun.T.astype("f4").tobytes())
        self.shade.use(0)
        self.program["shade"].value = 0
        array = gl.vertex_array(self.program, [(buffer, "3f 3f 3f 1f", "at", "normal", "colour", "grain")])
        while len(self.plain) < len(views):
            self.plain.append(gl.framebuffer([gl.renderbuffer((self.size_px, self.size_px), 4, dtype="f2")]))
        for (camera, k), plain in zip(views, self.plain, strict=False):
            self.drawn.use()
            self.drawn.clear(0.0, 0.0, 0.0, 30.0, depth=1.0)
            self.program["view"].write(clip_from_world(camera, k, self.size_px).T.astype("f4").tobytes())
            self.program["eye"].value = tuple(float(v) for v in camera[:3, 3])
            array.render()
            gl.copy_framebuffer(plain, self.drawn)
        found = []
        for plain in self.plain[: len(views)]:  # read when all are drawn: a GPU draws on meanwhile
            pixels = np.frombuffer(plain.read(components=4, dtype="f2"), np.float16).reshape(self.size_px, self.size_px, 4)
            found.append(((pixels[..., :3].astype(np.float32) * 255).clip(0, 255).astype(np.uint8), pixels[..., 3].astype(float)))
        array.release()
        buffer.release()
        return found


def _sun(at: Floats) -> Floats:
    """(4, 4) what the lamp sees: 1.6 m around the belly."""
    z = -np.array(at) / np.linalg.norm(at)
    x = np.cross(z, [0.0, 1.0, 0.1])
    x /= np.linalg.norm(x)
    pose = np.eye(4)
    pose[:3, 0], pose[:3, 1], pose[:3, 2], pose[:3, 3] = x, np.cross(z, x), z, at
    far = float(np.linalg.norm(at))
    scale = np.diag([1 / 1.6, 1 / 1.6, 2 / 4.0, 1.0])
    scale[2, 3] = -2 * (far - 2.0) / 4.0 - 1
    return np.asarray(scale @ np.linalg.inv(pose))


def room_of(rng: np.random.Generator) -> Mesh:
    """Floor, mat or bed, walls and furniture: plain, but never twice the same."""

    def colour(low: float = 0.03, high: float = 0.75) -> Floats:
        tint = rng.uniform(0.6, 1.4, 3) if rng.random() < 0.6 else np.ones(3)
        return np.clip(rng.uniform(low, high) * tint, 0.01, 0.95)

    z, things = -0.012, []
    lie_on = rng.choice(["mat", "floor", "bed"], p=[0.68, 0.2, 0.12])
    if lie_on == "mat":
        size = np.array([rng.uniform(0.55, 1.1), rng.uniform(1.6, 2.2), 0.010])
        things.append((np.array([*rng.uniform(-0.08, 0.08, 2), -0.006]), size, rng.uniform(-0.12, 0.12), colour()))
    elif lie_on == "bed":
        z = -rng.uniform(0.35, 0.55)
        size = np.array([rng.uniform(1.3, 1.9), rng.uniform(2.0, 2.3), -z])
        things.append((np.array([0.0, 0.0, z / 2 - 0.002]), size, 0.0, colour(0.2, 0.9)))
    half, wall, yaw = rng.uniform(2.6, 4.4, 2), colour(0.15, 0.9), rng.uniform(0, np.pi)
    turned = np.array([[np.cos(yaw), np.sin(yaw)], [-np.sin(yaw), np.cos(yaw)]])
    for at, size in (((0, 1), (2, 0)), ((0, -1), (2, 0)), ((1, 0), (0, 2)), ((-1, 0), (0, 2))):
        centre = (np.array(at) * half) @ turned
        sizes = np.array([*(np.array(size) * half + 0.05), 3.0])
        things.append((np.array([*centre, 1.4]), sizes, yaw, wall))
    for _ in range(int(rng.integers(3, 16))):
        reach, a = rng.uniform(1.3, 3.2), rng.uniform(0, 2 * np.pi)
        size = rng.uniform(0.1, 1.0, 3)
        things.append(
            (
                np.array([reach * np.cos(a), reach * np.sin(a), z + size[2] / 2 + (rng.random() < 0.2)]),
                size,
                rng.uniform(0, 3),
                colour(),
            )
        )
    return np.concatenate([plane(z, colour(0.05, 0.7)), boxes(things)])


def look_of(rng: np.random.Generator) -> dict[str, Any]:
    """Lamp, sky and floor pattern."""
    bright = float(np.exp(rng.normal(0.0, 0.35)))
    a, r = rng.uniform(0, 2 * np.pi), rng.uniform(0.3, 2.6)
    share = rng.uniform(0.25, 0.8)
    warm = np.array([1.0, rng.uniform(0.85, 1.0), rng.uniform(0.7, 1.0)])
    return {
        "sun_at": np.array([r * np.cos(a), r * np.sin(a), rng.uniform(1.4, 2.7)]),
        "sun_rgb": 1.25 * bright * share * warm,
        "sky_rgb": 1.1 * bright * (1 - share) * np.array([rng.uniform(0.85, 1), rng.uniform(0.9, 1), 1.0]),
        "ground_rgb": 0.7 * bright * (1 - share) * warm,
        "kind": int(rng.integers(3)),
        "floor_two": np.clip(rng.uniform(0.03, 0.6) * rng.uniform(0.7, 1.3, 3), 0.01, 0.9),
        "floor_scale": float(np.exp(rng.uniform(np.log(0.7), np.log(4.0)))),
    }


def things_before(rng: np.random.Generator, eye: Floats, joints: dict[str, Floats], floor_z: float) -> Mesh:
    """Now and then a box between the camera and the feet."""
    feet = (joints["left_ankle"] + joints["right_ankle"]) / 2
    way = np.array([eye[0] - feet[0], eye[1] - feet[1]])
    reach = float(np.linalg.norm(way))
    if reach < 0.9:
        return np.zeros((0, 10), np.float32)
    at = feet[:2] + way / reach * rng.uniform(0.3, min(0.5, reach - 0.4))
    height = rng.uniform(0.12, 0.4)
    size = np.array([rng.uniform(0.2, 0.5), rng.uniform(0.12, 0.35), height])
    return boxes([(np.array([*at, floor_z + height / 2]), size, rng.uniform(0, 3), rng.uniform(0.03, 0.75, 3))])


HELPED, HELPER_IN = 0.35, 0.6
"""The share of rooms with a second person, and of the postures there in which that person is near."""


def second_person(rng: np.random.Generator, helper: Any, body: Any, motion: Any, floor_z: float) -> list[Floats]:
    """Vertices of somebody else: mostly standing or kneeling and looking at the first, now and then lying beside."""
    a, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.5, 1.5)
    at = np.array([(0.25 + reach) * np.cos(a), (0.55 + reach) * np.sin(a)])
    if rng.random() < 0.2:
        beside = np.array([np.sign(at[0]) * rng.uniform(0.75, 1.3), rng.uniform(-0.4, 0.4), 0.0])
        posed = helper.solve(motion.random_pose(rng)[1])
        return [v + beside for v in helper.vertices(posed)]
    heading = float(np.degrees(np.arctan2(-at[0], at[1])) + rng.normal(0, 40))
    return [v + np.array([0.0, 0.0, floor_z]) for v in helper.vertices(upright(rng, helper, at, heading))]


UPRIGHT, EMPTY = 0.08, 0.03
"""The share of postures that stand or kneel, so that somebody who does not lie down yet is seen; and of rooms without anybody."""


def upright(rng: np.random.Generator, human: Any, at: Floats, heading: float) -> Any:
    """The posture of somebody who stands or kneels at (2,), facing `heading` degrees."""
    kneel = bool(rng.random() < 0.5)
    return human.solve_upright(at, heading, kneel, lean=rng.uniform(0, 25 if kneel else 12), arm_down=rng.uniform(25, 50))


def raised(human: Any, body: Any, posed: Any, side: str, by_rad: float) -> Any:
    """The posture with one arm turned up about its shoulder."""
    shoulder, hand = f"upperarm_{side[0]}", f"hand_{side[0]}"
    at = posed.head[shoulder]
    turn = body.rot_axis(np.cross(posed.head[hand] - at, [0.0, 0.0, 1.0]), by_rad)
    arm = [bone for bone in human.bones if shoulder in up_from(human, bone)]
    rotation = posed.rotation | {bone: turn @ posed.rotation[bone] for bone in arm}
    head = posed.head | {bone: at + turn @ (posed.head[bone] - at) for bone in arm}
    return human._complete(rotation, head, posed.neck)


def up_from(human: Any, bone: str) -> list[str]:
    above = [bone]
    while (parent := human.parent[above[-1]]) in human.bone_index:
        above.append(parent)
    return above


def cushion_under(rng: np.random.Generator, joints: dict[str, Floats]) -> Mesh:
    """A cushion or a pile of books below the lower knee."""
    knee = min((joints["left_knee"], joints["right_knee"]), key=lambda k: k[2])
    height = max(float(knee[2]) - rng.uniform(0.04, 0.08), 0.04)
    size = np.array([rng.uniform(0.25, 0.5), rng.uniform(0.25, 0.5), height])
    at = np.array([knee[0] + rng.uniform(-0.08, 0.08), knee[1] + rng.uniform(-0.1, 0.1), height / 2])
    return boxes([(at, size, rng.uniform(0, 3), rng.uniform(0.03, 0.8, 3))])


FAR = 0.25
"""The share of pictures that show more of the room: a person is to be found before the square fits."""


def wider(k: Floats, factor: float) -> Floats:
    """The camera matrix (3, 3) of a picture as large that shows `factor` times as much each way."""
    found = k.copy()
    found[:2] /= factor
    found[:2, 2] += SIZE_PX / 2 * (1 - 1 / factor)
    return found


def label(joints: dict[str, Floats], camera: Floats, k: Floats, depth_map: Floats) -> dict[str, Any]:
    """Where each joint is, and whether it is seen."""
    found = {}
    inverse = np.linalg.inv(camera)
    for name, xyz in joints.items():
        at = inverse[:3, :3] @ xyz + inverse[:3, 3]
        u, v = (k @ at)[:2] / at[2]
        inside = bool(at[2] > 0 and 0 <= u < SIZE_PX and 0 <= v < SIZE_PX)
        limit = SEEN_THROUGH_M[name.split("_")[-1]]
        seen = inside and at[2] - depth_map[int(v), int(u)] < limit
        found[name] = {"uv": [round(float(u), 2), round(float(v), 2)], "xyz": [round(float(c), 4) for c in xyz],
                       "depth": round(float(at[2]), 4), "visible": bool(seen)}  # fmt: skip
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, required=True, help="postures")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--arms-up", type=float, default=0.0, help="the share of lying postures with one or both arms raised")
    parser.add_argument("--per-body", type=int, default=8, help="postures of one body in one room")
    parser.add_argument("--cameras", type=int, default=6, help="pictures of one posture")
    options = parser.parse_args()
    sys.path.insert(0, str(options.people))
    import body
    import export
    import motion
    import randomise

    options.out.mkdir(parents=True, exist_ok=True)
    studio, group = Studio(), -1
    done = {json.loads(line)["file"] for line in _lines(options.out / "labels.jsonl")}
    for number in range(options.count):
        name = f"{options.seed:04d}_{number:06d}"
        if f"{name}_{options.cameras - 1}.jpg" in done:
            continue
        if group != number // options.per_body:
            group = number // options.per_body
            rng = np.random.default_rng([options.seed, group, 11])
            human = body.Human(randomise.random_person(rng))
            dress, room = Dress(human, export), room_of(rng)
            helper = body.Human(randomise.random_person(rng)) if rng.random() < HELPED else None
            helper_dress = Dress(helper, export) if helper else None
        rng = np.random.default_rng([options.seed, number, 12])
        floor_z = float(room[0, 2])
        kind = str(rng.choice(["lying", "upright", "nobody"], p=[1 - UPRIGHT - EMPTY, UPRIGHT, EMPTY]))
        if kind == "upright":
            posed, floor = upright(rng, human, rng.uniform(-0.5, 0.5, 2), rng.uniform(0, 360)), np.array([0.0, 0.0, floor_z])
        else:
            name_of, pose, _ = motion.random_pose(rng)
            posed, floor = human.solve(pose), np.zeros(3)
            if rng.random() < options.arms_up:
                sides = (("left",), ("right",), ("left", "right"))[int(rng.integers(3))]
                for side in sides:
                    posed = raised(human, body, posed, side, np.radians(rng.uniform(25, 100)))
            kind = name_of if kind == "lying" else kind
        vertices = [v + floor for v in human.vertices(posed, float(rng.uniform(0, 0.01)))]
        joints = {joint: at + floor for joint, at in human.joints(posed, vertices[0] - floor).items()}
        outline = randomise.outline(vertices)
        views, truths = [], []
        for _ in range(options.cameras):
            camera, k, about = randomise.random_camera(rng, outline, 640, 480, floor_z)
            k = randomise.crop_to(rng, k, camera, outline, SIZE_PX)
            views.append((camera, wider(k, float(np.exp(rng.uniform(0.0, 1.0)))) if rng.random() < FAR else k))
            truths.append({a: round(float(v), 3) for a, v in about.items()})
        mesh = [room] if kind == "nobody" else [room, dress.mesh(vertices)]
        if rng.random() < 0.3:
            mesh.append(things_before(rng, views[0][0][:3, 3], joints, floor_z))
        if helper_dress and kind != "nobody" and rng.random() < HELPER_IN:
            mesh.append(helper_dress.mesh(second_person(rng, helper, body, motion, floor_z)))
        knee_m = min(float(joints[f"{side}_knee"][2]) for side in ("left", "right"))
        if kind == "twist" and 0.08 < knee_m < 0.3 and rng.random() < 0.4:
            mesh.append(cushion_under(rng, joints))
        drawn = studio.draw(np.concatenate(mesh), views, look_of(rng))
        lines = []
        for i, ((camera, k), (rgb, depth), about) in enumerate(zip(views, drawn, truths, strict=True)):
            file = f"{name}_{i}.jpg"
            cv2.imwrite(str(options.out / file), rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(70, 95))])
            where = {} if kind == "nobody" else label(joints, camera, k, depth)
            lines.append(json.dumps({"file": file, "joints": where, "K": np.round(k, 4).tolist(), "kind": kind, "camera": about}))
        with (options.out / "labels.jsonl").open("a") as labels:
            labels.write("\n".join(lines) + "\n")


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else []


if __name__ == "__main__":
    main()
