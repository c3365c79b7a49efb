import subprocess
import sys

import pytest

from kneeroll.errors import MissingNetwork
from kneeroll.estimators import choose
from kneeroll.estimators.choose import load
from kneeroll.networks import DEFAULT, Network


@pytest.mark.parametrize("network", Network)
def test_every_network_loads_and_says_its_name(network):
    estimator = load(network)
    estimator.close()
    assert network.value in estimator.name


def test_without_a_name_the_default_is_loaded():
    estimator = load()
    estimator.close()
    assert DEFAULT.value in estimator.name


def test_what_is_not_asked_for_is_not_imported():
    script = (
        "import sys; from kneeroll.estimators.choose import load; from kneeroll.networks import Network; "
        "load(Network.LYING).close(); print('mediapipe' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr


@pytest.mark.parametrize("network", Network)
def test_nothing_is_printed(network):
    """In a fresh process: the libraries print some lines only once."""
    script = f"""
from kneeroll.cameras.clip import open_clip
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.errors import MissingNetwork
from kneeroll.estimators import choose
from kneeroll.estimators.choose import load
from kneeroll.networks import Network
network = load(Network({network.value!r}))
with open_clip(sample_clip_path()) as clip:
    found = [network.estimate(frame).has_person for frame, _ in zip(clip, range(4))]
network.close()
assert all(found)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_its_extra_blazepose_says_how_to_add_it(monkeypatch):
    monkeypatch.setattr(choose, "find_spec", lambda _: None)
    with pytest.raises(MissingNetwork, match=r"pip install 'kneeroll\[blazepose\]'"):
        load(Network.BLAZEPOSE)
