"""Files become the table."""

from engine.opening import rejected
from engine.opening.allowed_folders import check_allowed
from engine.opening.demo import demo_corpus
from engine.opening.describe import choose_view, treat_as_category
from engine.opening.destination import check_name
from engine.opening.edits import CELL_EDITS, EDITS, LOG_EDITS
from engine.opening.edits.make import make_edit, preview_edit
from engine.opening.find import as_written, is_readable
from engine.opening.guesses import Guess
from engine.opening.log import Log, LogTable, columns_guessed, log_ref, log_table, read_log, uploaded_log
from engine.opening.open import inputs_of, open_source
from engine.opening.options import ROLES, SourceOptions
from engine.opening.pooled_chats import as_chats, unpooled
from engine.opening.preview import FileTexts, Preview, preview
from engine.opening.sources import FILE_FORMATS, SOURCES
from engine.opening.suggestions import suggestions
from engine.opening.text_set import read_texts, uploaded_texts
