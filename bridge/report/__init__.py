"""What a correction found and did, for programs (report.json) and for people (report.html).

``figures`` measures, ``report`` is report.json's content, ``page`` is report.html, ``preview`` is
one plane as a PNG, and ``headline`` is the sentence for a terminal or a console.
"""

from bridge.report.document import ReportJson, report
from bridge.report.figures import Figures, FiguresJson, Shadow, figures
from bridge.report.page import page
from bridge.report.pictures import preview
from bridge.report.words import headline

__all__ = [
    "Figures",
    "FiguresJson",
    "ReportJson",
    "Shadow",
    "figures",
    "headline",
    "page",
    "preview",
    "report",
]
