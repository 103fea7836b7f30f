"""What trainers use: training, evaluation, and the state of the content. `python -m training --help`."""
