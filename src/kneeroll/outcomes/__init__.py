"""What weeks show: questionnaires, measuring error, trends, sides, trials. Pure: values in, values out; time is an argument."""

from kneeroll.outcomes.questionnaires import Change, Questionnaire, Scored, due, my_activities, questionnaires, scores
from kneeroll.outcomes.readings import (
    DoseWeek,
    Measure,
    Reading,
    SetUp,
    Sitting,
    activity_readings,
    angle_reading,
    angle_readings,
    cold,
    comfort_readings,
    dose_readings,
    dose_weeks,
    morning_readings,
)
from kneeroll.outcomes.repeats import Repeatability, repeatability
from kneeroll.outcomes.sides import SideDifference, compare_sides
from kneeroll.outcomes.trends import Lack, Trend, Verdict, trend
from kneeroll.outcomes.trial import TrialOutcome, condition_on, evaluate, plan_trial, running_trial

__all__ = [
    "Change", "DoseWeek", "Lack", "Measure", "Questionnaire", "Reading", "Repeatability", "Scored", "SetUp",
    "SideDifference", "Sitting", "Trend", "TrialOutcome", "Verdict", "activity_readings", "angle_reading", "angle_readings",
    "cold", "comfort_readings", "compare_sides", "condition_on", "dose_readings", "dose_weeks", "due", "evaluate",
    "morning_readings", "my_activities", "plan_trial", "questionnaires", "repeatability", "running_trial", "scores", "trend",
]  # fmt: skip
