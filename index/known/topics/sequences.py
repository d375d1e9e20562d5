"""Topics of series and signals, of molecules of life, and of what language is made of."""

from __future__ import annotations

from index.known.topics.topic import Topic

SEQUENCES: dict[str, Topic] = {
    "classification of series": Topic(
        ("time series classification", "classify time series", "classifying time series", "classifies time series",
         "time series classifier", "time series classifiers", "class of a series", "classify series",
         "classify signals", "class of a curve", "labelled curves", "ucr", "uea", "ucr archive"),
        ("ucr", "uea", "nb_classes", "conv1d", "globalaveragepooling1d", "rocket", "univariate", "timeseries",
         "time_series"),
        "a whole series or curve, such as a heartbeat, is given one of several classes",
    ),
    "missing values": Topic(
        ("missing values", "missing value", "imputation", "impute", "imputes", "imputing", "gaps in a series",
         "sensor readings have gaps", "missing readings", "missing sensor readings", "missing data", "fill in the gaps",
         "fill gaps", "fills gaps", "incomplete data", "missing entries"),
        ("imputation", "impute", "imputed", "missing", "missing_ratio", "observed_mask", "gt_mask", "cond_mask",
         "observed_data", "fillna", "simpleimputer"),
        "values that a series or table lacks are estimated from the others",
    ),
    "generation of series": Topic(
        ("time series generation", "generate time series", "generates time series", "synthetic time series",
         "fake time series", "artificial time series", "invented curves", "make up time series", "timegan"),
        ("timegan", "generated_data", "synthetic", "ori_data", "discriminative_score", "predictive_score", "recovery",
         "supervisor", "embedder"),
        "series are made up that nobody can tell from measured ones",
    ),
    "human activity": Topic(
        ("human activity", "activity recognition", "accelerometer", "smartphone sensors", "wearable", "wearables",
         "what a person is doing", "walking", "sitting", "standing or walking", "climbing stairs", "phone in a pocket",
         "phone in my pocket"),
        ("accelerometer", "gyroscope", "har", "activity", "wisdm", "uci_har"),
        "what a person does, such as walking, sitting, lying down or climbing stairs, is told from sensors that are"
        " worn, or of the phone in a pocket",
    ),
    "maintenance": Topic(
        ("predictive maintenance", "remaining useful life", "machine failure", "fault diagnosis", "bearing faults",
         "bearing", "engine failure", "turbofan"),
        ("rul", "cmapss", "turbofan", "bearing", "fault", "remaining_useful_life"),
        "when a machine will break is foretold from its sensors",
    ),
    "traffic": Topic(
        ("traffic forecasting", "traffic prediction", "traffic flow", "traffic speed", "road network",
         "spatio temporal graph"),
        ("metr_la", "metrla", "pems", "pemsbay", "traffic", "stgcn", "dcrnn", "adj_mx"),
        "how dense or fast traffic will be on the roads of a network",
    ),
    "epidemics": Topic(("epidemic", "covid", "infections", "pandemic"), ("covid", "infected", "epidemic"),
                       "how a disease spreads"),
    "genomes": Topic(
        ("dna", "genome", "genomes", "genomics", "gene expression", "rna", "nucleotides", "single cell"),
        ("dna", "genome", "nucleotide", "kmer", "rna", "gene", "genes", "scanpy", "promoter"),
        "sequences of genes and what they bring about",
    ),
    "proteins": Topic(
        ("protein", "proteins", "protein folding", "protein structure", "amino acid", "amino acids", "alphafold"),
        ("protein", "amino", "residue", "alphafold", "fasta", "pdb", "esm"),
        "what shape or purpose a chain of amino acids has",
    ),
    "emotions": Topic(
        ("emotion", "emotions", "emotion recognition", "facial expression", "facial expressions", "mood",
         "angry or happy"),
        ("emotion", "fer2013", "ravdess", "expression", "happy", "angry"),
        "the emotion of a face or a voice is recognised",
    ),
    "structure of sentences": Topic(
        ("dependency parsing", "parsing sentences", "parse tree", "syntax tree", "constituency", "coreference",
         "semantic role"),
        ("dependency", "parser", "arc", "treebank", "constituency", "coref"),
        "how the words of a sentence depend on each other",
    ),
    "relations between entities": Topic(
        ("relation extraction", "event extraction", "entity linking", "information extraction", "slot filling",
         "intent detection", "intents"),
        ("relation", "tacred", "docred", "intent", "slot", "slots"),
        "who does what with whom is taken out of a text",
    ),
    "inference between sentences": Topic(
        ("natural language inference", "nli", "entailment", "contradiction", "premise and hypothesis", "follows from"),
        ("snli", "mnli", "entailment", "premise", "hypothesis", "contradiction", "nli"),
        "whether one sentence follows from another or contradicts it",
    ),
    "correction of texts": Topic(
        ("spelling correction", "spell checker", "grammar correction", "grammatical errors", "typos in texts",
         "punctuation", "transliteration"),
        ("spelling", "grammar", "correction", "punctuation", "transliteration"),
        "mistakes of spelling or grammar in a text are put right",
    ),
    "hate and lies": Topic(
        ("hate speech", "toxic", "toxicity", "offensive", "insults", "fake news", "rumours", "sarcasm", "spam", "ham",
         "phishing", "clickbait", "insulting", "abusive", "nasty", "rude", "threats", "threatening", "bullying",
         "trolls", "hateful"),
        ("toxic", "hate", "offensive", "fake", "spam", "ham", "sarcasm"),
        "texts that insult, lie or annoy are told from others, as spam from ham",
    ),
    "languages told apart": Topic(("language identification", "language detection", "dialect"),
                                  ("langid", "lang_id", "language_id", "languages"),
                                  "which language a text is written in"),
    "sentences from codes": Topic(
        ("sentence generation", "generate sentences", "generates sentences", "text vae", "sentence vae",
         "latent space of sentences", "sentences from a latent space", "interpolate sentences"),
        ("bowman", "word_dropout", "sentence_vae", "sentencevae", "anneal_function", "kl_anneal", "kl_weight"),
        "sentences are made from random points of a latent space, and one changes step by step into another",
    ),
    "unwanted messages": Topic(
        ("spam", "ham", "junk mail", "spam filter", "unwanted messages", "unwanted text messages", "unwanted mail",
         "unwanted email", "text message", "short message", "sms"),
        ("spam", "ham", "sms", "smsspam", "spamassassin", "enron"),
        "messages and mails nobody wants, such as advertising sent to a phone, are thrown out",
    ),
    "retrieval of texts": Topic(
        ("retrieval augmented", "rag", "dense retrieval", "passage retrieval", "semantic search", "search engine",
         "document retrieval", "learning to rank", "ranking documents"),
        ("faiss", "retriever", "bm25", "msmarco", "dpr", "rerank", "ndcg", "lambdarank"),
        "the texts that answer a question are found among many",
    ),
    "prompts": Topic(
        ("prompt", "prompts", "prompt tuning", "instruction tuning", "instructions", "in context learning",
         "chain of thought"),
        ("prompt", "instruction", "few_shot", "soft_prompt", "alpaca"),
        "a large language model is told or tuned what to do by instructions",
    ),
    "questions about pictures": Topic(
        ("visual question answering", "vqa", "questions about images", "questions about pictures",
         "answer questions about a picture"),
        ("vqa", "clevr", "vqav2"), "questions about what a picture shows are answered",
    ),
    "actions in videos": Topic(
        ("action recognition", "actions in videos", "recognise actions", "video classification", "classify videos",
         "activity in a clip", "activity in a video", "doing in a video", "doing in the video", "actions in clips",
         "sport in a clip", "short clip", "video clip"),
        ("ucf101", "kinetics", "hmdb51", "c3d", "i3d", "clip_len"), "what people do in a video is recognised",
    ),
    "coming frames": Topic(
        ("video prediction", "predict the next frame", "next frames", "future frames", "frame interpolation",
         "frames between"),
        ("moving_mnist", "movingmnist", "convlstm", "next_frame", "interpolation", "flow_net"),
        "the frames of a video that come next, or between two others, are made",
    ),
    "movement between pictures": Topic(("optical flow", "motion between frames", "stereo matching", "disparity"),
                                       ("flownet", "optical_flow", "raft", "disparity", "stereo"),
                                       "how every point moves from one picture to the next"),
}  # fmt: skip
