"""Wrong usage of `kneeroll measure` is refused with status 2 and a plain line, before anything is measured or written."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("args", [[], ["clip.mp4", "--sample"]], ids=["neither", "both"])
def test_measure_takes_one_clip_or_the_sample(kneeroll, args):
    said = kneeroll("measure", *args)
    assert said.exit_code == 2
    assert said.stderr == "kneeroll: give one clip, or --sample\n"


def test_a_clip_that_is_not_there_is_said_in_one_line(process, tmp_path):
    said = process("measure", tmp_path / "gone.mp4", "--json", "-")
    assert said.returncode == 2
    assert said.stdout == ""
    assert said.stderr == f"kneeroll: No such file: {tmp_path / 'gone.mp4'}\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"dear diary\n" * 50, "is not a video that can be read"), (b"", "is empty"), (b"\x00\x00\x00\x18ftypmp42" + bytes(99), "")],
    ids=["text", "empty", "only a header"],
)
def test_a_file_that_is_no_video_is_refused(kneeroll, tmp_path, content, said):
    path = tmp_path / "diary.mp4"
    path.write_bytes(content)
    refused = kneeroll("measure", path, "--json", tmp_path / "out.json")
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"kneeroll: {path}")
    assert said in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["diary.mp4"]


def test_a_folder_is_not_a_clip(kneeroll, tmp_path):
    said = kneeroll("measure", tmp_path)
    assert said.exit_code == 2
    assert "is a folder" in said.stderr


@pytest.mark.parametrize("option", ["--json", "--angles", "--video"])
@pytest.mark.parametrize("same", ["the path", "a link"])
def test_the_clip_is_never_written_over(kneeroll, tmp_path, tiny_clip, option, same):
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(tiny_clip.read_bytes())
    out = clip
    if same == "a link":
        out = tmp_path / "link.mp4"
        out.symlink_to(clip)
    said = kneeroll("measure", clip, option, out)
    assert said.exit_code == 2
    assert "is the clip itself" in said.stderr
    assert clip.read_bytes() == tiny_clip.read_bytes()


@pytest.mark.parametrize("option", ["--json", "--angles", "--video"])
def test_a_folder_that_is_missing_is_named_and_nothing_is_written(kneeroll, tmp_path, tiny_clip, option):
    outputs = {"--json": tmp_path / "a.json", "--angles": tmp_path / "a.csv", "--video": tmp_path / "a.mp4"}
    outputs[option] = tmp_path / "missing" / outputs[option].name
    said = kneeroll("measure", tiny_clip, *(word for pair in outputs.items() for word in pair))
    assert said.exit_code == 2
    assert said.stderr.strip().startswith("kneeroll: ")
    assert str(tmp_path / "missing") in said.stderr
    assert not [p.name for p in tmp_path.iterdir() if p.name != "home"]
