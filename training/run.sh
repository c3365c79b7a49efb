#!/usr/bin/env bash
# Make the pictures, train the network and write src/kneeroll/assets/lying.onnx.
# Usage: training/run.sh PEOPLE WORK    PEOPLE: the folder of the renderer of people (body.py); WORK: a scratch folder.
# Stopped, it goes on where it was. About seven hours on two slow cores. Needs the group `training` and Mesa's EGL (libegl1).
# Five rounds: the learning rate falls to nothing in each, and the next one begins from the weights of the one before.
set -euo pipefail
cd "$(dirname "$0")/.."
people=$1 work=$2
if [ ! -x .tools/bin/uv ]; then scripts/setup.sh test; fi
UV_PYTHON_DOWNLOADS=never .tools/bin/uv sync -q --frozen --group training
python=.venv/bin/python
blazepose=$($python -c 'import importlib.util as u; print(u.find_spec("mediapipe").submodule_search_locations[0])')/modules/pose_landmark/pose_landmark_full.tflite
export OPENBLAS_NUM_THREADS=1

draw() { $python -m training.draw --people "$people" --out "$work/$1" --count "$2" --seed "$1" "${@:3}"; }
draw 201 1025 &
draw 202 221
wait
draw 203 40
draw 204 1370 &
draw 205 1373
wait
draw 206 1370 &
draw 207 1370
wait
draw 208 1060
draw 210 150 --arms-up 1 &
draw 211 150 --arms-up 1
wait

round() {  # round NAME STEPS "SEED SEED ..." [--from CHECKPOINT ...]
    local pictures=()
    for seed in $3; do pictures+=("$work/$seed"); done
    $python -m training.train --pictures "${pictures[@]}" --check "$work/203" --blazepose "$blazepose" --out "$work/$1" --steps "$2" "${@:4}"
}
round first 2000 "201 202"
round second 1200 "204 205" --from "$work/first/latest.pt"
round third 1800 "204 205" --from "$work/second/latest.pt"
round fourth 8600 "204 205 206 207 208" --from "$work/third/latest.pt" --rate 3e-4
# hands that come up to the ceiling, for the gestures
round fifth 700 "210 211 210 211 210 211 207" --from "$work/fourth/latest.pt" --rate 1e-4
$python -m training.export --checkpoint "$work/fifth/latest.pt" --blazepose "$blazepose" --out src/kneeroll/assets/lying.onnx
