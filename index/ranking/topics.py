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
        ("classify images", "image classification", "image classifier", "classify", "classifier", "classifiers",
         "classification", "classifies", "recognise", "recognize", "recognises", "recognizes", "recognition",
         "tell apart"),
        ("classifier", "classification", "accuracy", "crossentropyloss", "cross_entropy", "nll_loss", "num_classes",
         "correct"),
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
    "addition": Topic(("adds", "addition", "add numbers", "adds numbers", "sum of two", "sums"),
                      ("addition", "adder", "add_numbers"), "a network learns to add numbers"),
    "subtraction": Topic(("subtract", "subtracts", "subtraction", "difference of two numbers"),
                         ("subtraction", "subtract"), "a network learns to subtract numbers"),
    "multiplication": Topic(("multiply", "multiplies", "multiplication", "product of two", "products", "times table"),
                            ("multiplication", "multiply", "multiplicand"), "a network learns to multiply numbers"),
    "division": Topic(("divide", "divides", "division", "quotient"), ("division", "divide", "quotient", "dividend"),
                      "a network learns to divide numbers"),
    "arithmetic": Topic(("arithmetic", "two numbers", "calculator", "sums of numbers", "mathematics"),
                        ("addition", "subtraction", "multiplication", "division", "arithmetic", "digits"),
                        "calculating with numbers: a network learns to add, subtract, multiply or divide"),
    "imitation learning": Topic(
        ("imitation", "imitate", "imitates", "demonstrations", "demonstration", "behaviour cloning", "behavior cloning",
         "gail", "expert trajectories", "inverse reinforcement", "dagger"),
        ("expert", "gail", "imitation", "demonstrations", "demo", "expert_traj", "behavior_cloning"),
        "a policy is learned from what an expert did, from demonstrations rather than rewards",
    ),
    "tabular reinforcement learning": Topic(
        ("value iteration", "policy iteration", "sarsa", "grid world", "gridworld", "tabular", "bellman",
        "frozen lake"),
        ("sarsa", "grid", "gridworld", "value_table", "q_table", "policy_iteration", "value_iteration", "frozenlake"),
        "an agent learns a table of the value of every square and move in a small world of squares",
    ),
    "cartpole": Topic(("cartpole", "cart pole", "pole on a cart", "pole", "pendulum"), ("cartpole", "pendulum"),
                      "a pole is kept upright on a moving cart"),
    "actor and critic": Topic(("actor critic", "a2c", "a3c", "advantage actor critic", "vtrace", "acer"),
                              ("actor", "critic", "advantage", "a2c", "a3c", "actorcritic"),
                              "one part of an agent acts while the other judges how good the state is"),
    "board games": Topic(("chess", "board game", "board games", "alphazero", "alphago", "tic tac toe", "connect four"),
                         ("chess", "mcts", "alphazero", "board", "tictactoe", "gomoku"),
                         "a game on a board is played by searching moves"),
    "normalizing flow": Topic(
        ("normalizing flow", "normalising flow", "normalizing flows", "invertible", "realnvp", "real nvp",
         "coupling layers", "change of variables", "exact likelihood"),
        ("realnvp", "glow", "nice", "coupling", "logdet", "log_det", "log_det_jacobian", "invertible", "flow"),
        "an invertible network turns noise into data, so that the exact likelihood is known by change of variables",
    ),
    "autoregressive images": Topic(
        ("pixelcnn", "pixel cnn", "pixelrnn", "autoregressive", "pixel by pixel", "masked convolution"),
        ("pixelcnn", "maskedconv2d", "masked_conv", "autoregressive", "pixelsnail"),
        "an image is drawn one pixel after the other, each given those before it",
    ),
    "boltzmann machine": Topic(
        ("boltzmann", "boltzmann machine", "rbm", "contrastive divergence", "gibbs sampling", "hopfield",
        "energy based"),
        ("rbm", "boltzmann", "gibbs", "contrastive_divergence", "visible", "hidden", "energy"),
        "visible and hidden binary units with an energy, trained by contrastive divergence",
    ),
    "score matching": Topic(
        ("score based", "score matching", "langevin", "ncsn", "sde", "stochastic differential", "score function",
         "score network", "annealed"),
        ("score", "ncsn", "sde", "langevin", "marginal_prob", "dsm", "anneal", "vesde", "vpsde"),
        "the gradient of the log density is learned, and followed with noise to sample (Langevin, stochastic"
        " differential equations)",
    ),
    "diffusion transformer": Topic(
        ("diffusion transformer", "diffusion transformers", "dit", "transformer denoiser"),
        ("dit", "ditblock", "adaln", "patchify", "unpatchify"),
        "the denoiser of a diffusion model is a transformer over patches in place of a U-Net",
    ),
    "flow matching": Topic(("flow matching", "rectified flow", "consistency model", "consistency models"),
                           ("flow_matching", "rectified", "velocity", "consistency", "reflow"),
                           "a velocity field is learned that carries noise straight to data"),
    "denoising autoencoder": Topic(
        ("denoising autoencoder", "denoising autoencoders", "noisy inputs", "corrupted inputs"),
        ("denoising", "corruption", "noise_factor", "noisy_imgs", "dae"),
        "an autoencoder is given noisy pictures and learns to give back the clean ones",
    ),
    "chatbot": Topic(
        ("chatbot", "chat", "chats", "dialog", "dialogue", "conversation", "conversational", "talks back", "assistant"),
        ("chatbot", "chat", "dialog", "dialogue", "conversation", "utterance", "reply"),
        "a program that holds a conversation: it answers what a person says",
    ),
    "question answering": Topic(("question answering", "answer questions", "reading comprehension", "squad"),
                                ("squad", "question", "answer", "start_positions", "bidaf"),
                                "questions about a text are answered"),
    "summarisation": Topic(("summarise", "summarize", "summarisation", "summarization", "summary of a text"),
                           ("summarization", "summarize", "rouge", "cnn_dailymail"), "long texts are made short"),
    "named entities": Topic(("named entity", "ner", "part of speech", "pos tagging", "sequence labelling", "tagger"),
                            ("ner", "conll", "tagset", "crf", "pos_tags", "bilstm_crf"),
                            "each word of a sentence is given a tag, such as person or verb"),
    "pretrained language models": Topic(
        ("bert", "distilbert", "roberta", "t5", "huggingface", "hugging face", "fine tune bert", "finetune bert",
         "pretrained language model", "pretrained transformer"),
        ("distilbert", "bert", "roberta", "automodel", "autotokenizer", "from_pretrained", "tokenizer"),
        "a language model that others have trained is adapted to a task with texts",
    ),
    "word alignment": Topic(
        ("align", "alignment", "attention weights", "bahdanau", "luong", "encoder states"),
        ("attention", "align", "bahdanau", "encoder_outputs", "energy"),
        "the decoder looks back at all states of the encoder to choose the source words that matter",
    ),
    "ordinal regression": Topic(("ordinal", "ordinal regression", "ranks", "ranked labels", "coral", "rank consistent"),
                                ("ordinal", "coral", "corn", "levels", "rank"),
                                "labels have an order, such as ages or grades, and the rank is predicted"),
    "mobile networks": Topic(
        ("mobilenet", "mobile", "phones", "light weight", "lightweight", "efficient network", "depthwise", "shufflenet",
         "squeezenet", "small networks"),
        ("mobilenet", "mobilenetv2", "mobilenetv3", "shufflenet", "squeezenet", "depthwise", "efficientnet"),
        "small fast convolutional networks for phones, with depthwise separable convolutions",
    ),
    "learning rate schedules": Topic(
        ("learning rate schedule", "learning rate scheduler", "cyclical", "cyclic", "warm restarts", "lr finder",
         "learning rate finder", "goes up and down", "annealing", "one cycle"),
        ("cyclical", "cycliclr", "lr_finder", "findlr", "onecycle", "cosineannealing", "warmup", "scheduler"),
        "how the learning rate changes while training: cyclical, annealed, or searched for by raising it",
    ),
    "initialisation": Topic(("weight initialization", "weight initialisation", "initialise weights", "xavier",
                             "he init",
                             "kaiming"), ("xavier_uniform", "kaiming_normal", "init_weights", "he_init", "initializer"),
                            "how weights are set before training"),
    "regularisation": Topic(
        ("dropout", "batch norm", "batchnorm", "batch normalization", "batch normalisation", "regularisation",
         "regularization", "regularised", "overfitting"),
        ("dropout", "batchnorm", "batchnorm2d", "batch_norm", "batchnormalization", "dropoutbatchnorm"),
        "keeping a network from overfitting: dropout and batch normalisation",
    ),
    "augmentation": Topic(("augmentation", "augment", "augmented", "mixup", "cutmix", "cutout", "random crops",
                           "autoaugment"), ("augment", "augmentation", "mixup", "cutmix", "autoaugment", "randomcrop",
                                            "trivialaugment"), "training pictures are cropped, flipped and recoloured"),
    "cross-validation": Topic(("cross validation", "k fold", "kfold"), ("kfold", "cross_val", "folds"),
                              "the data is split in folds, each held out once"),
    "hyperparameter search": Topic(("hyperparameter search", "hyperparameter tuning", "grid search", "optuna",
                                    "ray tune"),
                                   ("optuna", "ray", "tune", "gridsearch", "sweep", "trial"),
                                   "many settings are tried to find the best"),
    "contrastive self-supervision": Topic(
        ("self supervised", "simclr", "moco", "byol", "contrastive learning", "dino", "unlabelled", "unlabeled"),
        ("simclr", "moco", "byol", "nt_xent", "infonce", "projection_head", "contrastive"),
        "features are learned without labels by telling views of one picture from other pictures",
    ),
    "few-shot learning": Topic(("few shot", "meta learning", "maml", "prototypical", "one shot"),
                               ("maml", "prototypical", "omniglot", "support_set", "n_way", "k_shot"),
                               "learning a new class from very few examples"),
    "uncertainty": Topic(("bayesian", "uncertainty", "monte carlo dropout", "evidential", "calibration", "ensembles"),
                         ("bayesian", "uncertainty", "evidential", "mc_dropout", "calibration"),
                         "a network says how sure it is"),
    "pruning and quantisation": Topic(("prune", "pruning", "quantize", "quantise", "int8", "compress a network"),
                                      ("prune", "pruning", "int8", "quantization", "qat"),
                                      "a trained network is made smaller or faster by removing weights or bits"),
    "video": Topic(("video", "videos", "frames", "action recognition", "optical flow"),
                   ("video", "frames", "optical_flow", "kinetics", "ucf101"), "moving pictures"),
    "music": Topic(("music", "melody", "midi", "song", "piano"), ("midi", "melody", "music", "piano", "notes"),
                   "notes and melodies"),
    "point clouds": Topic(("point cloud", "point clouds", "3d shapes", "mesh", "voxel"),
                          ("pointnet", "point_cloud", "shapenet", "modelnet", "voxel"), "shapes in three dimensions"),
    "medicine": Topic(("medical", "x ray", "mri", "tumour", "tumor", "lesion", "pneumonia", "histology", "retina"),
                      ("mri", "tumor", "xray", "lesion", "dicom", "chest", "retina"),
                      "pictures of the inside of a body"),
    "tabular data": Topic(("tabular", "spreadsheet", "churn", "credit scoring", "admissions", "customers"),
                          ("csv", "churn", "gbm", "xgb", "admissions", "categorical"), "rows and columns of a table"),
    "clustering": Topic(("clustering", "cluster", "k means", "kmeans", "t-sne", "dimensionality reduction", "pca"),
                        ("kmeans", "cluster", "tsne", "pca", "centroids"), "similar examples are put into groups"),
    "pose": Topic(("pose", "keypoints", "key points", "landmarks", "skeleton"), ("keypoints", "pose", "landmarks",
                   "hourglass"),
                  "where the joints or landmarks of a body or face are"),
    "sketches": Topic(("sketch", "sketches", "drawing", "drawings", "doodles", "quickdraw"),
                      ("quickdraw", "sketch", "strokes", "sketch_rnn"), "drawings by hand"),
    "disentangled codes": Topic(("disentangle", "disentangled", "disentanglement", "infogan", "beta vae", "factors"),
                                ("infogan", "beta_vae", "disentangle", "factorvae", "btcvae", "latent_code"),
                                "each part of the latent code stands for one property"),
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
