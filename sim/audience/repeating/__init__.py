"""What viewers play again, one kernel a file."""
