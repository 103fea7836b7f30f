"""How people reach the assistant. Every channel goes through `conversation`, the one way in."""
