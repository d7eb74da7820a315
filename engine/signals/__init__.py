"""Rows get values: row signals see one text at a time, corpus signals the whole dataset."""

from engine.registry import Registry
from engine.signals._ranks import ranks, weighted_mean
from engine.signals.corpus.boilerplate import boilerplate
from engine.signals.corpus.compression_given import compression_given
from engine.signals.corpus.concept import concept
from engine.signals.corpus.density import density
from engine.signals.corpus.independence_weight import independence_weight
from engine.signals.corpus.odd_form import odd_form
from engine.signals.corpus.odd_neighbours import odd_neighbours
from engine.signals.corpus.outlier import outlier
from engine.signals.corpus.rehydration import rehydration
from engine.signals.corpus.stop_words import as_params, learned_words, stop_words
from engine.signals.corpus.weighted_score import weighted_score
from engine.signals.fitted.classifier import classifier
from engine.signals.fitted.classifier_by_meaning import classifier_by_meaning
from engine.signals.fitted.perplexity import perplexity
from engine.signals.groups import Group, grouped, matches, values_said
from engine.signals.imported.improvement import improvement
from engine.signals.imported.kept_numbers import kept_numbers
from engine.signals.imported.likelihood_gain import likelihood_gain
from engine.signals.imported.loss_rank import loss_rank
from engine.signals.imported.loss_weight import loss_weight
from engine.signals.imported.token_likelihood import token_likelihood
from engine.signals.instructions.answer_similarity import answer_similarity
from engine.signals.instructions.chat_faults import chat_faults
from engine.signals.instructions.instruction_indicators import instruction_indicators
from engine.signals.labels import LABELS
from engine.signals.labels.label_doubt_by_probabilities import probability_columns
from engine.signals.language.compression import compression
from engine.signals.language.encoding_damage import encoding_damage
from engine.signals.language.entropy import entropy
from engine.signals.language.language import language
from engine.signals.language.lexical_diversity import lexical_diversity
from engine.signals.language.readability import readability
from engine.signals.language.truncated import truncated
from engine.signals.own.approved import OwnSignals, approve, contents, not_approved, revoke, waiting
from engine.signals.own.reading import OwnSignal, read_own
from engine.signals.own.running import Runs, tried
from engine.signals.private._phones import Region
from engine.signals.private._private import PLACEHOLDERS, private_places
from engine.signals.private.hidden_instructions import hidden_instructions
from engine.signals.private.lexicon import lexicon
from engine.signals.private.personal_data import personal_data
from engine.signals.private.secrets import secrets
from engine.signals.programs.python_code import python_code
from engine.signals.provenance.age import age
from engine.signals.provenance.licence import licence
from engine.signals.rules.c4 import c4
from engine.signals.rules.code import code
from engine.signals.rules.dclm import dclm
from engine.signals.rules.dialogue import dialogue
from engine.signals.rules.fineweb import fineweb
from engine.signals.rules.gopher_quality import gopher_quality
from engine.signals.rules.gopher_repetition import gopher_repetition
from engine.signals.rules.markup import markup
from engine.signals.rules.repeated_share import repeated_share
from engine.signals.rules.text_kind import text_kind
from engine.signals.score import corpus_signal, row_signals
from engine.signals.sizes.characters import characters
from engine.signals.sizes.tokens import tokens
from engine.signals.sizes.utf8_bytes import utf8_bytes
from engine.signals.sizes.words import words

_SIZES = (characters, words, tokens, utf8_bytes)
_RULES = (gopher_quality, gopher_repetition, c4, fineweb, dclm, text_kind, code, dialogue, markup, repeated_share)
_LANGUAGE = (language, encoding_damage, truncated, readability, lexical_diversity, compression, entropy)
_PRIVATE = (personal_data, secrets, hidden_instructions, lexicon)
_PROGRAMS = (python_code,)
_CORPUS = (
    *(density, outlier, odd_form, odd_neighbours, rehydration, concept, boilerplate, compression_given),
    *(stop_words, weighted_score, independence_weight),
)
_INSTRUCTIONS = (chat_faults, instruction_indicators, answer_similarity)
_PROVENANCE = (age, licence)
_IMPORTED = (token_likelihood, likelihood_gain, loss_rank, loss_weight, improvement, kept_numbers)
_FITTED = (perplexity, classifier)
_LEARNED = (*LABELS, classifier_by_meaning)
# What `winnow signals` measures where nothing is asked for: how long, what kind, which language, what is broken.
USUAL = (characters, words, tokens, text_kind, language, encoding_damage, repeated_share, density, outlier)

OWN_SIGNALS = OwnSignals()
ROW_SIGNALS = Registry("row signal", [*_SIZES, *_RULES, *_LANGUAGE, *_PRIVATE, *_PROGRAMS, *_FITTED])
CORPUS_SIGNALS = Registry("corpus signal", [*_CORPUS, *_INSTRUCTIONS, *_PROVENANCE, *_IMPORTED, *_LEARNED])
