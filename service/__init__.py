"""The house as one program: settings, secrets, logs, wiring, and the supervisor that starts every part."""
