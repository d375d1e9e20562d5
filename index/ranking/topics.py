"""What models are made for and known by, beyond the tags: tasks, kinds of a family, subjects of data.

A topic never filters. Its names in a question, or a question that means what its definition says, add the words that
scripts on it use (`signs`), as a reason to rank them higher.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """How people name it, the words scripts on it use, and what it is, in words that need not name it."""

    names: tuple[str, ...]
    signs: tuple[str, ...]
    definition: str


TOPICS: dict[str, Topic] = {
    "reinforcement learning": Topic(
        ("reinforcement", "rl", "agent", "agents", "policy gradient", "actor critic", "plays", "play a game"),
        ("reinforcement", "policy", "reward", "gym", "env", "agent", "actor", "critic", "episode"),
        "an agent acts in a game or a simulated environment and learns from rewards",
    ),
    "deep q-learning": Topic(
        ("dqn", "q learning", "q network", "q values", "replay buffer"),
        ("dqn", "qnetwork", "replay", "epsilon", "target_network", "rainbow"),
        "the value of every action is learned from remembered moves, with a target network and a replay buffer",
    ),
    "policy optimisation": Topic(
        ("ppo", "proximal policy optimization", "policy gradient", "a2c", "reinforce", "trpo", "clipped policy"),
        ("ppo", "policy", "advantage", "clip", "reinforce", "gae", "actor"),
        "a policy is improved by gradient steps that are clipped so that it does not change too fast",
    ),
    "continuous control": Topic(
        ("ddpg", "td3", "sac", "soft actor critic", "continuous control", "continuous actions", "robot", "mujoco"),
        ("ddpg", "td3", "sac", "mujoco", "actor", "continuous"),
        "an actor and a critic move the joints of a simulated robot",
    ),
    "atari": Topic(("atari", "breakout", "pong", "video game", "video games"), ("atari", "breakout", "pong", "ale"),
                   "playing arcade video games from the pixels of the screen"),
    "wasserstein gan": Topic(
        ("wasserstein", "wgan", "wgan gp", "earth mover", "gradient penalty", "weight clipping", "lipschitz critic"),
        ("wgan", "wasserstein", "gradient_penalty", "clip_value", "critic", "wgan_gp"),
        "an adversarial network whose critic measures the earth mover distance, with clipped weights or a gradient"
        " penalty",
    ),
    "dcgan": Topic(("dcgan", "deep convolutional gan", "convolutional gan"), ("dcgan", "generator", "discriminator"),
                   "an adversarial network of strided and transposed convolutions"),
    "image translation": Topic(
        ("cyclegan", "cycle consistency", "cycle consistent", "image to image", "image translation", "pix2pix",
         "unpaired", "horses into zebras", "domain transfer", "colourise", "colorize", "sketch to photo"),
        ("cyclegan", "cycle", "pix2pix", "discogan", "dualgan", "munit", "unpaired", "identity"),
        "pictures of one kind are turned into another kind, such as horses into zebras or sketches into photos",
    ),
    "style transfer": Topic(
        ("style transfer", "neural style", "painting", "artistic style", "in the style of", "manner of an artist",
         "stylise", "stylize"),
        ("style", "content", "gram", "vgg", "neural_style"),
        "a photo is repainted in the manner of an artist's painting",
    ),
    "super-resolution": Topic(
        ("super resolution", "superresolution", "upscale", "upscaling", "upsample images", "srgan", "esrgan",
         "higher resolution", "low resolution", "low res", "increase the resolution", "sharper"),
        ("super", "resolution", "srgan", "esrgan", "upscale_factor", "upscale", "hr", "lr_images"),
        "small blurry pictures are made large and sharp: upscaling of low resolution images",
    ),
    "inpainting": Topic(
        ("inpainting", "inpaint", "missing part", "missing parts", "fill in", "holes", "restore images",
         "masked image"),
        ("inpaint", "inpainting", "mask", "masked", "repaint", "context", "missing"),
        "holes and missing parts of a photo are filled in or repaired",
    ),
    "denoising": Topic(("denoise", "denoising", "noise removal", "remove noise", "noisy images"),
                       ("denoise", "denoising", "noise", "noisy"), "noise is removed from images"),
    "captioning": Topic(
        ("caption", "captions", "captioning", "describe images", "describe a picture", "describe pictures",
         "image to text", "describes a photo"),
        ("caption", "captions", "captioning", "coco", "encodercnn", "decoderrnn", "vocab"),
        "a sentence is written that describes what a picture shows",
    ),
    "image classification": Topic(
        ("classify images", "image classification", "image classifier", "recognise objects", "recognize objects",
         "classifier", "classification", "classifies", "recognises", "recognizes"),
        ("classifier", "classification", "accuracy", "cross_entropy", "num_classes"),
        "a picture is given one of several classes",
    ),
    "segmentation": Topic(
        ("segmentation", "segment", "segments", "per pixel", "pixel wise", "every pixel", "each pixel", "masks"),
        ("segmentation", "mask", "masks", "segment", "dice", "iou", "carvana"),
        "every pixel of an image gets a label: objects are cut out as masks",
    ),
    "object detection": Topic(
        ("object detection", "detect objects", "bounding box", "bounding boxes", "detector", "yolo", "boxes around"),
        ("detection", "bbox", "boxes", "yolo", "anchors", "iou", "object"),
        "objects in a picture are found and framed by boxes",
    ),
    "sentiment": Topic(
        ("sentiment", "positive or negative", "movie reviews", "film reviews", "movie review", "review", "reviews",
         "opinion", "opinions"),
        ("sentiment", "imdb", "review", "reviews", "sst2", "polarity"),
        "whether the review of a film is good or bad: the feeling of a text",
    ),
    "text classification": Topic(("classify text", "text classification", "documents", "topics of news", "spam"),
                                 ("text", "classification", "newswires", "embedding", "vocab"),
                                 "a text or document is given one of several classes"),
    "machine translation": Topic(
        ("translation", "translate", "translates", "translating", "seq2seq", "sequence to sequence", "multi30k",
         "another language", "german", "french", "english to"),
        ("translation", "translate", "seq2seq", "wmt", "src", "tgt", "multi30k", "bleu"),
        "sentences are translated from one language into another by an encoder and a decoder",
    ),
    "language model": Topic(
        ("language model", "language models", "language modelling", "language modeling", "gpt", "next word",
         "next token", "text generation", "generate text", "writes text", "llm", "characters", "shakespeare", "bert"),
        ("gpt", "language", "perplexity", "token", "vocab_size", "corpus", "bptt"),
        "the next word or character of a text is predicted, so that new text can be written",
    ),
    "word embeddings": Topic(
        ("word2vec", "skip gram", "skipgram", "cbow", "word embeddings", "word vectors", "embeddings of words",
         "vectors for words", "nnlm"),
        ("word2vec", "skipgram", "embedding", "skip_grams", "nnlm"),
        "each word gets a vector, learned from the words that stand around it",
    ),
    "time series": Topic(
        ("time series", "timeseries", "forecast", "forecasting", "forecasts", "temperature", "temperatures",
         "sine wave", "sine", "stock prices", "predict the next value", "predict the next values"),
        ("forecast", "timeseries", "time_series", "temperature", "sine", "sequence"),
        "the next values of a series over time are predicted, such as temperatures or a sine wave",
    ),
    "graphs": Topic(
        ("graph", "graphs", "gnn", "gcn", "gat", "graph attention", "graph convolution", "node classification",
         "citation", "molecule", "molecules"),
        ("graph", "gcn", "gat", "adjacency", "adj", "nodes", "edges", "cora"),
        "a network over the nodes and edges of a graph, such as papers that cite each other or atoms of a molecule",
    ),
    "faces": Topic(("face", "faces", "celebrities", "portraits", "people's faces", "celebrity"),
                   ("celeba", "faces", "ffhq", "face", "lfw", "celebahq"), "portraits and faces of people"),
    "animals": Topic(("animal", "animals", "cats", "dogs", "cat", "dog", "pets", "birds", "horses"),
                     ("cat", "dog", "cats", "dogs", "animal", "animals", "pet", "pets", "oxfordiiitpet", "afhq"),
                     "pictures of animals such as cats, dogs and horses"),
    "flowers": Topic(("flower", "flowers", "blossoms", "plants"), ("flowers102", "flower", "flowers"),
                     "pictures of flowers"),
    "clothes": Topic(("clothes", "clothing", "garments", "fashion", "shoes", "shirts", "apparel"),
                     ("fashionmnist", "fashion", "fashion_mnist", "clothes", "shirt"), "pictures of clothes and shoes"),
    "handwritten digits": Topic(
        ("digit", "digits", "handwritten", "handwriting", "handwritten digits", "handwritten numbers"),
        ("mnist", "digits", "digit", "handwritten"), "handwritten numerals from zero to nine",
    ),
    "house numbers": Topic(("house numbers", "street numbers", "street view"), ("svhn",), "numbers on houses"),
    "food": Topic(("food", "dishes", "meals"), ("food101", "food"), "pictures of dishes"),
    "speech": Topic(("speech", "audio", "sound", "voice", "spoken", "keyword spotting"),
                    ("speech", "audio", "mel", "spectrogram", "waveform", "torchaudio", "speechcommands"),
                    "spoken words and sounds"),
    "arithmetic": Topic(("adds", "addition", "add numbers", "adds numbers", "sum of two", "arithmetic", "two numbers"),
                        ("addition", "adder", "sum", "digits", "arithmetic"), "a network learns to add numbers"),
    "distillation": Topic(
        ("distillation", "distil", "distill", "teacher", "student", "teacher student", "knowledge distillation"),
        ("distillation", "teacher", "student", "temperature", "soft_targets"),
        "a small student network learns from the answers of a large teacher",
    ),
    "transfer learning": Topic(
        ("transfer learning", "fine tune", "fine tuning", "finetune", "finetuning", "fine tuned", "pretrained",
         "pre trained", "frozen backbone"),
        ("pretrained", "finetune", "fine_tune", "freeze", "from_pretrained", "imagenet", "requires_grad"),
        "a network that was trained before is adapted to new data",
    ),
    "several gpus": Topic(
        ("multi gpu", "multiple gpus", "several gpus", "distributed", "data parallel", "ddp", "fsdp", "many gpus",
         "multi node", "cluster", "parallel training", "torchrun"),
        ("distributed", "ddp", "distributeddataparallel", "multigpu", "fsdp", "torchrun", "nccl", "dataparallel",
         "world_size", "mirroredstrategy"),
        "training is spread over several graphics cards or machines",
    ),
    "mixed precision": Topic(("mixed precision", "half precision", "fp16", "bf16", "amp"),
                             ("autocast", "gradscaler", "fp16", "bfloat16", "amp", "mixed_precision"),
                             "training in sixteen-bit numbers to save memory"),
    "mixture of experts": Topic(("mixture of experts", "moe", "experts", "switch transformer", "expert routing"),
                                ("experts", "expert", "switch", "router", "route", "moe"),
                                "tokens are routed to one of several expert sub-networks"),
    "siamese": Topic(("siamese", "twin network", "image pairs", "metric learning", "contrastive", "triplet"),
                     ("siamese", "pairs", "triplet", "contrastive"), "two inputs are compared by networks that share"
                     " their weights"),
    "guidance": Topic(("classifier free guidance", "guidance", "guided"), ("guidance", "guided", "uncond",
                      "classifier_free", "drop_prob"), "sampling is pushed towards the wanted class"),
    "quantised codes": Topic(("vq vae", "vqvae", "vector quantised", "vector quantized", "codebook", "discrete latent"),
                             ("vqvae", "codebook", "quantize", "vectorquantizer", "commitment"),
                             "the code of an autoencoder is a list of entries of a codebook"),
    "capsules": Topic(("capsule", "capsules"), ("capsule", "capsules", "squash", "routing"),
                      "groups of neurons that vote for the pose of an object"),
    "anomaly detection": Topic(("anomaly", "anomalies", "outlier", "outliers", "fraud"),
                               ("anomaly", "outlier", "threshold"), "unusual examples are told from ordinary ones"),
    "recommendation": Topic(("recommend", "recommender", "recommendation", "movie ratings"),
                            ("recommend", "ratings", "user", "item", "movielens"), "what a person may like is guessed"),
    "regression": Topic(("regression", "house prices", "fit a line", "curve fitting"),
                        ("regression", "mse_loss", "mse", "linear"), "a number is predicted, or a curve fitted"),
    "text to image": Topic(("text to image", "images from text", "prompt", "prompts"),
                           ("prompt", "text_encoder", "clip", "stable_diffusion"), "pictures are made from a sentence"),
    "adversarial examples": Topic(("adversarial examples", "adversarial attack", "fgsm", "attack"),
                                  ("fgsm", "epsilon", "attack", "perturb"),
                                  "inputs changed a little to fool a network"),
    "interpretability": Topic(("interpret", "interpretability", "visualise filters", "grad cam", "saliency",
                               "deep dream"), ("gradcam", "heatmap", "saliency", "deep_dream", "activations"),
                              "what a network has learned is made visible"),
    "low-rank adaptation": Topic(("lora", "low rank adaptation", "adapters"), ("lora", "low_rank", "adapter"),
                                 "a large model is adapted by small low-rank matrices"),
    "captcha and text recognition": Topic(("ocr", "text recognition", "captcha"), ("ocr", "ctc", "captcha"),
                                          "written text in a picture is read"),
}  # fmt: skip
_BY_NAME: dict[tuple[str, ...], list[str]] = {}
for _name, _topic in TOPICS.items():
    for _spoken in (_name, *_topic.names):
        _BY_NAME.setdefault(tuple(re.findall(r"[a-z0-9']+", _spoken)), []).append(_name)
_LONGEST = max(map(len, _BY_NAME))


def named(text: str) -> list[str]:
    """The topics whose names stand in a text, in the order of the text."""
    words = re.findall(r"[a-z0-9']+", text.lower())
    found: dict[str, None] = {}
    for start in range(len(words)):
        for length in range(1, _LONGEST + 1):
            for name in _BY_NAME.get(tuple(words[start : start + length]), ()):
                found.setdefault(name)
    return list(found)
