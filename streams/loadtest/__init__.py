"""Load tests: a target is asked at its intended times, whatever it answers, and what it answered is measured."""
