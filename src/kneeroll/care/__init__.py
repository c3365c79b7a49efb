"""What may be done, what comes next, and when: from what was said and done. Pure: no clock, no files, no camera."""
