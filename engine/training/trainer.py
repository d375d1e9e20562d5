"""The training loop, and what is written down along the way: points of the curves, samples, checkpoints.

One :class:`Trainer` trains one run. It knows no terminal: who watches reads the run's folder, or passes `report`.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

import torch

from engine.config import ConfigError, TrainConfig
from engine.data.imageset import Images
from engine.evaluate import Judge
from engine.models.latent import LatentDiffusion
from engine.pictures.preview import Previews
from engine.runs.folder import RunWriter, measured
from engine.training import checkpoint
from engine.training.distributed import Ranks
from engine.training.learner import Learner


class TrainingError(Exception):
    """Training cannot go on. The message is one line that says at which step, why, and what to try."""


@dataclass(frozen=True)
class Tick:
    """One point of the curves, for whoever watches. Rates are per second, times in seconds."""

    step: int
    total_steps: int
    epoch: int
    stage: str
    loss: float
    lr: float
    grad_norm: float
    images_per_s: float
    seconds: float
    left: float


class Trainer(Learner):
    """Trains one run and writes it down. Only rank 0 has a `run` to write."""

    def __init__(
        self,
        config: TrainConfig,
        data: Images,
        device: torch.device,
        run: RunWriter | None,
        report: Callable[[Tick], None] | None = None,
        judge: Callable[[], Judge] | None = None,
        ranks: Ranks | None = None,
    ) -> None:
        super().__init__(config, data, device, ranks or Ranks())
        self.run = run
        self.report = report or (lambda tick: None)
        self._judge = judge
        self.previews = Previews(config, self.data, device, run) if run is not None else None
        self._restored_at = -1
        self._measured: dict[int, float] = {}  # step -> Fréchet distance of the samples then

    # --- the loop ---

    def train(
        self,
        stop: Callable[[], bool],
        snapshot: Callable[[], bool],
        optional: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext,
    ) -> str:
        """Train to the end or until `stop()`; `snapshot()` asks for a checkpoint and samples now.

        Samples and measurements are made inside `optional()`, which may leave them out once a stop is asked for.
        Returns `finished` or `stopped`, both only after a checkpoint. Raises TrainingError for a non-finite loss.
        """
        c = self.config
        clock = time.perf_counter()
        logged_at, logged_step, saved_at = self.seconds, self.step, self._restored_at
        (stopping,) = self.ranks.agree(stop())
        while self.position < self.length and not stopping:
            loss, norm = self.train_step()
            self._losses.append(loss)
            last = self.position >= self.length
            stage_ends = last or self.position == self.stage.stop
            if self.step % c.log_every == 0 or stage_ends:
                mean = self._mean_loss()  # waits for the device
                now = self.seconds + time.perf_counter() - clock
                rate = (self.step - logged_step) * self.batch / max(1e-9, now - logged_at)
                self._log(mean, float(norm), rate, now)
                logged_at, logged_step = now, self.step
            stopping, asked = self.ranks.agree(stop(), snapshot())
            sample_due = asked or stage_ends or (c.sample_every and self.step % c.sample_every == 0)
            evaluate_due = c.evaluate_every and (last or self.step % c.evaluate_every == 0)
            # What is measured is kept: the best of it stays.
            save_due = asked or last or evaluate_due or (c.checkpoint_every and self.step % c.checkpoint_every == 0)
            if sample_due or save_due or evaluate_due:
                self.seconds += time.perf_counter() - clock
                if save_due:
                    self.save()
                    saved_at = self.step
                if sample_due and (c.sample_every or asked) and not stop():
                    with optional():
                        self.sample(stage_ends)
                if evaluate_due and not stop():
                    with optional():
                        self.evaluate()
                self.ranks.wait()
                clock = time.perf_counter()
        self.seconds += time.perf_counter() - clock
        if saved_at != self.step:
            self.save()
        return "finished" if self.position >= self.length else "stopped"

    def _mean_loss(self) -> float:
        """The mean loss since the last point of the curve, over all ranks. Raises TrainingError for no number."""
        losses = self.ranks.mean(torch.stack(self._losses)).tolist()
        self._losses.clear()
        for step, loss in enumerate(losses, self.step - len(losses) + 1):
            if not math.isfinite(loss):
                raise self._diverged(f"the loss became {loss} at step {step}")
        return math.fsum(losses) / len(losses)

    def _log(self, loss: float, norm: float, images_per_s: float, seconds: float) -> None:
        if self.run is None:
            return
        rate = images_per_s / self.batch
        tick = Tick(
            step=self.step,
            total_steps=self.total_steps,
            epoch=(self.seen - 1) // len(self.data),
            stage=self.stage.name,
            loss=loss,
            lr=self._rate(self.position - 1),
            grad_norm=norm,
            images_per_s=images_per_s,
            seconds=seconds,
            left=(self.total_steps - self.step) / rate,
        )
        values: dict[str, Any] = asdict(tick)
        for name in ("step", "total_steps", "left"):
            del values[name]
        if self.device.type == "cuda":
            values["gpu_mem_bytes"] = torch.cuda.memory_allocated(self.device)
            with contextlib.suppress(RuntimeError, ModuleNotFoundError):  # the driver may not tell
                values["gpu_util"] = torch.cuda.utilization(self.device)
        self.run.event("metrics", self.step, **values)
        self.report(tick)

    def _diverged(self, what: str) -> TrainingError:
        kept = self.run is not None and checkpoint.checkpoints(self.run.folder)
        remedies = [f"a lower lr (it is {self.stage.lr:g})"]
        remedies += ["grad_clip = 1"] if not 0 < self.config.grad_clip <= 1 else []
        remedies += ["precision = fp32"] if self.config.precision != "fp32" else []
        return TrainingError(
            f"{what}; {'the last checkpoint is whole' if kept else 'there is no checkpoint yet'}. "
            f"Try {' or '.join(remedies)}"
        )

    # --- what is kept ---

    def sample(self, stage_ends: bool = False) -> None:
        """Draw what the stage has learned so far into samples/ and say so in the events."""
        if self.previews is None:
            return
        model = self.sampling_model
        if self.stage.name == "autoencoder" and isinstance(model, LatentDiffusion):
            self.previews.reconstructions(model, self.step)
            return
        self.previews.samples(model, self.step)
        if stage_ends and isinstance(model, LatentDiffusion):
            try:
                self.previews.latents(model, self.step)
            except ImportError as error:  # a trainer may live where scikit-learn does not
                assert self.run is not None
                self.run.event("warning", self.step, message=f"the latents were not mapped: {error}")

    def evaluate(self) -> None:
        """Draw as many images as are held out, judge both, and say so in the events."""
        if self._judge is None or self.run is None or self.previews is None or self.stage is not self.stages[-1]:
            return
        start = time.perf_counter()
        try:
            judge = self._judge()
            found = judge.compare(self.previews.draw(self.sampling_model, len(judge.held_out))[0])
        except (ConfigError, RuntimeError) as error:  # a yardstick that fails is no reason to stop training
            self.run.event("warning", self.step, message=f"quality was not measured: {checkpoint.first_line(error)}")
            return
        self._measured[self.step] = found.samples.frechet
        held_out = {f"held_out_{name}": value for name, value in asdict(found.held_out).items() if name != "count"}
        self.run.event(
            "evaluation", self.step, **asdict(found.samples), **held_out, seconds=time.perf_counter() - start
        )

    def save(self) -> None:
        """Write a checkpoint and say so in the events. Weights that are no numbers push no good ones out."""
        start = time.perf_counter()
        if not all(bool(parameter.isfinite().all()) for parameter in self.model.parameters()):
            raise self._diverged(f"the weights became nan by step {self.step}")
        saved = self.saved()
        if self.run is None:
            return
        folder, size = checkpoint.save(self.run.folder, saved, self.config)
        checkpoint.prune(self.run.folder, self.config.keep_checkpoints, self._measured)
        path = str(folder.relative_to(self.run.folder))
        self.run.event("checkpoint", self.step, path=path, seconds=time.perf_counter() - start, bytes=size)
        self.run.sync()

    def restore(self, saved: checkpoint.Checkpoint) -> str | None:
        warning = super().restore(saved)
        self._restored_at = self.step
        self._measured = measured(self.run.folder, self.step) if self.run is not None else {}
        return warning
