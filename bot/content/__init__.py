"""Reads and checks what people wrote in bot/data. Pure Python, imports nothing of ours; both runtimes use it."""

from bot.content.files import ContentError
from bot.content.library import Content, load, read_yaml
from bot.content.topics import Topic

__all__ = ["Content", "ContentError", "Topic", "load", "read_yaml"]
