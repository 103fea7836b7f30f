"""The guided forms: the pre-check and the request. Answers lie in a sealed draft; the engine knows only the step."""
