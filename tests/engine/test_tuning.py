"""Tuning learns from questions and keeps what it learnt in a form that the encoder reads."""

import random

import numpy as np
import pytest
import tensorflow as tf
from bot.engine import tuning
from bot.engine.encoder import PAIRED_AFTER, TUNING, Changes, Encoder, load_tuning, prepared, tokenizer
from bot.engine.tuning import KEPT, MATRICES, PAIRS_FROM, LearningEncoder, Tuning, misspelt, narrow
from bot.engine.weights import HIDDEN, package_file, read

QUESTIONS = {"ask_pets": ["can my cat fly", "my dog", "kedim", "a bird in a cage"], "ask_luggage": ["how many kilos", "two bags", "valiz", "30 kg"]}


def test_what_is_kept_of_a_change_is_close_to_it():
    generator = np.random.default_rng(0)
    change = generator.normal(size=(384, 20)) @ generator.normal(size=(20, 160))
    up, down = narrow(change, kept=20)
    assert up.shape == (384, 20) and down.shape == (20, 160) and up.dtype == np.float16
    assert np.abs(up.astype(np.float32) @ down.astype(np.float32) - change).max() < 0.05 * np.abs(change).max()
    assert narrow(change)[0].shape == (384, KEPT)
    across, along = narrow(change.T, kept=20)
    assert np.abs(across.astype(np.float32) @ along.astype(np.float32) - change.T).max() < 0.05 * np.abs(change).max()


def test_slips_of_the_thumb_are_few_and_leave_words_to_read():
    chance, said = random.Random(1), "can I take my old dog with me, or is that not allowed?"
    typed = [misspelt(said, chance) for _ in range(300)]
    assert 0.6 < typed.count(said) / 300 < 0.8
    assert all(abs(len(text) - len(said)) < 8 and text.strip() for text in typed)


@pytest.mark.parametrize("text", ["", "ok", "hello", "......", "🙏" * 8, "a b c d e f"])
def test_any_question_may_be_misspelt(text):
    chance = random.Random(2)
    assert all(misspelt(text, chance) or text == "" for _ in range(100))


def test_a_run_goes_on_from_an_earlier_one():
    weights = read(package_file())
    change = np.full_like(weights.layers["l2.q.w"], 0.25)
    encoder = LearningEncoder(weights, Changes({"l2.q.w": change}))
    assert np.array_equal(encoder.matrices["l2.q.w"].numpy(), weights.layers["l2.q.w"] + change)
    assert np.array_equal(encoder.matrices["l4.q.w"].numpy(), weights.layers["l4.q.w"])


def test_a_run_moves_questions_of_a_topic_together(tmp_path):
    texts = [text for asked in QUESTIONS.values() for text in asked]
    topics = [topic for topic, asked in QUESTIONS.items() for _ in asked]
    before, goal = tmp_path / "before.npz", tmp_path / "tuning.npz"
    nothing = {f"{name}.{half}": np.zeros((1, 1)) for name in MATRICES for half in ("up", "down")} | {PAIRED_AFTER: np.array(PAIRS_FROM)}
    np.savez(before, **nothing)  # the layers that a tuning keeps, as they were published
    Tuning(texts * 60, topics * 60, 1, Changes()).run(goal)
    changes = load_tuning(goal)
    assert set(changes.matrices) == set(MATRICES) and max(np.abs(change).max() for change in changes.matrices.values()) > 0
    assert changes.paired_after == PAIRS_FROM
    assert closeness(Encoder(goal)(texts)) > closeness(Encoder(before)(texts)) + 0.02


def test_a_teacher_draws_vectors_towards_its_own(tmp_path):
    texts = [text for asked in QUESTIONS.values() for text in asked]
    along = np.eye(HIDDEN, dtype=np.float32)[7]  # where no topic would draw them
    for name, taught in (("alone", None), ("taught", np.tile(along, (len(texts) * 30, 1)))):
        Tuning(texts * 30, ["a", "b"] * (len(texts) * 15), 1, Changes(), taught).run(tmp_path / f"{name}.npz")
    alone, taught = (Encoder(tmp_path / f"{name}.npz")(texts) @ along for name in ("alone", "taught"))
    assert (taught > alone + 0.05).all()


def test_a_teacher_that_is_not_there_is_named_before_anything_is_learnt(monkeypatch):
    monkeypatch.setenv("TEACHER", "nowhere.npz")
    assert "nowhere.npz, but there is no such file" in tuning.main()


@pytest.mark.parametrize("text", ["is it free of charge, or what must I pay", "ok", "is it free"])
def test_what_is_tuned_is_what_the_encoder_computes(monkeypatch, text):
    monkeypatch.setattr(tuning, "DROPOUT", 0.0)
    weights = read(package_file())
    ids = tokenizer(weights).encode(prepared(text, weights)).ids
    words = weights.word_vectors(np.array([ids])) + (weights.layers["emb.pos"] + weights.layers["emb.type"][0])[: len(ids)]
    learning = LearningEncoder(weights, load_tuning(TUNING))(tf.constant(words), tf.ones((1, len(ids)))).numpy()
    assert (learning * Encoder(TUNING)([text])).sum() > 0.98


def closeness(vectors):
    """How much nearer questions are to their own topic's than to the other's."""
    assert vectors.shape == (8, HIDDEN)
    likeness = vectors @ vectors.T
    return likeness[:4, :4].mean() + likeness[4:, 4:].mean() - 2 * likeness[:4, 4:].mean()
