"""What a question may want to know and no script says: what a training gave, how long it took, who wrote it."""

from __future__ import annotations

from index.understanding.lines import BE, DO, Line, words

_MEASURE = words(
    """accuracy accuracies results? performance scores? f1 f1-score fid auc auroc bleu rouge perplexity psnr ssim
    rmse mae map iou rewards? returns? quality"""
)
# a bare loss is a function as often as a figure
_FIGURE = rf"(?:{_MEASURE}|{words('final best lowest validation val test training train evaluation')} loss(?:es)?)"
_REACHES = words(
    """gives? gave gets? got yields? yielded reach reache[sd] achieves? achieved obtains? obtained has had have with
    produces? produced shows? showed scores? scored leads? led"""
)
_DEGREE = words("best better highest higher lowest lower worst worse top greatest strongest")
_OF = words(f"of for {DO} {BE} has have had with in on when reached achieved obtained got")
_DOES = words("works? worked performs? performed does did generali[sz]es? converges? converged")
_MADE = words("wrote made created authored coded committed trained built implemented developed owns author owner")
_RESULTS = (
    rf" (?:what|which)(?: {words(f'{BE} the sort kind of')})*(?: [\w-]+){{0,2}} {_FIGURE}(?= (?:$|{_OF} ))"
    r"(?: of| for)? ",
    rf" (?:what|which)(?: {words(f'{BE} the')})* loss(?= .*{words('reach achieve get obtain end converge')}(?:s|ed)? )",
    rf"^ how (?:good|accurate|well|bad|badly) {words(f'{DO} {BE}')} (?=.*(?: performs?| do| works?)? $)",
    rf" {_REACHES}(?: to)?(?: the| my| a)? {_DEGREE}(?: [\w-]+)? {_FIGURE} ",
    rf" {_DOES}(?: the)? {words('best better worst fastest')}(?= (?:$|on |for |in |with |when ))",
    rf"(?: the)? {_DEGREE}(?:-| )performing ",
    r"(?: the)? (?:most|least|more) accurate ",
)
_AUTHOR = (rf"^ who(?: {words(BE)})?(?: the| my)? {_MADE}(?: of)? ", r" by whom ")
_COST = (
    rf"^ how (?:long|much time) {words(f'{DO} will would')} (?=.* (?:takes?|took|needs?) )",
    r"^ how much (?:gpu |graphics )?(?:time|memory|vram|ram|energy|power|compute) ",
    rf"^ how (?:fast|slow) {words(f'{DO} {BE}')} ",
)
_SIZE = (
    r" how many(?: (?:trainable|learnable|total))? (?:parameters|params|weights) ",
    rf" (?:what|which)(?: {words(BE)})?(?: the)? (?:parameter count|number of(?: \w+)? parameters)(?: of)? ",
)
_NEVER_RUN = "scripts are read, never run"
_UNKNOWN = (
    (f"What a training gave is not known: {_NEVER_RUN}.", _RESULTS),
    ("Who wrote a script is not recorded.", _AUTHOR),
    (f"What time or memory a training takes is not known: {_NEVER_RUN}.", _COST),
    ("How many parameters a network has is not counted.", _SIZE),
)


def unrecorded(line: Line) -> str:
    """Why what is asked for cannot be told, and its words are taken; "" where it may be."""
    why = next((why for why, forms in _UNKNOWN if any(line.take(form) for form in forms)), "")
    if why:
        line.take(rf" {words('reach reached achieve achieved get got obtain obtained take took need')} $")
    return why
