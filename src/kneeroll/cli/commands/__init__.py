"""What each command takes, a module a group. Heavy parts are imported by the command that needs them, so that --help is quick."""
