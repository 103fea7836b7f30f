"""The desk and the web chat: `python -m desk`."""

import uvicorn

import bot.content
from bot.channels.conversation import Conversation
from bot.channels.engine import RasaEngine
from desk.app import create_app
from service import logs
from service.health import health_of
from service.settings import read_settings


def main() -> None:
    """Serve until stopped."""
    logs.configure()
    settings = read_settings()
    database = settings.database()
    content = bot.content.load(show_drafts=settings.show_drafts)
    engine = RasaEngine(settings.engine_url, settings.engine_secret)
    conversation = Conversation(database, engine, content, {"web": settings.chat_url})
    app = create_app(settings, database, content, conversation, health_of(settings, database, engine))
    uvicorn.run(app, host=settings.desk_host, port=settings.desk_port, access_log=False, log_config=None, server_header=False)


if __name__ == "__main__":
    main()
