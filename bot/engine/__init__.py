"""What runs inside Rasa (Python 3.10). It imports bot.content and nothing else of ours."""
