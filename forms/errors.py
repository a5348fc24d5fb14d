"""What can go wrong with a sheet, in the words of the person who has to mend it.

Messages name the field, the file or the command, never what a field contains.
"""

from rules.errors import FileError


class FormsError(Exception):
    """Any reason why a sheet cannot be printed; the text is plain Japanese."""


class SheetError(FormsError):
    """A sheet was given something that it has no place for."""


class FontError(FormsError):
    """The sheets' font is not there, or cannot be made."""


class PdfError(FormsError):
    """The sheet could not be printed whole, so it was not printed at all."""


class DefinitionError(FormsError, FileError):
    """A definition, code list or addition is refused: file, line, what to write instead."""
