"""The tests of this site and of the suite itself, in real browsers."""
