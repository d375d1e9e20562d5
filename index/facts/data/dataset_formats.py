"""The files of data that readers of many formats are given: `loadarff("windmills.arff")`, `h5py.File("windmills.h5")`.

As dataset_tables reads them: paths, each with its line, of files that are called for what is in them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from index.facts.data import dataset_paths
from index.facts.data.dataset_classes import chosen
from index.facts.evaluation.analysis import Analysis, argument

FILE = re.compile(
    r"(?:^|[/\\])(?P<name>[A-Za-z][\w-]*)\.(?:arff|libsvm|svm|txt|csv|tsv|jsonl?|parquet|nc|zarr|tfrecords?|shp|geojson|"
    r"edgelist|edges|adjlist|gml|graphml|fasta|fa|fastq|h5|hdf5|db|sqlite3?|feather|zip|dat|dta|sas7bdat|sav|xlsx?)$"
)
_READS = re.compile(
    r"loadarff|load_svmlight_files?|open_dataset|open_zarr|from_(csv|json|parquet|text)|LineSentence|TextLineDataset|"
    r"TFRecordDataset|make_csv_dataset|TabularDataset|read_(file|edgelist|weighted_edgelist|adjlist|gml|graphml|feather|stata|sas|sav|hdf|json)|"
    r"ZipFile|fread|import_file|load_from_file"
)
# Whose last names others have too.
_OF_LIBRARIES = {"File": "h5py", "connect": "sqlite3", "parse": "SeqIO", "csv": "read", "parquet": "read"}


def paths(analysis: Analysis) -> Iterator[tuple[str, int]]:
    """The paths that readers are given, but for what they write."""
    for name, calls in analysis.called.items():
        home = _OF_LIBRARIES.get(name)
        for executed in calls if home is not None or _READS.fullmatch(name) else []:
            call = executed.site.node
            given = argument(call, ("path", "file_path", "filename"), 0)
            writes = any(
                isinstance(part, ast.Constant) and part.value in {"w", "a", "w-", "x"} for part in call.args[1:2]
            )
            known = home is None or home in analysis.name(call.func, executed.frame).split(".")
            path = dataset_paths.spelt(analysis, given, executed.frame) if given is not None and known else ""
            weights = home in {"h5py", "sqlite3"} and "data" not in path.lower()  # which are kept so too
            if path and not writes and not weights and not chosen(analysis, executed):
                yield path, executed.line
