"""What can go wrong in a use case, by name. Each edge turns these into one kind sentence and one log line."""


class CaseworkError(Exception):
    """Base of all errors a use case raises on purpose."""


class NotFound(CaseworkError):
    """There is no such thing, or this caller may not know of it."""


class AlreadyOwned(CaseworkError):
    """Another counsellor was quicker to claim the ticket."""


class NotAllowed(CaseworkError):
    """The ticket's state, or the role of the member of staff, does not permit this step."""


class UnknownKey(CaseworkError):
    """A row was sealed with a key this process does not hold."""


class WrongCredentials(CaseworkError):
    """Name and password do not belong together, or the account is locked for a while."""


class InvitationSpent(CaseworkError):
    """The one-time link was used before, has expired or never existed."""
