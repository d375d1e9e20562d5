"""The table that a script reads by what its columns are called, where its file says no more than train.csv."""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.analysis import Analysis

# Each by columns that it has, and others of which one is enough: together no other table that people know has them.
_OF_COLUMNS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Titanic", ("Survived",), ("Pclass", "SibSp", "Parch", "Sex", "Embarked")),
    (
        "AmesHousing",
        ("SalePrice",),
        (
            "OverallQual",
            "GrLivArea",
            "LotFrontage",
            "TotalBsmtSF",
            "YrSold",
            "MSZoning",
            "GarageArea",
            "GarageCars",
            "OverallCond",
            "1stFlrSF",
            "PoolQC",
        ),
    ),
    ("BreastCancerWisconsin", ("diagnosis",), ("radius_mean", "texture_mean", "perimeter_worst")),
    ("PimaDiabetes", ("Outcome",), ("Glucose", "Pregnancies", "BloodPressure", "DiabetesPedigreeFunction")),
    ("TelcoChurn", ("Churn", "tenure"), ("MonthlyCharges", "TotalCharges")),
    ("ChurnModelling", ("Exited",), ("CreditScore", "EstimatedSalary", "NumOfProducts")),
    ("MovieLens", ("userId", "movieId"), ("rating",)),
    ("HeartDisease", ("thalach",), ("oldpeak", "chol", "cp", "trestbps")),
    ("CreditCardFraud", ("Class", "Amount"), ("V1", "V14", "V28")),
    ("WineQuality", ("quality",), ("volatile acidity", "fixed acidity", "residual sugar")),
    ("CaliforniaHousing", ("median_house_value",), ("ocean_proximity", "median_income", "total_rooms")),
    ("MedicalCost", ("charges", "smoker"), ("bmi", "region", "children")),
    ("MallCustomers", ("Annual Income (k$)",), ("Spending Score (1-100)",)),
    ("Iris", ("Species",), ("SepalLengthCm", "PetalLengthCm", "PetalWidthCm")),
    ("Iris", ("sepal_length",), ("petal_length", "petal_width")),
    ("Iris", ("sepal length (cm)",), ("petal length (cm)", "petal width (cm)")),
    ("KingCountyHousing", ("sqft_living",), ("waterfront", "sqft_lot", "yr_renovated")),
    ("SocialNetworkAds", ("EstimatedSalary", "Purchased"), ("Age",)),
    ("BikeSharing", ("casual", "registered"), ("season", "weathersit", "holiday")),
    ("ToxicComments", ("comment_text", "toxic"), ("severe_toxic", "obscene", "insult", "identity_hate")),
    ("AirlineTweets", ("airline_sentiment",), ("text", "negativereason", "airline")),
    ("AmazonFineFood", ("HelpfulnessNumerator",), ("Text", "Score", "ProductId", "Summary")),
)
# Each by what it alone calls its classes.
_OF_CLASSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Iris", ("Iris-setosa", "Iris-versicolor")),
    ("FashionMNIST", ("T-shirt/top", "Pullover", "Ankle boot")),
)
_READS = re.compile(r"read_(csv|table|excel|parquet)$")


def read(analysis: Analysis) -> dict[str, int]:
    """The data set whose columns the script speaks of, of a table that it reads, or whose classes."""
    named: dict[str, int] = {}
    for node in analysis.source.of(ast.Constant):
        if type(node.value) is str:
            named.setdefault(node.value, node.lineno)
    classes = {name: named[told[0]] for name, told in _OF_CLASSES if all(one in named for one in told)}
    if not any(map(_READS.match, analysis.called)):
        return classes
    for part in analysis.source.of(ast.Attribute):  # table.Survived
        named.setdefault(part.attr, part.lineno)
    return classes | {
        name: named[all_of[0]] for name, all_of, one_of in _OF_COLUMNS
        if all(column in named for column in all_of) and any(column in named for column in one_of)
    }  # fmt: skip
