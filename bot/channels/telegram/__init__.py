"""The Telegram channel: `python -m bot.channels.telegram` runs the gateway."""
