"""The training loop: batches, the loss, the optimizer, and what is written down along the way.

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
from torch import Tensor, nn

from engine import checkpoint
from engine.allocation import give_freed_memory_back, keep_freed_memory
from engine.augment import augment
from engine.compiling import compile_network, worth_compiling
from engine.config import ConfigError, TrainConfig
from engine.diffusion import NoiseSchedule
from engine.distributed import Ranks
from engine.ema import averaged
from engine.evaluate import Judge
from engine.imageset import Batches, Images, to_model_range
from engine.latent_pictures import encoded
from engine.models import build_model
from engine.models.latent import LatentDiffusion
from engine.optimization import build_optimizer, learning_rate
from engine.preview import Previews
from engine.randomness import Draws, ShuffledOrder
from engine.runs import RunWriter, measured
from engine.stages import Stage, build_stages

MEASURED = 10_000  # images whose latents tell the mean and deviation of all


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


class Trainer:
    """Trains one run on one device, alone or as one of several ranks. `config.precision` must be resolved (not `auto`).

    Everything random comes from `seed`: the weights, the order of the images (one permutation an epoch) and a
    generator for timesteps and noise, so equal settings give equal runs on a CPU. Only rank 0 has a `run` to write.
    """

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
        self.config, self.device, self.run = config, device, run
        self.ranks = ranks or Ranks()
        self.report = report or (lambda tick: None)
        self._judge = judge
        if device.type == "cpu":
            keep_freed_memory()
        self.data = data.to(device)
        self.classes = len(data.classes)
        self.previews = Previews(config, self.data, device, run) if run is not None else None
        torch.manual_seed(config.seed)
        model = build_model(config, data.channels, data.image_size, self.classes)
        self.model = self.ranks.synced(model, device).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.scaler = torch.amp.GradScaler(device.type, enabled=config.precision == "fp16")
        self.generator = torch.Generator(device).manual_seed(config.seed)
        self.batch = config.batch_size * self.ranks.count
        self.step = 0
        self.seen = 0  # images, by all ranks
        self.seconds = 0.0  # spent training, over all resumptions
        self.length = config.steps or math.ceil((config.epochs or 0) * len(data) / self.batch)
        schedule = NoiseSchedule.from_config(config, device)
        self.stages = build_stages(config, self.model, schedule, self.classes, self.length)
        self._restored_at = -1
        self._measured: dict[int, float] = {}  # step -> Fréchet distance of the samples then
        self._losses: list[Tensor] = []  # since the last point of the curve
        self._batches: Batches | None = None
        self._start(self.stages[0])

    @property
    def parameters(self) -> int:
        return sum(p.numel() for p in self.model.parameters())

    @property
    def epoch(self) -> int:
        """Passes over the dataset that are complete."""
        return self.seen // len(self.data)

    @property
    def position(self) -> int:
        """Steps done of `length`. A run measured in epochs that changed its number of ranks has taken other steps."""
        return self.step if self.config.steps else round(self.seen / self.batch)

    @property
    def total_steps(self) -> int:
        """The number of the last step."""
        return self.step + self.length - self.position

    @property
    def stage_steps(self) -> list[dict[str, Any]]:
        """Name, first step and first step after it of every stage, in the numbers that the run's events have."""
        offset = self.step - self.position
        return [{"name": s.name, "first": s.first + offset, "stop": s.stop + offset} for s in self.stages]

    @property
    def sampling_model(self) -> nn.Module:
        """The network samples are drawn with: the averaged one where there is one."""
        return self.ema.module if self.ema is not None else self.model

    # --- stages ---

    def _start(self, stage: Stage) -> None:
        """Make what the stage trains with: its optimizer, the averages, gradients of its part alone."""
        self.stage = stage
        self.model.requires_grad_(False).eval()
        stage.trained.requires_grad_(True).train()
        self.ema = averaged(self.model, self.config.ema) if self.config.ema else None
        self.optimizer = build_optimizer(self.config, stage.trained.parameters(), stage.lr)
        self.compiled = worth_compiling(self.config.compile, self.device, stage.stop - stage.first)
        if self.compiled:
            compile_network(stage.trained)
        self.objective = self.ranks.wrap(stage.objective)

    def _stage_at(self, position: int) -> Stage:
        return next((stage for stage in self.stages if position < stage.stop), self.stages[-1])

    def _next_stage(self, stage: Stage) -> None:
        """Go on with what the stage before has learned: its averages become the weights that the next one builds on."""
        self.model.load_state_dict(self.sampling_model.state_dict())
        if isinstance(self.model, LatentDiffusion):
            measured = self.data.subset().spread(MEASURED)
            self.model.measure(encoded(self.model, measured.images, self.config.precision))
        self._start(stage)

    # --- one step ---

    def _batch(self) -> tuple[Tensor, Tensor, Draws]:
        """This rank's next images, (B, C, H, W) in [-1, 1], their (B,) labels, and the step's random numbers."""
        if self._batches is None:
            order = ShuffledOrder(len(self.data), self.config.seed, self.device)
            self._batches = self.data.batches(order.batches(self.seen, self.batch, self.ranks.part), self.device)
        draws = Draws(self.generator, self.batch, self.ranks.part)
        pixels, labels = next(self._batches)
        images = augment(to_model_range(pixels), self.config.augment, draws)
        return images.contiguous(memory_format=torch.channels_last), labels, draws

    def _rate(self, position: int) -> float:
        stage = self.stage
        return learning_rate(self.config, stage.lr, position - stage.first, stage.stop - stage.first)

    def train_step(self) -> tuple[Tensor, Tensor]:
        """One optimizer step. Returns the loss and the gradient's norm as tensors: nothing waits for the device."""
        position = self.position
        if (stage := self._stage_at(position)) is not self.stage:
            self._next_stage(stage)
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate(position)
        loss = self.objective(*self._batch())
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(self.optimizer)
        norm = self._clipped_norm()
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad(set_to_none=True)
        if self.ema is not None:
            self.ema.update_parameters(self.model)
        self.step += 1
        self.seen += self.batch
        return loss.detach(), norm

    def _clipped_norm(self) -> Tensor:
        """The gradient's norm, before it is clipped where that is asked for."""
        trained = [parameter for parameter in self.stage.trained.parameters() if parameter.grad is not None]
        norm = nn.utils.get_total_norm([parameter.grad for parameter in trained if parameter.grad is not None])
        if self.config.grad_clip:
            nn.utils.clip_grads_with_norm_(trained, self.config.grad_clip, norm)
        return norm

    def fitting_batch(self) -> int | None:
        """The largest of half, a quarter, … of the batch size that a step has memory for, tried out; None for none.

        Tried from the smallest on: what a try that fails leaves behind in the allocator would take room from the next.
        """
        fits = None
        for size in sorted({self.config.batch_size >> halvings for halvings in range(1, 20)} - {0}):
            self.optimizer.zero_grad(set_to_none=True)
            if self.device.type == "cpu":
                give_freed_memory_back()
            try:
                images = torch.zeros(size, self.data.channels, *[self.data.image_size] * 2, device=self.device)
                labels = torch.zeros(size, dtype=torch.int64, device=self.device)
                self.stage.objective(images, labels, Draws(self.generator, size)).backward()
            except (RuntimeError, MemoryError):
                break
            fits = size
        return fits

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
        return TrainingError(
            f"{what}; the last checkpoint is whole. "
            f"Try a lower lr (it is {self.stage.lr:g}), grad_clip = 1, or precision = fp32"
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
        losses = self.ranks.mean(torch.stack(self._losses)).cpu() if self._losses else torch.empty(0)
        if self.run is None:
            return
        state = {
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
            "generator": self.generator.get_state(),
            "device": self.device.type,
            "losses": losses,
            "averages": int(self.ema.n_averaged) if self.ema is not None else 0,
            "seen": self.seen,
            "seconds": self.seconds,
        }
        averages = self.ema.module.state_dict() if self.ema is not None else None
        weights = self.model.state_dict()
        saved = checkpoint.Checkpoint(
            self.step, self.epoch, self.data.channels, self.data.classes, weights, averages, state
        )
        folder, size = checkpoint.save(self.run.folder, saved, self.config)
        checkpoint.prune(self.run.folder, self.config.keep_checkpoints, self._measured)
        path = str(folder.relative_to(self.run.folder))
        self.run.event("checkpoint", self.step, path=path, seconds=time.perf_counter() - start, bytes=size)
        self.run.sync()

    def restore(self, saved: checkpoint.Checkpoint) -> str | None:
        """Go on where `saved` was written: exactly, on the same kind of device and number of ranks.

        Returns a line that says what differs on another kind, whose random numbers are others. Raises CheckpointError
        where the checkpoint is of another model; nothing has been written then.
        """
        try:
            self.step, self.seen = saved.step, int(saved.trainer["seen"])
            self._start(self._stage_at(max(0, self.position - 1)))
            self.model.load_state_dict(saved.model)
            if self.ema is not None and saved.ema is not None:
                self.ema.module.load_state_dict(saved.ema)
                self.ema.n_averaged.fill_(saved.trainer["averages"])
            self.optimizer.load_state_dict(saved.trainer["optimizer"])
            if self.scaler.is_enabled() and saved.trainer["scaler"]:
                self.scaler.load_state_dict(saved.trainer["scaler"])
            same_device = saved.trainer["device"] == self.device.type
            if same_device:
                self.generator.set_state(saved.trainer["generator"])
            else:
                self.generator.manual_seed(self.config.seed + saved.step)
            self._losses = list(saved.trainer["losses"].to(self.device))
            self.seconds = float(saved.trainer["seconds"])
        except (RuntimeError, KeyError, ValueError, TypeError, AttributeError) as error:
            reason = checkpoint.first_line(error)
            raise checkpoint.CheckpointError(f"step {saved.step}: is not of this run's model ({reason})") from None
        self._restored_at = self.step
        self._measured = measured(self.run.folder, self.step) if self.run is not None else {}
        if same_device:
            return None
        return (
            f"goes on on {self.device.type}, begun on {saved.trainer['device']}: the random numbers from here on differ"
        )
