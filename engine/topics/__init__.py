"""Vectors get topics with names: found, named, and changed by hand."""

from engine.registry import Registry
from engine.topics.areas import topic_directions
from engine.topics.card import Card, exemplars, topic_card
from engine.topics.editing import (
    carried,
    depths,
    follow,
    merge,
    redo,
    rename,
    split,
    subclusters,
    undo,
    with_changes,
)
from engine.topics.hdbscan import hdbscan
from engine.topics.kmeans import kmeans
from engine.topics.kmeans_without import kmeans_without
from engine.topics.naming import name_topics
from engine.topics.proposing import Proposals, Question, endpoint, propose, questions, said_first
from engine.topics.replayed_edits import TopicEdit
from engine.topics.residual import without_column

TOPICS = Registry("topics", [kmeans, hdbscan, kmeans_without])
