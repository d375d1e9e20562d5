"""The kinds of data that scripts work on: which known data set is of which, and which names in code go with each.

Measured on the 529 scripts of twelve judged sets whose data set is a known one, by the names in their code alone: of
those on images 251 of 304 were found so and 23 others, on text 46 of 52 and 8, on tables 87 of 99 and 7. Most that are
not found name nothing of their data, as launchers do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from index.known.datasets import ALIASES
from index.known.words import CAMEL

IMAGES, TEXT, SOUND, VIDEO, TABLES, GRAPHS, SERIES, GAMES, SHAPES = (
    "image-data", "text-data", "sound-data", "video-data", "tabular-data", "graph-data", "time-series-data",
    "game-data", "shape-data",
)  # fmt: skip
_DATASETS = {
    TEXT: """
    IMDB AGNews WikiText WikiText2 WikiText103 TinyShakespeare Multi30k PennTreebank LAMBADA SNLI MNLI SST2 SST GLUE
    SQuAD SQuADv2 MRPC LM1B WMT14 WMT15 WMT16 WMT17 WMT18 WMT19 KDE4 OpenWebText Enwik8 YelpReviews Yelp2013 Yelp2014
    AmazonReviews DBpedia TREC Reuters 20Newsgroups CoNLL2003 IWSLT14 IWSLT15 IWSLT16 IWSLT17 Europarl OpenSubtitles
    Tatoeba CornellMovieDialogs HotpotQA TriviaQA NaturalQuestions MSMARCO CNNDailyMail XSum SAMSum DailyDialog
    PersonaChat MultiWOZ TinyStories BookCorpus Text8 Sentiment140 RottenTomatoes SMSSpam QQP QNLI STSB SuperGLUE GSM8K
    HellaSwag Dolly15k ToxicComments ToxicCommentsUnintended CivilComments GoEmotions TweetEval ATIS YahooAnswers
    SogouNews ROCStories WritingPrompts BillSum MultiNews PubMedQA CoQA QuAC BoolQ WinoGrande CommonsenseQA OpenBookQA
    MMLU Alpaca ShareGPT OpenAssistant UltraChat UltraFeedback HHRLHF ThePile C4 RedPajama FineWeb SlimPajama
    CodeSearchNet CodeAlpaca HumanEval MBPP FakeNewsNet OLID TACRED DocRED OntoNotes WNUT17 NCBIDisease BC5CDR JNLPBA
    THUCNews ChnSentiCorp CMRC2018 KorQuAD NSMC KLUE XNLI XTREME OPUS100 OpusBooks UbuntuDialogue Banking77 CLINC150
    WNLI WikiSQL WikiTableQuestions WikiBio E2ENLG WebNLG ELI5 NewsAggregator NewsSummary NewsCategory BBCNews
    SarcasmHeadlines AirlineTweets AmazonFineFood RestaurantReviews HotelReviews MR RAFT OpenOrca SlimOrca MetaMathQA
    TruthfulQA PIQA Gigaword UDPOS Nietzsche spa-eng fra-eng deu-eng CoLA SNIPS PAWS FEVER LIAR EnronSpam SpamAssassin
    SemEval2014 SemEval2010Task8 WikiANN CommonGen XLSum OpenHermes MATH SciQ OSCAR TheStack PersonaHub Capybara
    QuoraInsincereQuestionsClassification
    """,
    SOUND: """
    SpeechCommands LibriSpeech LJSpeech UrbanSound8K GTZAN ESC50 AudioSet VCTK CommonVoice TIMIT NSynth RAVDESS IEMOCAP
    CREMAD VoxCeleb LibriTTS AISHELL AISHELL2 AISHELL3 FSDD MUSDB18 JSUT CSS10 GigaSpeech TEDLIUM VoxPopuli FLEURS
    LibriMix VoiceBankDEMAND WSJ0 DNSChallenge MagnaTagATune MAESTRO LakhMIDI POP909 MusicNet EmoDB SAVEE Nottingham
    JSBChorales TESS ASVspoof ASVspoof2021 FSD50K AudioCaps AudioMNIST ESD FMA ICBHI COUGHVID DCASE2016 DCASE2017
    DCASE2018 DCASE2019 TAUUrbanAcoustic Clotho MusicCaps GiantSteps Slakh2100 HiFiTTS EmoVDB MELD MLS CMUMOSEI CMUMOSI
    """,
    VIDEO: """
    UCF101 HMDB51 Kinetics400 Kinetics600 Kinetics700 SomethingSomething ActivityNet Charades EPICKitchens HowTo100M
    MSRVTT MSVD YouCook2 UCFCrime ShanghaiTech UCSDPed MovingMNIST YouTubeVOS UCF50 KTH Diving48 FineGym JHMDB CMUMOSEI
    CMUMOSI NTURGBD NTURGBD120 UCF11 UCFSports HACS THUMOS14 EGTEA GTEA 50Salads Ego4D AVAActions JesterGestures
    MomentsInTime MiniKinetics PKUMMD UTKinect MSRAction3D DHG1428 EgoGesture NVGesture WLASL MSASL PHOENIX14T CSLDaily
    How2Sign AUTSL LSA64 ASLLVD GRIDCorpus LRW LRS2 LRS3 HDTF BAIRPushing RoboNet SkyTimelapse TaiChiHD CUHKAvenue
    XDViolence RWF2000 HockeyFights TVSum SumMe QVHighlights CharadesSTA DiDeMo LSMDC VATEX TVQA NExTQA WebVid InternVid
    Panda70M OpenVid1M Adobe240fps X4K1000FPS KonViD1k CLEVRER DanceTrack SportsMOT YouTubeVIS OVIS
    """,
    TABLES: """
    Iris BostonHousing CaliforniaHousing BreastCancer BreastCancerWisconsin Wine WineQuality Diabetes Covertype Titanic
    Adult PimaDiabetes AmesHousing CreditCardFraud TelcoChurn BikeSharing Abalone AutoMPG KDDCup99 NSLKDD MovieLens
    Criteo BookCrossing Goodbooks10k Gowalla Yelp2018 NetflixPrize LastFM Avazu Tmall Diginetica YooChoose AmazonBooks
    AmazonBeauty AmazonElectronics MIMIC3 MIMIC4 HIGGS YearPredictionMSD BankMarketing GermanCredit PortoSeguro
    IEEEFraud Rossmann Instacart KingCountyHousing BanknoteAuthentication PenDigits Spambase LetterRecognition
    SpaceshipTitanic METABRIC GBSG FLCHAIN NWTCO HeartDisease ChurnModelling SocialNetworkAds MallCustomers
    AdmissionPredict StrokePrediction Sonar Mushroom GIDS HomeCreditDefaultRisk SantanderCustomerTransactionPrediction
    GiveMeSomeCredit MedicalCost SalaryData PositionSalaries Startups50 Ionosphere CICIDS2017 CICIDS2018 CICDDoS2019
    UNSWNB15 BotIoT ToNIoT NBaIoT EMBER Drebin PhiUSIIL LendingClub COMPAS Folktables StudentPerformance
    ConcreteStrength EnergyEfficiency YachtHydrodynamics CombinedCyclePowerPlant SUSY HEPMASS GasSensorDrift
    AmazonEmployeeAccess OttoGroup MercedesBenzGreener MillionSong WaterPotability PalmerPenguins Penguins
    LoanPrediction HRAnalytics EmployeeAttrition SwissRoll SCurve Moons WeatherAUS
    """,
    GRAPHS: """
    Cora CiteSeer PubMed QM7 QM9 MUTAG KarateClub FB15k FB15k237 WN18 WN18RR YAGO310 ZINC Tox21 OGBNArxiv OGBNProducts
    OGBGMolhiv OGBGMolpcba NCI1 NCI109 AIFB DBLP OC20 MD17 FreeSolv Lipophilicity BBBP ClinTox MoleculeNet GuacaMol
    WebKB PPI PROTEINS ENZYMES IMDBBinary REDDITBinary AmazonPhoto AmazonComputers EllipticBitcoin BindingDB WikiMaths
    EnglandCovid PEMSBAY METRLA PeMSD7 PEMS03 PEMS04 PEMS07 PEMS08
    """,
    SERIES: """
    JenaClimate ETT ETTh1 ETTm1 ETTh2 ETTm2 AirPassengers ECG5000 MITBIH UCIHAR CMAPSS ElectricityLoadDiagrams PEMSBAY
    METRLA PeMSD7 PEMS03 PEMS04 PEMS07 PEMS08 PhysioNet2012 PhysioNet2017 WISDM PAMAP2 NinaPro BCICIV2a BCICIV2b
    SleepEDF CHBMIT PTBXL HouseholdPowerConsumption SMD AirQuality AppliancesEnergy Sunspots ShampooSales NASDAQ100 PM25
    NGSIM highD TaxiBJ M4 M5 SWaT WADI SMAP NAB HDFS DEAP PhysioNetMI TUHEEG BikeSharing Rossmann EnglandCovid WikiMaths
    SML2010 PTBDB CPSC2018 PhysioNet2016 PhysioNet2019 PhysioNet2020 PhysioNet2021 ChapmanECG LUDB AFDB NSTDB SEED TUSZ
    HighGamma OpenBMI Opportunity MHEALTH USCHAD MotionSense HHAR RealWorldHAR SisFall CapgMyo ETHUCY StanfordDrone
    PLAsTiCC
    """,
    GAMES: "D4RL DROID RoboMimic PushT LIBERO BridgeData OpenXEmbodiment LanguageTable",
    SHAPES: """
    ModelNet ModelNet10 ModelNet40 ShapeNet ScanObjectNN PartNet ScanNet S3DIS SemanticKITTI Objaverse HumanML3D AMASS
    3DPW Toronto3D Semantic3D SensatUrban STPLS3D Thingi10K FAUST DFAUST SHREC COSEG PU1K PUGAN PCN Completion3D 3DMatch
    3DLoMatch GoogleScannedObjects OmniObject3D 3DFUTURE 3DFRONT
    """,
}  # fmt: skip
_WITH_WORDS = """
    Flickr8k Flickr30k VQAv2 ConceptualCaptions LAION YFCC15M OKVQA TextVQA ScienceQA NLVR2 RefCOCO VizWiz GQA
    SBUCaptions RedCaps TextCaps COYO Recipe1M DocVQA LLaVAInstruct ShareGPT4V OBELICS DataComp JourneyDB PickaPic
    InstructPix2Pix MagicBrush ChartQA PlotQA FigureQA DVQA InfoVQA OCRVQA STVQA AI2D HatefulMemes MVSA MMIMDb Fakeddit
    Visual7W GuessWhat VisDial PhraseCut IUXray ROCO SLAKE VQARAD PathVQA RSICD
    """  # images that are described or asked about
# names that other data have as well, of which the code tells more: scans of breasts, faces of actors, crowds
AMBIGUOUS = {"BreastCancer", "IMDB", "Diabetes", "ShanghaiTech"}


@cache
def _of_datasets() -> dict[str, tuple[str, ...]]:
    """A canonical name → the kinds that it is of; images are all that are nothing else."""
    found = {name: tuple(kind for kind, names in _DATASETS.items() if name in names.split()) for name in ALIASES}
    words = _WITH_WORDS.split()
    return {name: kinds or ((IMAGES, TEXT) if name in words else (IMAGES,)) for name, kinds in found.items()}


def of_dataset(dataset: str | None) -> tuple[str, ...]:
    """The kinds of a data set, or of those that a run chooses between ("MNIST / IMDB"); none for one not known."""
    names = dataset.split(" / ") if dataset else []
    return tuple(dict.fromkeys(kind for name in names for kind in _of_datasets().get(name, ())))


@dataclass(frozen=True)
class Signs:
    """What is named where data of a kind is worked on: names that hardly anything else has (`sure`), words that are
    parts of names (`words`), and names that mostly go with it (`slight`). Patterns match whole names."""

    sure: str
    words: frozenset[str] = frozenset()
    slight: str = r"(?!)"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SIGNS = {
    IMAGES: Signs(
        r"torchvision|cv2|skimage|albumentations|imgaug|kornia|monai|timm|imageio|pydicom|nibabel|imutils|ultralytics|"
        r"segmentation_models\w*|detectron2|mmdet|mmseg|mmcv|lpips|pytorch_fid|YOLO\w*|AutoImageProcessor|ViT\w+|"
        r"ImageFolder|ImageDataGenerator|flow_from_\w+|image_dataset_from_directory|load_img|img_to_array|imread|"
        r"decode_(jpeg|png|image)|read_image|\w*PILImage|save_image|make_grid|pixel_values|(Random)?CenterCrop|"
        r"RandomResizedCrop|RandomHorizontalFlip|random_flip_left_right|ColorJitter|(VGG|vgg)\d+(_bn)?|"
        r"[rR]es[nN]et\d+(V2)?|InceptionV3|inception_v3|MobileNet\w*|EfficientNet\w*",
        _words("image images img imgs pixel pixels photo photos picture pictures"),
        r"PIL|Image|imshow|(Up|Down)Sampling2D|[cC]onv(_?[tT]ranspose)?2[dD](_?[tT]ranspose)?|BatchNorm2d|"
        r"(Adaptive)?(Max|Avg)Pool(ing)?2[dD]|max_pool2d",
    ),
    TEXT: Signs(
        r"torchtext|nltk|spacy|tokenizers|sentencepiece|sacrebleu|gensim|jieba|tiktoken|langchain\w*|unidecode|"
        r"sentence_transformers|SentenceTransformer|[wW]ord2[vV]ec|TfidfVectorizer|CountVectorizer|TextVectorization|"
        r"\w*Tokenizer(Fast)?|(de)?tokenize|tokenizer|(word|sent)_tokenize|texts_to_sequences|fit_on_texts|stopwords|"
        r"PorterStemmer|WordNetLemmatizer|input_ids|num_words|B(ert|ERT)\w*|GPT2\w*|corpus_bleu|bleu\w*|rouge\w*|"
        r"AutoModelFor(CausalLM|SequenceClassification|Seq2SeqLM|MaskedLM|QuestionAnswering|TokenClassification)|"
        r"(word|char|idx|id|ix)_?(2|to)_?(word|char|idx|id|ix)|word_index|stoi|itos|vocab|vocabulary|vocab_size|seq2seq",
        _words("texts sentence sentences word words token tokens vocab corpus language translation sentiment tweet"
               " tweets paragraph question questions char chars"),
        r"Embedding|pad_sequences|embedding_dim|pack_padded_sequence|TransformerDecoder\w*",
    ),
    SOUND: Signs(
        r"torchaudio|librosa|soundfile|pyaudio|pydub|sounddevice|wavfile|speechbrain|espnet\w*|python_speech_features|"
        r"[mM]el[sS]pectrogram|mfccs?|MFCC|i?stft|n_mels|hop_length|n_fft|sampl(e|ing)_rate|AmplitudeToDB|pesq|vocoder|"
        r"[wW]av2[vV]ec2?\w*|Whisper\w*|HubertModel|music21|pretty_midi|pypianoroll|mido|muspy|mir_eval|musdb|museval",
        _words("audio sound sounds wav waveform waveforms mel spectrogram spectrograms speech speaker voice midi music"
               " note notes chord chords melody song"),
        r"sr",
    ),
    VIDEO: Signs(
        r"pytorchvideo|decord|read_video|moviepy|VideoFileClip|VideoReader|imageio_ffmpeg|mmaction\w*|[iI]3D|R3D\w*|"
        r"r3d_18|video_path|optical_flow|skvideo",
        _words("video videos"), r"VideoCapture|[cC]onv3[dD]",
    ),
    TABLES: Signs(
        r"xgboost|lightgbm|catboost|XGB\w+|LGBM\w+|CatBoost\w*|OneHotEncoder|get_dummies|OrdinalEncoder|fillna|"
        r"ColumnTransformer|(pytorch_)?[tT]ab[nN]et\w*|RandomForest\w+|GradientBoosting\w+|DecisionTree\w+|surprise|"
        r"KNeighbors\w+|LogisticRegression|LinearRegression|feature_importances_|(user|item)_ids?|n(um)?_(users|items)",
        _words("churn tabular customer rating ratings"), r"read_csv|StandardScaler|LabelEncoder|DataFrame|pandas",
    ),
    GRAPHS: Signs(
        r"torch_geometric|dgl|stellargraph|spektral|ogb|networkx|rdkit|Chem|GCN\w*|GAT(Conv|v2\w*)?|SAGEConv|GraphSAGE|"
        r"MessagePassing|edge_index|edge_attr|num_nodes|node_features?|adj|adj_\w+|adjacency\w*|graph_?conv\w*|"
        r"GraphConv\w*|laplacian\w*",
        _words("node nodes edge edges molecule molecules smiles"),
    ),
    SERIES: Signs(
        r"statsmodels|yfinance|pandas_datareader|(fb)?[pP]rophet|darts|sktime|tsai|gluonts|neuralforecast|pmdarima|mne|"
        r"wfdb|adfuller|S?ARIMAX?|look_?back|n_lags|lags?|horizon|forecast\w*|window_size|pred_len|stock\w*|"
        r"time_?series\w*|Time[sS]eries(?!Split)\w*|(eeg|EEG|ecg|ECG)\w*",
        _words("series forecast forecasting stock price prices lag lags window"),
        r"MinMaxScaler|LSTM|parse_dates|DatetimeIndex|to_datetime",
    ),
    GAMES: Signs(
        r"gym|gymnasium|pettingzoo|stable_baselines\d?|pygame|unityagents|UnityEnvironment|vizdoom|minigrid|rllib|rl|"
        r"keras_rl|dm_control|mujoco|atari_wrappers|gym_super_mario_bros|nes_py|(action|observation|state)_(space|size|dim)|"
        r"env|ENV|n(um)?_actions|(select|choose)_action|[rR]eplay_?([bB]uffer|[mM]emory)|epsilon_greedy",
        _words("env agent agents reward rewards actions actor episode episodes"),
    ),
    SHAPES: Signs(
        r"open3d|pytorch3d|point_?clouds?\w*|trimesh|[pP]oint[nN]et\w*|voxels?|furthest_point_sample|n(um)?_points|laspy",
        _words("mesh voxel"),
    ),
}  # fmt: skip
KINDS = tuple(_SIGNS)
# What a name of each sort counts, and the most that all of a sort count. No word and nothing slight is as sure as a
# sure name; three words are.
_SURE, _WORD, _SLIGHT = 3.0, 1.0, 0.5
_WORDS_AT_MOST, _SLIGHT_AT_MOST = 4.0, 1.0
_SHARE = 0.5  # of what speaks for the likeliest kind, and a script works on another as well: from .3 to .7 alike
_LONGEST = 60  # letters of a name


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    return {kind: (re.compile(signs.sure), re.compile(signs.slight)) for kind, signs in _SIGNS.items()}


@lru_cache(maxsize=50_000)  # of all names, few are different
def _speaks(name: str) -> tuple[tuple[str, float], ...]:
    """The kinds that a name speaks for, and how much."""
    if len(name) > _LONGEST:
        return ()
    words = {piece.lower() for piece in CAMEL.findall(name)}
    found: dict[str, float] = {}
    for kind, (sure, slight) in _patterns().items():
        if sure.fullmatch(name):
            found[kind] = _SURE
        elif not words.isdisjoint(_SIGNS[kind].words):
            found[kind] = _WORD
        elif slight.fullmatch(name):
            found[kind] = _SLIGHT
    return tuple(found.items())


def spoken_for(names: Iterable[str], given: Iterable[str] = ()) -> dict[str, tuple[float, tuple[str, ...]]]:
    """The kinds of data that the names in a script's code speak for: how much, and the names, those that tell most
    first; what is `given` by name is called so by others. Tables are what nothing else is: whatever is learned may be
    read from one."""
    names_of: dict[str, list[tuple[float, str]]] = defaultdict(list)
    told = {name: kinds_of for name in names if (kinds_of := _speaks(name))}  # of nearly all nothing
    handed = {name: kinds_of for name in given if name not in told and (kinds_of := _speaks(name))}
    for name, kinds_of in (*told.items(), *handed.items()):
        for kind, much in kinds_of:
            names_of[kind].append((_SLIGHT if name in handed and much < _SURE else much, name))
    found = {kind: _together([much for much, _ in signs]) for kind, signs in names_of.items()}
    most = max(found.values(), default=0.0)
    least = max(_SURE, _SHARE * most) if most >= _SURE else max(_WORD, most)
    kinds = {kind for kind, much in found.items() if much >= least}
    kinds -= {TABLES} if kinds != {TABLES} else set()
    ordered = {kind: sorted(names_of[kind], key=lambda told: (-told[0], told[1])) for kind in KINDS if kind in kinds}
    return {kind: (found[kind], tuple(name for _, name in told)) for kind, told in ordered.items()}


def _together(told: list[float]) -> float:
    sure, words, slight = (sum(one for one in told if one == sort) for sort in (_SURE, _WORD, _SLIGHT))
    return sure + min(_WORDS_AT_MOST, words) + min(_SLIGHT_AT_MOST, slight)
