#!/usr/bin/env bash
# Make the pictures, train the network and write src/kneeroll/assets/lying.onnx.
# Usage: training/run.sh PEOPLE WORK    PEOPLE: the folder of the renderer of people (body.py); WORK: a scratch folder.
# Stopped, it goes on where it was. Half an hour with a large GPU and 16 cores; a day without one. Needs the group `training`
# and EGL (libegl1; without a GPU Mesa's). With BPY=PYTHON (one that has bpy, and scipy and OpenCV) path-traced pictures join in.
set -euo pipefail
cd "$(dirname "$0")/.."
people=$(cd "$1" && pwd)
work=$(mkdir -p "$2" && cd "$2" && pwd)
cores=$(nproc)
if [ ! -x .tools/bin/uv ]; then scripts/setup.sh test; fi
UV_PYTHON_DOWNLOADS=never .tools/bin/uv sync -q --frozen --group training
python=.venv/bin/python
blazepose=$($python -c 'import importlib.util as u; print(u.find_spec("mediapipe").submodule_search_locations[0])')/modules/pose_landmark/pose_landmark_full.tflite
export OPENBLAS_NUM_THREADS=1

draw() { OMP_NUM_THREADS=1 $python -m training.draw --people "$people" --out "$work/$1" --count "$2" --seed "$1" --cameras 10 --per-body 10 --arms-up "$3"; }
traced() { (cd "$people" && OMP_NUM_THREADS=1 "$BPY" still.py --out "$work/$1" --count 820 --seed "$1" --crop --size 256 --samples 4 --threads 1); }
export -f draw traced
export people work python BPY="${BPY:-}"
{
    echo "draw 203 24 0"
    for seed in $(seq 501 513); do echo "draw $seed 840 0.15"; done
    if [ -n "$BPY" ]; then echo "traced 401" && echo "traced 402"; fi
} | xargs -P "$cores" -I{} bash -euc "{}"

if $python -c 'import torch, sys; sys.exit(not torch.cuda.is_available())'; then on="cuda --half --capacity 150000"; else on="cpu"; fi
if [ -n "$BPY" ]; then few=(--few "$work/401" "$work/402" --few-share 0.05); else few=(); fi
# shellcheck disable=SC2086
$python -m training.train --pictures "$work"/5?? "${few[@]}" --check "$work/203" --blazepose "$blazepose" --out "$work/trained" \
    --steps 6000 --batch 256 --rate 8e-4 --device $on
$python -m training.export --checkpoint "$work/trained/latest.pt" --blazepose "$blazepose" --out src/kneeroll/assets/lying.onnx
