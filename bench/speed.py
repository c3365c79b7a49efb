"""How fast, how large: `kneeroll measure` against real time, memory over ten minutes, start-up, the environment's size.

`python -m bench.speed` prints medians beside their limits; `--quick` leaves the ten-minute clip out.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import av
import psutil

from kneeroll.cameras.clip import open_clip
from kneeroll.cameras.sample import sample_clip_path

TEN_MINUTES_S = 600.0
MEGABYTE = 1e6


def run_time_s(command: list[str], times: int) -> float:
    """Median wall time of a command."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        taken.append(time.perf_counter() - began)
    return median(taken)


def import_time_s(times: int = 7) -> float:
    """Median time of `import kneeroll` in a fresh Python, without the start of Python itself."""
    code = "import time; t = time.perf_counter(); import kneeroll; print(time.perf_counter() - t)"
    return median(
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
        for _ in range(times)
    )


def loop_clip(clip: Path, out: Path, duration_s: float) -> Path:
    """The clip again and again, without encoding it anew."""
    with av.open(str(out), "w") as target:
        written_s = 0.0
        stream = None
        while written_s < duration_s:
            with av.open(str(clip)) as source:
                from_stream = source.streams.video[0]
                stream = stream or target.add_stream_from_template(from_stream)
                assert from_stream.time_base is not None
                shift = round(written_s / from_stream.time_base)
                last_s = written_s
                for packet in source.demux(from_stream):
                    if packet.dts is None or packet.pts is None:
                        continue
                    packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, stream
                    last_s = max(last_s, float((packet.pts + (packet.duration or 0)) * from_stream.time_base))
                    target.mux(packet)
                written_s = last_s
    return out


def memory_mb(command: list[str]) -> tuple[float, float, float]:
    """Resident memory of a command in MB: after a fifth of its run, at its end, and the peak; sampled ten times a second."""
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    samples = []
    while process.poll() is None:
        try:
            samples.append(process.memory_info().rss / MEGABYTE)
        except psutil.Error:
            break
        time.sleep(0.1)
    if process.wait() != 0:
        raise RuntimeError(f"{command} ended with status {process.returncode}")
    late = samples[-20:-3] or samples
    return median(samples[len(samples) // 5 : len(samples) // 5 + 10]), median(late), max(samples)


def folder_mb(folder: Path) -> float:
    """Size of all files of a folder, links not followed."""
    return sum(p.lstat().st_size for p in folder.rglob("*") if not p.is_symlink() and p.is_file()) / MEGABYTE


def for_readme(figures: dict[str, float]) -> str:
    """The README's sentence."""
    return (
        f"Clips: {figures['real_time_x']:.1f} times real time; {figures['memory_mb']:.0f} MB of memory at most over ten minutes, "
        f"at its end {figures['growth_x']:.2f} times that of its beginning."
    )


def report(*, quick: bool = False) -> dict[str, float]:
    """Print every figure beside its limit."""
    kneeroll = [sys.executable, "-m", "kneeroll"]
    with open_clip(sample_clip_path()) as clip:
        sample_s = clip.duration_s
    measured_s = run_time_s([*kneeroll, "measure", "--sample"], 3)
    print("speed and size (medians)")
    figures = {"real_time_x": sample_s / measured_s}
    _line("measure, times real time", figures["real_time_x"], "x", ">= 3 x")
    if not quick:
        with tempfile.TemporaryDirectory() as folder:
            long = loop_clip(sample_clip_path(), Path(folder) / "ten-minutes.mp4", TEN_MINUTES_S)
            early, late, peak = memory_mb([*kneeroll, "measure", str(long)])
        figures |= {"memory_mb": peak, "growth_x": late / early}
        _line("memory over ten minutes, peak", peak, "MB", "< 600 MB")
        _line("memory, last fifth over first fifth", late / early, "x", "flat: < 1.1 x")
    _line("import kneeroll", import_time_s() * 1000, "ms", "< 300 ms")
    _line("kneeroll --help", run_time_s([*kneeroll, "--help"], 7) * 1000, "ms", "< 600 ms")
    _line("environment for `make coach` and tests", folder_mb(Path(sys.prefix)), "MB", "without jax, jaxlib, sentencepiece")
    return figures


def _line(name: str, value: float, unit: str, limit: str) -> None:
    print(f"  {name:40s} {value:7.1f} {unit:3s} {limit}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without the ten-minute clip")
    report(quick=parser.parse_args().quick)
