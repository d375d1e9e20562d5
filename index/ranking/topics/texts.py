"""Topics of language, speech and music."""

from __future__ import annotations

from index.ranking.topics.topic import Topic

TEXTS: dict[str, Topic] = {
    "captioning": Topic(
        ("caption", "captions", "captioning", "describe images", "describe a picture", "describe pictures",
         "image to text", "describes a photo"),
        ("caption", "captions", "captioning", "coco", "encodercnn", "decoderrnn", "vocab"),
        "a sentence is written that describes what a picture shows",
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
        ("translation", "translate", "translates", "translating", "translator", "seq2seq",
         "sequence to sequence", "multi30k", "another language", "german", "french", "english to"),
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
    "captcha and text recognition": Topic(("ocr", "text recognition", "captcha"), ("ocr", "ctc", "captcha"),
                                          "written text in a picture is read"),
    "speech": Topic(("speech", "audio", "sound", "voice", "spoken", "keyword spotting"),
                    ("speech", "audio", "mel", "spectrogram", "waveform", "torchaudio", "speechcommands"),
                    "spoken words and sounds"),
    "music": Topic(("music", "melody", "midi", "song", "piano"), ("midi", "melody", "music", "piano", "notes"),
                   "notes and melodies"),
    "low-rank adaptation": Topic(("lora", "low rank adaptation", "adapters"), ("lora", "low_rank", "adapter"),
                                 "a large model is adapted by small low-rank matrices"),
    "mixture of experts": Topic(("mixture of experts", "moe", "experts", "switch transformer", "expert routing"),
                                ("experts", "expert", "switch", "router", "route", "moe"),
                                "tokens are routed to one of several expert sub-networks"),
    "text to speech": Topic(
        ("text to speech", "text into speech", "tts", "speech synthesis", "synthesise speech", "synthesize speech",
         "reads aloud", "read aloud", "reads a sentence aloud", "speak a text"),
        ("tacotron", "tts", "synthesizer", "synthesis", "speech", "spectrogram", "mel", "phoneme", "griffin_lim"),
        "a text is spoken: written sentences are turned into speech, a network reads them aloud",
    ),
    "vocoder": Topic(
        ("vocoder", "vocoders", "mel spectrogram", "mel spectrograms", "mel frames", "waveform", "waveforms",
         "audible"),
        ("vocoder", "mel", "mel_spectrogram", "waveform", "wav", "hifigan", "wavenet", "melgan", "sampling_rate"),
        "an audible waveform is made from the frames of a spectrogram",
    ),
    "speech recognition": Topic(
        ("speech recognition", "speech to text", "asr", "transcribe", "transcription", "dictation"),
        ("ctc", "asr", "wer", "transcript", "librispeech", "deepspeech", "wav2vec", "whisper"),
        "what is spoken in a recording is written down",
    ),
    "topic modelling": Topic(
        ("topic modelling", "topic modeling", "topic model", "topic models", "latent dirichlet", "themes",
         "lda", "topics of documents"),
        ("lda", "ldamodel", "gensim", "latentdirichletallocation", "num_topics", "doc2bow", "pyldavis", "nmf"),
        "the themes of a collection of documents are found, each a group of words that occur together",
    ),
    "same meaning": Topic(
        ("duplicate questions", "duplicate", "duplicates", "paraphrase", "paraphrases", "same meaning", "ask the same",
         "semantic similarity", "question pairs", "sentence similarity"),
        ("quora", "question1", "question2", "is_duplicate", "paraphrase", "sts", "mrpc", "similarity"),
        "whether two questions or sentences mean the same",
    ),
    "bag of words": Topic(
        ("bag of words", "tf idf", "tfidf", "n grams", "word counts"),
        ("tfidf", "tfidfvectorizer", "countvectorizer", "bow", "ngram_range", "vectorizer"),
        "a text is described by how often each word stands in it",
    ),
    "characters": Topic(
        ("character level", "char level", "characters", "char rnn", "letter by letter", "new names", "baby names",
         "more words like", "character by character"),
        ("char", "chars", "stoi", "itos", "char_to_ix", "idx2char", "names", "n_letters"),
        "new names, words or texts are written letter by letter like those of a list",
    ),
    "origin of names": Topic(
        ("surname", "surnames", "nationality", "nationalities", "country of a name", "classifies names"),
        ("surname", "nationality", "names", "country", "all_categories", "category_lines", "n_letters"),
        "which country or language a surname comes from",
    ),
    "question generation": Topic(
        ("generate questions", "question generation", "writes questions", "producing a question", "ask questions"),
        ("question", "questions", "question_generation", "squad", "decoder"), "questions are written about a text",
    ),
    "convolutions over text": Topic(
        ("text cnn", "textcnn", "sentence classification", "convolutions over text", "convolution on text",
         "one dimensional convolution", "conv1d"),
        ("conv1d", "textcnn", "kim", "sentence", "filter_sizes", "globalmaxpooling1d", "maxpooling1d"),
        "sentences are classified by convolutions over the vectors of their words",
    ),
    "both directions": Topic(
        ("bidirectional", "bi directional", "both ways", "both directions", "forwards and backwards", "bilstm"),
        ("bidirectional", "bilstm", "bidirectional_dynamic_rnn", "bi_lstm"),
        "a recurrent network reads a sequence forwards and backwards",
    ),
    "state space models": Topic(
        ("state space", "structured state space", "ssm", "s4", "s5", "mamba", "hippo"),
        ("s5", "s4", "ssm", "hippo", "make_hippo", "mamba", "selective_scan", "discretize"),
        "a long sequence is read by a linear dynamical system whose state matrix is structured",
    ),
}  # fmt: skip
