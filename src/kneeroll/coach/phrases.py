"""Every line the coach can say, by key. Short, kind, and each says what to do.

What is said of a movement itself stands in the movement's own file, see `kneeroll.movements`.
"""

from __future__ import annotations

from kneeroll.events import Fault
from kneeroll.movements import Movement
from kneeroll.poses import Quality, Reading, Side

PLACE = "Place the camera at an angle, between your side and your head or your feet, at the height of a table or a little higher."

SPOKEN_BY_MOVEMENT = {
    "start_position": "start_position",
    "lower_left": "go_left",
    "lower_right": "go_right",
    "lower": "go",
    "hold": "hold",
    "back_to_centre": "back",
}
"""Lines that each movement has of its own: the coach's key, and the movement's."""

_LINES = {
    "welcome": "Welcome. Take your time, and stay in the range that feels comfortable.",
    "get_ready": "Take your time to get ready. I begin when the time is up.",
    "get_ready_watched": "Take your time to lie down. I begin when you lie still, or when the time is up.",
    "not_in_view": "I cannot see you yet. Please lie down where the camera can see your whole body.",
    "lie_down": "Please lie down on your back.",
    "known": "Thank you, I know your start position now.",
    "known_elsewhere": "Thank you, I know your start position now. The camera stands elsewhere than last time: "
    "today's numbers do not compare with those.",
    "known_on_another_surface": "Thank you, I know your start position now. Last time you lay on something else: "
    "today's numbers do not compare with those.",
    "past_cushion": "You are deeper than your cushion. Come back up, and lay it close under your knees.",
    "past_limit": "That is deeper than your plan goes. Come up a little, and rest there.",
    "mind_arms_low": "Keep your arms lower than your shoulders.",
    "mind_head_raised": "Keep your head raised on a pillow.",
    "mind_pillow_between_knees": "Keep a pillow between your knees.",
    "lower_again_left": "Let your knees sink to the left once more, for the rest of this hold.",
    "lower_again_right": "Let your knees sink to the right once more, for the rest of this hold.",
    "rest_there": "Go only as far as is comfortable. Then rest there, and stay still.",
    "other_side_first": "That is fine, we take this side first.",
    "half": "Half way. Keep breathing.",
    "keep_breathing": "Keep breathing, slowly.",
    "still_to_centre": "Bring your knees all the way back to the middle.",
    "finished": "That was the last one. Well done. Rest for a moment before you get up. The session is finished.",
    "paused": "Paused. Come back slowly to the middle and rest. Tap, or press any key, when you want to go on.",
    "paused_watched": "Paused. Come back slowly to the middle and rest. Raise one hand when you want to go on.",
    "resumed": "We go on.",
    "stopped": "Stopped. Come back slowly to the middle and rest.",
    "pain": "We stop here. Come back slowly to the middle and rest. "
    "If it is sharp or does not settle, consider asking a health professional.",
    "too_much_before": "Above five is too much for today. Rest for two days, and begin one level lower then. "
    "If it is sharp or does not settle, consider asking a health professional.",
    "too_much_after": "Above five is too much. Rest for two days, and begin one level lower then. "
    "If it is sharp or does not settle, consider asking a health professional.",
    "above_plan_before": "That is more than your plan allows. Rest for two days, then begin one level lower. "
    "If it is sharp or does not settle, consider asking a health professional.",
    "above_plan_after": "That is more than your plan allows. Rest for two days, then begin one level lower. "
    "If it is sharp or does not settle, consider asking a health professional.",
    "stop_sharp": "Thank you for saying so. Rest for two days, and begin one level lower then. "
    "If it does not settle, consider asking a health professional.",
    "stop_leg": "Thank you for saying so. "
    "If a leg tingles, is numb or weak, do not use this stretch until a health professional agrees.",
    "tracking_lost": "I have lost sight of you. Stay comfortable; I wait for you.",
    "camera_lost": "No pictures reach me any more. Please look at the camera and this page. I wait.",
    "camera_frozen": "The picture stands still. Please look at the camera. I wait for it.",
    "tracking_found": "I see you again.",
    "fault_left_shoulder_lifted": "Let your left shoulder melt back down to the mat. Less depth is fine.",
    "fault_right_shoulder_lifted": "Let your right shoulder melt back down to the mat. Less depth is fine.",
    "fault_knees_parted": "Bring your knees together, one resting on the other.",
    "fault_feet_slid": "Bring your feet back to where they were.",
    "fault_rushed": "Slower. Take about four seconds for the way.",
    "fault_not_centred": "Come all the way back to the middle first.",
    "mended": "Thank you, that is good. The clock runs again.",
    "blocker_no_person": "I cannot see you. Lie down where the camera can see your whole body.",
    "blocker_too_dark": "It is too dark for me to see you. Please switch on a light.",
    "blocker_not_lying": "I see you standing. Please lie down on your back.",
    "blocker_feet_out_of_frame": "Move the camera back: I cannot see your feet.",
    "blocker_out_of_frame": "Move the camera back: I cannot see your whole body.",
    "aim_turn_left": "Turn the camera a little to its left, or move a little: you are half out of its picture.",
    "aim_turn_right": "Turn the camera a little to its right, or move a little: you are half out of its picture.",
    "aim_tilt_up": "Tilt the camera up a little, or move a little: you are half out of its picture.",
    "aim_tilt_down": "Tilt the camera down a little, or move a little: you are half out of its picture.",
    "aim_move_back": "Move the camera back, or higher: I cannot see your whole body.",
    "aim_move_closer": "Bring the camera closer: you are very small in its picture.",
    "blocker_view_unsupported": "From here I cannot measure. " + PLACE,
    "blocker_implausible_limbs": "I cannot make out your legs from here. " + PLACE,
    "blocker_poor_fit": "I cannot make out the start position. "
    "Lie on your back, knees bent, feet flat on the floor, arms out to the sides.",
    "blocker_camera_moved": "I see you, but not as before. Is the camera where it was? "
    "Put it back, or lie in the start position once more and stay still.",
    "blocker_jumped": "Hold still for a moment, I am looking for you.",
    "blocker_sides_swapped": "Hold still for a moment, I am looking for you.",
    "blocker_not_calibrated": "Stay still for two seconds in the start position.",
    "blocker_never_still": "Stay still for two seconds in the start position.",
}


def phrase(key: str) -> str:
    """The line for a key; KeyError for a key that nobody wrote."""
    return _LINES[key]


def spoken(key: str, movement: Movement) -> str:
    """The line for a key while this movement is done; KeyError where there is none."""
    own = SPOKEN_BY_MOVEMENT.get(key)
    return movement.say[own] if own else phrase(key)


def lasts_s(line: str) -> float:
    """How long the voice takes for a line, to a second (fitted to espeak-ng at 140 words a minute)."""
    return 0.4 + 0.071 * len(line)


def all_phrases() -> dict[str, str]:
    """Every line by key."""
    return dict(_LINES)


def advice_key(reading: Reading) -> str | None:
    """The key of what to change so that this frame can be measured; None where nothing is in the way."""
    if reading.aim and (not reading.blockers or reading.blockers[0] in _BY_AIM):
        return f"aim_{reading.aim.value}"
    return f"blocker_{reading.blockers[0]}" if reading.blockers else None


_BY_AIM = {reason for quality in (Quality.OUT_OF_FRAME, Quality.FEET_OUT_OF_FRAME) for reason in quality.reasons}


def fault_key(fault: Fault, side: Side | None) -> str:
    """The key that mends a fault of posture: knees that sink to a side lift the other side's shoulder."""
    other = f"{side.other.value}_" if fault is Fault.SHOULDER_LIFTED and side is not None else ""
    return f"fault_{other}{fault.value}"


def lower_key(side: Side | None, again: bool = False) -> str:
    """The key that asks to go to a side, or to go where the movement has none."""
    return "lower" if side is None else f"lower_{'again_' if again else ''}{side.value}"
