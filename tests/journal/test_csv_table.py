"""Numbers are written by columns as they would be one by one."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest

from kneeroll.journal.csv_table import LARGEST, CsvTable

NUMBERS = np.array([[0.0, -0.00001, math.nan], [1 / 3, -12.5, 9999.99996], [LARGEST, -LARGEST, -9.0001], [0.0204, 40.0, 10_000]])
WORDS = ("good", "dark+far", "good", "nobody")


def test_every_number_has_its_sign_and_four_decimals_and_nan_is_empty(tmp_path) -> None:
    with CsvTable(tmp_path / "t.csv", dict.fromkeys("abcde", "number")) as table:
        table.add_trace("first", NUMBERS, np.array(WORDS))
        table.add_trace("second", NUMBERS[:0], np.array(WORDS[:0]))
    with (tmp_path / "t.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == list("abcde")
    assert rows == [
        ["first", *("" if math.isnan(n) else f"{n:.4f}" for n in numbers), words]
        for numbers, words in zip(NUMBERS.tolist(), WORDS, strict=True)
    ]


def test_any_number_is_the_nearest_of_four_decimals(tmp_path) -> None:
    numbers = np.random.default_rng(1).uniform(-1, 1, (500, 3)) * 10.0 ** np.random.default_rng(2).integers(-4, 5, (500, 3))
    with CsvTable(tmp_path / "t.csv", {}) as table:
        table.add_trace("id", numbers, np.full(500, "good"))
    written = np.loadtxt(tmp_path / "t.csv", delimiter=",", usecols=(1, 2, 3), skiprows=1)
    assert written == pytest.approx(numbers, abs=0.5001e-4)
