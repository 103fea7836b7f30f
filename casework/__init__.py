"""Casework: people, consent, requests, tickets and messages.

Models and use cases only. It knows neither Rasa nor the web; what faces people calls it with a session.
"""
