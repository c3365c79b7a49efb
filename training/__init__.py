"""Makes the pose network for people who lie down. Not part of the installed package: see training/README.md."""
