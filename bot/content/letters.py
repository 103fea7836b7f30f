"""Letters as they are compared, in any script: without accents, capitals and signs."""

import unicodedata


def letter(one: str) -> str:
    """A letter, a digit or a vowel sign (those of Bengali belong to their word) as it is; anything else as a space."""
    return one if unicodedata.category(one)[0] in "LMN" else " "


def plain(text: str) -> str:
    """Lower case, without marks, the Arabic article and alef's forms; words only."""
    letters = unicodedata.normalize("NFKD", text.casefold()).replace("ى", "ي").replace("ة", "ه")
    bare = "".join(letter(one) for one in letters if not unicodedata.combining(one))
    return " ".join(word[2:] if word.startswith("ال") and len(word) > 4 else word for word in bare.split())
