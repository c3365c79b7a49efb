"""The languages of the page and the voice. The English wording of a text is its key; the command line stays English.

>>> translator(Language.DE)("Pause")
'Pause'
>>> translator(Language.FR)("My own movement")  # what nobody translated is shown as it was written
'My own movement'
"""

from kneeroll.languages.language import N_, Language, Translate, Worded, choose, of_scripts, translations, translator

__all__ = ["N_", "Language", "Translate", "Worded", "choose", "of_scripts", "translations", "translator"]
