"""The data sets that people call by a name, and how a name, a path or a sentence mentions one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from index.known import vision_datasets
from index.known.words import CAMEL

# Canonical names, each with its other spellings (letters and digits only, lower case); a colon after one that is too
# common a word to stand for it alone.
_NAMES = """
MNIST mnistdigits ylecunmnist mnist784 binarymnist binarizedmnist bmnist digitrecognizer mnistpng mnistoriginal,
FashionMNIST fmnist fashion zalandodatasetsfashionmnist, KMNIST kuzushijimnist, KannadaMNIST, EMNIST,
CIFAR10 cifar uoftcscifar10, CIFAR100, SVHN svhncropped housenumbers train32x32mat, STL10,
CelebA celebfaces imgalignceleba, CelebAHQ celebhq, FFHQ, LSUN,
Flowers102 oxfordflower oxfordflowers oxfordflowers102 flower102 oxford102 102flowers,
OxfordIIITPet oxfordpets oxfordpet pets, Food101, StanfordCars carstrain,
ImageNet imagenet1k imagenet2012 ilsvrc2012 imagenet64 imagenet32 ilsvrc imagenetresized,
TinyImageNet tinyimagenet200,
COCO mscoco cocodetection cococaptions coco2014 coco2017 coco128 coco8 instancestrain2014 instancestrain2017
captionstrain2014 captionstrain2017 instancesval2014 instancesval2017 captionsval2014 captionsval2017,
VOC pascal pascalvoc vocsegmentation vocdetection voc07 voc12 voc2007 voc2011 voc2012 pascal2007 pascal2012 vocdevkit,
CamVid, Cityscapes cityscape leftimg8bit, Omniglot, USPS,
Caltech101 101objectcategories, DTD, EuroSAT, Digits loaddigits sklearndigits optdigits, Iris loadiris,
IMDB aclimdb imdbmoviereviews imdbreview imdbreviews largemoviereviewdataset, AGNews, WikiText, WikiText2,
WikiText103, TinyShakespeare shakespearetxt inputshakespearetxt shakespeare shakespearechar, Multi30k,
SpeechCommands googlespeechcommands googlespeechcommand minispeechcommands, Cora,
CiteSeer, PubMed, notMNIST, MovingMNIST mnisttestseq, QMNIST, PennTreebank ptb penn, LAMBADA, Nottingham nott,
JSBChorales jsb,
SNLI, MNLI multinli, SST2 stanfordsentimenttreebank, SST sst5 datasetsentencestxt, GLUE,
SQuAD squadv1 squad11 squadv11 trainv11json devv11json, SQuADv2 squad2 squad20 squadv20 trainv20json devv20json, MRPC,
LM1B, WMT14, WMT16,
WMT17 wmt17translate, KDE4, OpenWebText, Enwik8, YelpReviews yelpreviewfull yelpreviewpolarity yelppolarity,
Yelp2013 yelp13, Yelp2014 yelp14,
AmazonReviews: amazonreviewfull amazonreviewpolarity amazonreviewsmulti amazonpolarity, DBpedia dbpedia14, TREC,
Reuters, 20Newsgroups 20newsgroupsvectorized, CoNLL2003 conll03 engtrain engtesta, Imagenette, Imagewoof, Places365,
LFW lfwpeople lfwpairs labeledfacesinthewild labelledfacesinthewild, UTKFace, CUB200 cub2002011, Horse2Zebra,
Monet2Photo, Edges2Shoes, Facades,
CatsVsDogs dogsvscats catsanddogs catdog catsdogs dogscats dogsvscatsredux catsvdogs catvsdog catvdog catanddog
catsanddogsdataset catsvsdogssmall kagglecatsanddogs petimages,
BostonHousing boston loadboston, CaliforniaHousing, BreastCancer, Wine, Diabetes, Covertype covtype, KITTI,
Flickr8k flicker8k, Flickr30k flicker30k, Market1501, SUN397, CLEVR, iCLEVR, UCF101, HMDB51, Kinetics400, LibriSpeech,
LJSpeech ljdataset ljspeechdataset, UrbanSound8K, GTZAN genresoriginal,
MovieLens movielens100k movielens1m ml100k ml1m movielens10m movielens20m movielens25m ml10m ml20m ml25m
mllatestsmall,
QM9, ModelNet10, ModelNet40, ShapeNet shapenetcorepartannosegmentationbenchmarkv0normal
shapenetcorepartannosegmentationbenchmarkv0, Titanic, PlantVillage,
EMNISTLetters, dSprites,
GTSRB germantrafficsign germantrafficsigns gtsrbgermantrafficsign, MalariaCells: malaria,
Pokemon pokemonblipcaptions, SmithsonianButterflies smithsonianbutterfliessubset, MNISTM,
ColoredMNIST colormnist cmnist,
RotatedMNIST rotmnist, SignLanguageMNIST signmnist, CINIC10, ImageNet100, MiniImageNet, TieredImageNet,
iNaturalist inat inat2017 inat2018 inat2021, Caltech256 256objectcategories, StanfordDogs, FGVCAircraft,
RESISC45 nwpuresisc45,
UCMerced ucmercedlanduse, PatchCamelyon pcam, CelebAMaskHQ, AFHQ, AnimeFaces animeface animefacedataset, VGGFace2,
CASIAWebFace webface,
WIDERFace, FER2013 fer, AffectNet, RAFDB, DIV2K div2ktrainhr div2ktrainlr, Flickr2K, BSDS500 bsd500, BSDS300 bsd300,
ADE20K, LVIS,
VisualGenome, nuScenes, ScanNet, S3DIS, SemanticKITTI, NYUDepthV2 nyuv2 nyudepth, FlyingChairs, DAVIS2017, MOT17,
BDD100K, CULane, TuSimple, Carvana carvanaimagemasking carvanaimagemaskingchallenge,
BraTS brats2017 brats2018 brats2019 brats2020 brats2021,
ISIC: isic2016 isic2017 isic2018 isic2019 isic2020 isicarchive, HAM10000 skincancermnistham10000,
ChestXray14 nihchestxray nihchestxrays nihcxr nihcxr14
dataentry2017 dataentry2017v2020, ChestXrayPneumonia chestxray, CheXpert, LUNA16,
LIDC-IDRI lidc, KvasirSEG, CVCClinicDB,
PANDA: pandadataset pandadata prostatecancergradeassessment, PaddyDisease paddydiseaseclassification paddydoctor,
CassavaLeafDisease cassavaleafdiseaseclassification, Fruits360, IntelImageClassification intelimages,
BrainTumorMRI braintumormridataset braintumorclassificationmri, ASLAlphabet, HorsesOrHumans horseorhuman,
FlowerPhotos tfflowers, Flowers17 oxfordflowers17 17flowers oxflower17 oxfordflower17 flower17,
Shapes3D 3dshapes, SmallNORB, QuickDraw, WikiArt,
MetFaces, DeepFashion, Danbooru danbooru2018 danbooru2019 danbooru2020, Apple2Orange,
Summer2Winter summer2winteryosemite, Edges2Handbags, Selfie2Anime, DukeMTMC dukemtmcreid, CUHK03, VQAv2 vqa2,
ConceptualCaptions cc3m cc12m, LAION: laion400m laion5b laionaesthetics, IWSLT16 iwslt2016, IWSLT17 iwslt2017,
Europarl, OpenSubtitles, Tatoeba,
CornellMovieDialogs movielinestxt cornellmoviedialog cornellmoviedialogscorpus cornellmoviedialoguecorpus
movieconversationstxt, HotpotQA, TriviaQA,
NaturalQuestions, MSMARCO, CNNDailyMail cnndm, XSum, SAMSum, DailyDialog, PersonaChat, MultiWOZ, TinyStories,
BookCorpus, Text8, Sentiment140 training1600000processednoemoticon, RottenTomatoes, SMSSpam smsspamcollection,
QQP quoraquestionpairs, QNLI, STSB,
SuperGLUE, GSM8K, HellaSwag, Dolly15k databricksdolly15k,
ToxicComments toxiccommentclassification jigsawtoxiccommentclassificationchallenge, GoEmotions, TweetEval, ATIS,
Adult: adultincome adultcensus censusincome adultcensusincome,
PimaDiabetes: pimaindiansdiabetes pimaindians pimaindiansdiabetesdatabase,
AmesHousing housepricesadvancedregressiontechniques kagglehouseprices housepriceskaggle,
CreditCardFraud creditcard creditcardfrauddetection,
TelcoChurn telcocustomerchurn, WineQuality winequalityred winequalitywhite, BikeSharing bikesharingdemand, Abalone,
AutoMPG, KDDCup99, NSLKDD kddtrain, OlivettiFaces, JenaClimate jenaclimate20092016, ETTh1, ETTm1,
AirPassengers airlinepassengers internationalairlinepassengers, ECG5000, MITBIH mitbiharrhythmia mitdb, UCIHAR,
CMAPSS fd001 fd002 fd003 fd004,
OGBNArxiv, OGBNProducts, MUTAG, KarateClub, FB15k237, WN18RR, ZINC zinc250k
250krndmzincdrugsclean3, Tox21, Criteo, BookCrossing,
Goodbooks10k, Gowalla, ESC50, AudioSet, VCTK, CommonVoice, TIMIT, NSynth, RAVDESS, IEMOCAP, CREMAD,
VoxCeleb voxceleb1 voxceleb2, LibriTTS, AISHELL aishell1,
FSDD freespokendigit freespokendigits freespokendigitdataset, MUSDB18, Potsdam isprspotsdam potsdamsegmentation,
Vaihingen isprsvaihingen, DeepGlobe deepglobeland deepgloberoad, LoveDA, iSAID, VisDrone visdrone2019, SKU110K,
CrowdHuman, Objects365, OpenImages openimagesv4 openimagesv6 openimagesv7, CityPersons, Comma10k, ApolloScape,
Mapillary mapillaryvistas, Argoverse argoverse2, WaymoOpen waymo, GTA5 gta5tocityscapes, VirtualKITTI vkitti vkitti2,
CHASEDB1 chasedb, MoNuSeg, DSB2018 2018datasciencebowl datasciencebowl2018, ISBI2012, KiTS19, BTCV, Cholec80,
Camelyon16, Camelyon17, COVIDx, APTOS2019 aptos2019blindnessdetection, EyePACS, Messidor messidor2, BreakHis,
DDSM cbisddsm, MIMICCXR, PathMNIST, ChestMNIST, DermaMNIST, BloodMNIST, PneumoniaMNIST, OrganAMNIST, BreastMNIST,
RetinaMNIST, OCTMNIST, TissueMNIST, MedMNIST, SIIMPneumothorax siimacrpneumothoraxsegmentation,
UWMadisonGITract uwmadisongitractimagesegmentation, LCC25000, OASIS1, ADNI, Synth90k 90kdict32px mjsynth, SynthText,
ICDAR2013, ICDAR2015, IIIT5K, IAM: iamhandwriting iamwords iamdataset iamhandwritingdatabase, FUNSD, SROIE, DocVQA,
RVLCDIP, PubLayNet, DocLayNet, Im2Latex100k im2latex, WebKB, YahooAnswers yahooanswerstopics, SogouNews, ROCStories,
WritingPrompts, BillSum, MultiNews, PubMedQA, CoQA, QuAC, BoolQ, WinoGrande, CommonsenseQA, OpenBookQA, MMLU,
Alpaca alpacadata alpacacleaned stanfordalpaca tatsulabalpaca, ShareGPT, OpenAssistant oasst1 openassistantguanaco,
UltraChat ultrachat200k, UltraFeedback ultrafeedbackbinarized, HHRLHF anthropichh, ThePile uncopyrightedpile,
C4: allenaic4, RedPajama, FineWeb finewebedu, SlimPajama, CodeSearchNet, CodeAlpaca, HumanEval, MBPP, FakeNewsNet,
OLID, TACRED, DocRED, OntoNotes ontonotes5, WNUT17, NCBIDisease, BC5CDR, JNLPBA, THUCNews cnews, ChnSentiCorp,
CMRC2018,
KorQuAD, NSMC, KLUE, XNLI, XTREME, IWSLT14 iwslt2014, IWSLT15 iwslt2015, WMT15, WMT18, WMT19, OPUS100, OpusBooks,
UbuntuDialogue ubuntudialoguecorpus, Banking77, CLINC150, WNLI, AISHELL3, AISHELL2, JSUT, CSS10, GigaSpeech,
TEDLIUM tedlium2 tedlium3, VoxPopuli, FLEURS, LibriMix libri2mix, VoiceBankDEMAND vctkdemand voicebank,
WSJ0 wsj02mix, DNSChallenge, MagnaTagATune mtat, MAESTRO maestrov2 maestrov3, LakhMIDI lakh lmd, POP909, MusicNet,
EmoDB, SAVEE, CMUMOSEI mosei, CMUMOSI mosi, OGBGMolhiv, OGBGMolpcba, NCI1, NCI109, AIFB, FB15k, WN18, YAGO310, DBLP,
OC20, MD17, QM7, FreeSolv, Lipophilicity, BBBP, ClinTox, MoleculeNet, GuacaMol, Yelp2018, NetflixPrize, LastFM,
Avazu, Tmall, Diginetica, YooChoose, AmazonBooks, AmazonBeauty, AmazonElectronics, ETTh2, ETTm2,
ETT etthourly ettsmall, ElectricityLoadDiagrams ecl electricityloaddiagrams20112014, PEMS04, PEMS08, PEMSBAY, METRLA,
MIMIC3 mimiciii, MIMIC4 mimiciv, PhysioNet2012, PhysioNet2017, WISDM, PAMAP2, NinaPro,
BCICIV2a bciciv2agdf bnci2014001 bcicompetitioniv2a bciiv2a, SleepEDF sleepedfx, CHBMIT, PTBXL, HIGGS,
YearPredictionMSD,
BankMarketing bankfull bankadditionalfull,
GermanCredit germancreditdata, PortoSeguro, IEEEFraud ieeefrauddetection, Rossmann rossmannstoresales, Instacart,
KingCountyHousing housesalesinkingcounty kchousedata, BanknoteAuthentication, BreastCancerWisconsin, PenDigits,
Spambase, LetterRecognition, SpaceshipTitanic, ModelNet, ScanObjectNN, PartNet, Pix3D, Objaverse, LLFF nerfllff,
Human36M h36m, MPII mpiihumanpose, 3DPW, FreiHAND, NTURGBD ntu60 nturgb, Kinetics600, Kinetics700,
SomethingSomething somethingsomethingv2, ActivityNet, Charades, EPICKitchens epickitchens100, HowTo100M, MSRVTT,
MSVD, YouCook2, UCFCrime, ShanghaiTech, UCSDPed ucsdped1 ucsdped2, AFLW aflw2000, WFLW, CKPlus ck48, JAFFE, AgeDB,
IMDBWIKI, Adience, MS1M ms1mv2 msceleb1m, CelebDF, FaceForensics faceforensicspp, DFDC deepfakedetectionchallenge,
Set5, Set14, Urban100, Manga109, Vimeo90K, SIDD, Rain100L, Rain100H, BSD68, DF2K, Places2, ParisStreetView,
Cezanne2Photo, Ukiyoe2Photo, VanGogh2Photo, ArtBench10 artbench, StanfordOnlineProducts onlineproducts, CARS196,
MIT67 mitindoor67, SUNRGBD, PASCALContext, DeepFashion2, VITON vitonhd, PlantSeedlings plantseedlingsclassification,
PlantDoc, CompCars, VeRi776, CCPD ccpd2019, Recipe1M, Fitzpatrick17k, Country211, RenderedSST2, Semeion,
FlyingThings3D, Sintel mpisintel, SceneFlow, SwissRoll makeswissroll, SCurve makescurve, Moons makemoons twomoons,
ToxicCommentsUnintended jigsawunintendedbiasintoxicityclassification, BindingDB, WikiSQL, WikiTableQuestions,
METABRIC, GBSG, FLCHAIN, NWTCO, ClothingCoParsing,
PPI: proteinproteininteraction proteinproteininteractions loadppi, PeMSD7 pemsd7m, WikiMaths, EnglandCovid,
PlanetAmazon: planet planetsample planetunderstandingtheamazonfromspace amazonfromspace, NaturalImages,
WikiBio, E2ENLG, WebNLG, ELI5, HeartDisease: clevelandheartdisease heartdiseaseuci heartdiseaseprediction,
NewsAggregator: newscorpora, NewsSummary: newssummary newssummarydataset,
NewsCategory: newscategorydataset newscategorydatasetv2 newscategorydatasetv3, BBCNews bbctext,
SarcasmHeadlines sarcasmheadlinesdataset, AirlineTweets: twitterairlinesentiment twitterusairlinesentiment,
AmazonFineFood amazonfinefoodreviews amazonfoodreviews, RestaurantReviews, MR: rtpolarity rtpolaritydata, RAFT:
oughtraft,
Hymenoptera hymenopteradata, CaptchaImages captchaimagesv2, PM25,
PennFudan pennfudanped, DogBreed: dogbreedidentification,
Simpsons: simpsonsdataset thesimpsonscharactersdataset, RockPaperScissors, TrashNet,
SBD: sbdclassseg semanticboundaries, LGG: lggmrisegmentation,
COVID19Radiography covid19radiographydataset covid19radiographydatabase,
SeverstalSteel: severstalsteeldefectdetection, AirbusShip: airbusshipdetection,
PlantPathology2020 plantpathology2020fgvc7, PlantPathology2021 plantpathology2021fgvc8,
TGSSalt tgssaltidentificationchallenge, ChurnModelling, SocialNetworkAds, MallCustomers, AdmissionPredict,
WeatherAUS, HouseholdPowerConsumption, StrokePrediction: healthcaredatasetstrokedata, Sonar: sonaralldata,
Food11 food11imagedataset, Mushroom: mushroomclassification, PROTEINS: tuproteins, ENZYMES: tuenzymes, IMDBBinary,
REDDITBinary redditb, AmazonPhoto, AmazonComputers, OfficeHome, Office31, VisDA visda2017, DomainNet, VLCS,
Waterbirds,
CivilComments, CIFAR10C, CIFAR100C, ImageNetC, ImageNetR, ImageNetA, ImageNetV2, ObjectNet,
YFCC15M yfcc100m, MVTec mvtecad mvtecanomalydetection, SMD: servermachinedataset, BCCD: bccddataset, GoPro,
MITAdobe5K mitfivek fivek adobe5k, HPatches, MegaDepth, TUMRGBD, NeRFSynthetic, TanksAndTemples, BigEarthNet, So2Sat,
SpaceNet, xView, OKVQA, TextVQA, ScienceQA, NLVR2, RefCOCO, OpenOrca, SlimOrca, MetaMathQA, TruthfulQA, PIQA,
Gigaword,
TESS: torontoemotionalspeechset, ASVspoof asvspoof2019, FSD50K, AudioCaps, AudioMNIST, ESD: emotionalspeechdataset,
D4RL, GIDS, UDPOS, LHQ lhq256 lhq1024, Sprites: sprites178816x16, RSNAPneumoniaDetectionChallenge, BengaliAICV19,
StateFarmDistractedDriverDetection, HumanProteinAtlasImageClassification,
HomeCreditDefaultRisk, SantanderCustomerTransactionPrediction,
QuoraInsincereQuestionsClassification, GiveMeSomeCredit, MedicalCost: medicalcostpersonal,
AirQuality: airqualityuci, AppliancesEnergy: energydatacomplete, Sunspots monthlysunspots, ShampooSales,
SalaryData, PositionSalaries, Startups50: 50startups, Ionosphere, CICIDS2017, UNSWNB15, EllipticBitcoin, EgoHands,
UTZappos50K utzap50k, FMA: fmasmall fmamedium fmalarge, MNISTC,
DRIVE: drivedataset driveretina digitalretinalimages, DROID: droiddataset droid100, LHQ lhq256 lhq1024 landscapeshq,
UDPOS udenglish universaldependencies, Nietzsche, spa-eng spatxt, fra-eng fratxt, deu-eng deutxt, HotelReviews:
tripadvisorhotelreviews,
NASDAQ100 nasdaq100padding, SynSigns, SynDigits, CoLA, SNIPS: snipsnlu, PAWS: pawsx, FEVER: feverdataset, LIAR:
liardataset, EnronSpam, SpamAssassin, SemEval2014, SemEval2010Task8 semeval2010, WikiANN, CommonGen, XLSum,
OpenHermes,
MATH: competitionmath, SciQ, OSCAR: oscarcorpus, TheStack: bigcodethestack thestackdedup, PersonaHub, Capybara:
distilabelcapybara,
IndianPines, PaviaU paviauniversity, SalinasScene: salinascorrected, AID: aiddataset, PatternNet, WHURS19, DOTA:
dotav1 dotav15 dotav2, HRSC2016, LEVIRCD, xBD: xbddataset xview2, InriaAerial, MassachusettsRoads,
MassachusettsBuildings, OpenEarthMap,
FloodNet, UAVid, PanNuke, CoNSeP, MoNuSAC, GlaS: warwickqu, NuInsSeg, IDRiD, REFUGE: refugechallenge, ACDC:
acdcdataset, LiTS: lits17, AMOS22, Synapse: synapsemultiorgan, MSD: medicalsegmentationdecathlon, STARE: staredataset,
HRF: hrfdataset, PH2: ph2dataset, ODIR5K ocularrecognition, COVIDCT, MURA: muradataset murav11, BUSI
datasetbusiwithgt, RIMONE, INbreast, VinDrCXR, Shenzhen: shenzhencxr, YouTubeVOS, DAVIS2016, MOT16, MOT20, GOT10k,
LaSOT, OTB100, UCF50, KTH: kthactions, Diving48, FineGym, HumanML3D, AMASS: amassdataset, CO3D, RealEstate10K,
Replica: replicadataset, Matterport3D, Hypersim, DIODE: diodedataset, ETH3D, Middlebury, Stanford2D3D, SUNCG, ABO:
abodataset, NGSIM, highD, Lyft: lyftlevel5, A2D2, PandaSet, TaxiBJ, PEMS03, PEMS07, M4: m4competition, M5:
m5forecastingaccuracy, SWaT: swatdataset, WADI: wadidataset, SMAP: smapmsl, NAB: numentaanomalybenchmark, HDFS:
hdfslogs, BotIoT, ToNIoT, NBaIoT, CICIDS2018, CICDDoS2019, Malimg, EMBER: ember2018, Drebin, PhiUSIIL, LendingClub,
COMPAS: compasscores, Folktables, StudentPerformance: studentmat studentpor, ConcreteStrength: concretedata,
EnergyEfficiency: energyefficiencydata, YachtHydrodynamics, CombinedCyclePowerPlant, SUSY, HEPMASS, GasSensorDrift,
AmazonEmployeeAccess, OttoGroup ottogroupproductclassificationchallenge, MercedesBenzGreener, MillionSong
millionsongdataset, ICBHI: icbhi2017, COUGHVID, DEAP: deapdataset, BCICIV2b bciiv2b, PhysioNetMI eegmmidb, TUHEEG,
DCASE2016, DCASE2017, DCASE2018, DCASE2019, TAUUrbanAcoustic, Clotho, MusicCaps, GiantSteps, Slakh2100, HiFiTTS,
EmoVDB, MELD: melddataset, ASVspoof2021, MLS: multilinguallibrispeech, Chars74K, SVT: streetviewtext, CASIAHWDB,
BanglaLekha, DevanagariCharacters: devanagarihandwrittencharacterdataset, AZHandwritten azhandwrittendata, Clothing1M,
ANIMAL10N, Animals10: animals10, NABirds, Birdsnap, iWildCam, WILDS: wildsbenchmark, Oxford5k, Paris6k, MIRFlickr,
NUSWIDE, VizWiz, GQA: gqadataset, SBUCaptions, RedCaps, DiffusionDB, TextCaps, AIGCDetect, ForenSynths, GenImage:
genimagedataset genimagebenchmark,
CIFAKE, RealVsFakeFaces: 140krealandfakefaces, WIDERPerson, MegaFace, CFPFP, TACO: tacodataset, PlantCLEF2022,
DeepWeeds, RiceLeafDisease: riceleafdiseases, WaterPotability, PalmerPenguins, Penguins: penguinssize, LoanPrediction:
loanpredictiondataset, HRAnalytics: hrcommasep, EmployeeAttrition: ibmhranalyticsattritiondataset
wafnusecchrmployeeattrition, DIBCO hdibco dibco2016 dibco2017 dibco2018, UECFOOD100 uecfood, UECFOOD256, SynthRAD2023,
SynthRAD2025, REDS: redsdataset, BSD100, RealBlur, SOTS: sotsindoor sotsoutdoor, RESIDE: residedataset, LOL:
loldataset,
LOLv2, IXI: ixidataset, fastMRI, ISIC isicarchive, Kvasir kvasirv2 kvasirdataset, CKPlus ck48, LIP: lipdataset,
CrowdPose, DDAD: ddaddataset, TartanAir, SSDD: ssdddataset, SA1B, COCOStuff, SYNTHIA, PROMISE12, JSRT,
LAION: laion400m laion2b laion5b, COYO coyo700m, SEN12MS, LandCoverAI, LaPa:
lapadataset, MPIIGaze, JHMDB, UCFCC50, JHUCrowd, NWPUCrowd, CTW1500, TotalText, IAM: iamdataset iamhandwriting
iamwords,
CROHME, VireoFood172, iMaterialist, Fashionpedia, DressCode, T91 91images t91images t91imagedataset,
Pop1K7, SML2010, SRAD2018, FaceMask facemaskdataset facemaskdetection,
RSNA rsnapneumonia rsnapneumoniadetectionchallenge,
CoNLL2000, CoNLL2002, MSRANER, ResumeNER: resumenerdataset, WeiboNER, PeoplesDailyNER, CLUENER cluener2020, CMeEE,
GENIA: geniacorpus,
BC2GM, ChemProt, ACE2005, NYT10, NYT24, Wiki80, FewRel, KBP37, VLSP2016, VLSP2018, UITVSFC, PhoMT, WMT20, IWSLT13,
ParaCrawl, JESC, KFTT, Tanzil, FLORES: flores101 flores200, LCQMC, AFQMC, BQCorpus, TNEWS, IFLYTEK, WaimaiReviews:
waimai10k, OnlineShopping10Cats, WeiboSenti100k, SIGHAN: sighan13 sighan14 sighan15, R8: reutersr8, R52: reutersr52,
Ohsumed, HateXplain, OffensEval, SemEval2016, SemEval2017, SemEval2018, SemEval2019, FinancialPhraseBank,
Emotion: dairaiemotion emotionsdatasetfornlp, MSRP: msrparaphrase, SICK: sickdataset, NewsQA, DuReader, DRCD,
WebQuestions, SimpleQuestions, MetaQA, WikiHop, bAbI babitasks, QASPER, RACE: racedataset, GovReport, BigPatent,
BookSum, RedditTIFU, JFLEG, PG19, OneBillionWord 1billionword, CoauthorCS, CoauthorPhysics, CoraFull, WikiCS,
NELL995, BitcoinOTC socsignbitcoinotc, BitcoinAlpha socsignbitcoinalpha, Epinions, Goodreads, HetRec2011,
Jester: jesterdataset jesterjokes, MIND: mindsmall mindlarge mindnews, Taobao: taobaouserbehavior,
Steam: steam200k steamgames, AnimeRecommendations animerecommendationsdatabase, CWRU cwrubearing, XJTUSY, CALCE,
NASABattery, YahooS5, WalmartSales walmartrecruitingstoresalesforecasting,
FavoritaStoreSales storesalestimeseriesforecasting favoritagrocerysalesforecasting, BlackFriday: blackfridaysales,
BigMart bigmartsales, WorldHappiness worldhappinessreport, Automobile: imports85 automobiledata, Zoo: zoodataset
zoodata,
Cars93, CCGeneral, PetFinder petfinderadoptionprediction, THCHS30, VCC2016, VCC2018, MIR1K, iKala, MedleyDB,
MTGJamendo, EMOPIA, BirdCLEF birdclef2021 birdclef2022 birdclef2023 birdclef2024, DCASE2020, DCASE2021, GrooveMIDI,
WESAD, ISRUC, SHHS, DREAMER: dreamerdataset, SVC2004, CASAS, SemanticPOSS, TimeMachine,
AnnotatedNER: nerdatasetcsv entityannotatedcorpus, MarketBasketOptimisation, AdsCTROptimisation,
BeijingPM25: prsadata201011120141231, CatVsNonCat traincatvnoncat catvnoncat, NASBench101 nasbench
"""


def _aliases() -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in f"{_NAMES},{vision_datasets.NAMES}".replace("\n", " ").split(","):
        name, *others = entry.split()
        own = () if name.endswith(":") else (squeeze(name),)
        yield name.removesuffix(":"), (*own, *others)


def squeeze(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


ALIASES = dict(_aliases())  # canonical name -> every spelling; also read by the query grammar
BY_ALIAS = {alias: name for name, aliases in ALIASES.items() for alias in aliases}
# Words of other things too: only where it is plain that they name data.
TOO_GENERAL = {"titanic", "wine", "diabetes", "reuters", "fashion", "cifar", "pets", "digits", "iris", "coco", "voc",
               "usps", "dtd", "cora", "shakespeare", "boston", "trec", "malaria", "pokemon", "facades", "glue", "sst",
               "zinc", "abalone", "penn", "nott", "jsb", "lambada", "nottingham", "atis", "timit",
               "digitrecognizer", "alpaca", "maestro", "charades", "lakh", "waymo", "set5", "set14",
               "moons", "pascal", "planet", "modelnet", "creditcard", "fer", "chestxray",
               "facemask", "facemaskdetection", "rsna"}  # fmt: skip
# Words that the class of a dataset may have for more than one.
_OF_SEVERAL = {"cifar", "fashion", "diabetes", "pets", "digits", "wine", "malaria", "penn", "glue", "sst", "alpaca",
               "fer", "chestxray"}  # fmt: skip
_SERVES = re.compile(r"Data_?([sS]et|[lL]oader|Module)")
# A function that says what it gives: get_coco_training_set.
_GIVES = re.compile(r"(get|load|make|create|build)_(?P<name>[a-z]+)_(training_?|train_?|test_?)?(data_?)?(set|loader)")
_LONGEST = 5  # words of a name
_LETTERS = 80  # of a name, and more than any has


def canonical(text: str) -> str | None:
    """ "fashion_mnist" → "FashionMNIST"; None for a name that is no known dataset."""
    plain = "/" not in text and ":" not in text  # as most are
    names = (text,) if plain else (text.split(":")[0], text.split("/")[-1].split(":")[0])
    for name in names:
        if len(name) <= _LETTERS and (known := _known(name)):
            return known
    return None


@lru_cache(1 << 14)  # most names that are asked for, "backward" and "Conv2d", are in every script
def _known(name: str) -> str | None:
    return BY_ALIAS.get(squeeze(name))


def in_words(name: str) -> str:
    """The name of a dataset as words, "anime faces" of AnimeFaces; "" of one that is a single word, or has numbers."""
    pieces = CAMEL.findall(name)
    return " ".join(pieces).lower() if len(pieces) > 1 and name.isalpha() and min(map(len, pieces)) > 2 else ""


@lru_cache(1 << 8)
def written_out(name: str) -> re.Pattern[str]:
    """How code writes a dataset other than by its aliases: in several words, "AnimeFaces64"; or beside what loads it,
    where the name alone is an everyday word: `dataloader_iam`, `IAMDataset`."""
    if words := in_words(name):
        return re.compile(words.replace(" ", r"[-_\s]?"), re.IGNORECASE)
    one = rf"(?:{name}(?![a-z\d])|(?<![a-z]){name.lower()}(?![a-z\d]))"
    data = r"(?:[Dd]ata_?(?:[Ss]et|[Ll]oader)?s?|[Ll]oad(?:er)?)"
    return re.compile(rf"{data}_?{one}|{one}_?{data}")


@lru_cache(1 << 12)
def mentioned(text: str) -> str | None:
    """The one dataset that an identifier names among its words: "get_cifar10_loaders" → "CIFAR10"."""
    found = {name for name, _, _ in mentions(CAMEL.findall(text))}
    return next(iter(found)) if len(found) == 1 else None


@lru_cache(1 << 12)
def of_class(name: str) -> str | None:
    """The dataset that a class is called for by a word too general elsewhere: "FacadesDataset", "Zinc_dataset"; or a
    function that says to give it: "get_coco_training_set"."""
    given = _GIVES.fullmatch(name)
    if given is not None and (word := squeeze(given["name"])) in BY_ALIAS and word not in _OF_SEVERAL:
        return BY_ALIAS[word]
    stem = re.sub(r"(_?Data_?[sS]et|_data_?set|DataModule|Data)$", "", name)
    word = squeeze(stem)
    if stem != name and name[:1].isupper() and word not in _OF_SEVERAL and word in BY_ALIAS:
        return BY_ALIAS[word]
    # SpeakerDatasetTIMIT, DataLoaderIAM: spelt as it is called
    spelt = {part for part in CAMEL.findall(name) if len(part) > 2 and part.isupper() and part in ALIASES}
    return next(iter(spelt)) if len(spelt) == 1 and _SERVES.search(name) else None


@lru_cache(1 << 12)
def of_table(name: str) -> str | None:
    """The dataset that what is read is called for by a word too general elsewhere: `titanic`."""
    word = squeeze(name)
    return BY_ALIAS.get(word) if word not in _OF_SEVERAL else None


def mentions(words: list[str], *, spoken: bool = False) -> Iterator[tuple[str, int, int]]:
    """Every dataset that words name, longest names first, each with its place: the words [start, end). Where words are
    `spoken`, also one that is called by a word of other things, if it is said to be data: "the moons dataset"."""
    start = 0
    while start < len(words):
        for size in range(min(_LONGEST, len(words) - start), 0, -1):
            squeezed = "".join(words[start : start + size]).lower()
            if squeezed in BY_ALIAS and (
                squeezed not in TOO_GENERAL or (spoken and squeezed not in _OF_SEVERAL and _said(words, start + size))
            ):
                yield BY_ALIAS[squeezed], start, start + size
                start += size
                break
        else:
            start += 1


def _said(words: list[str], at: int) -> bool:
    """Whether a word says that what stands before it is data."""
    return at < len(words) and words[at].lower() in {"dataset", "datasets", "corpus"}
