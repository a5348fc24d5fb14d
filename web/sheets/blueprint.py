"""The one blueprint of everything about sheets, so that its endpoints share a name."""

from flask import Blueprint

pages = Blueprint("sheets", __name__)
