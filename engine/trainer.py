"""The training loop: batches, the loss, the optimizer, and what is written down along the way.

One :class:`Trainer` trains one run. It knows no terminal: who watches reads the run's folder, or passes `report`.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine import checkpoint, images, samplers
from engine.augment import augment
from engine.config import ConfigError, TrainConfig
from engine.datasets import ImageSet, to_model_range
from engine.diffusion import NoiseSchedule
from engine.ema import averaged
from engine.evaluate import Judge
from engine.models import build_model
from engine.runs import RunWriter

FINAL_LR = 0.02  # share of the highest learning rate at which cosine decay ends
LABEL_DROPOUT = 0.1  # share of images trained without their class, so that guidance knows "any" (Ho & Salimans 2022)
STRIP = 10  # estimates in a denoising strip
SAMPLE_SEED = 1  # grids of one run start from the same noise, so that they can be compared


class TrainingError(Exception):
    """Training cannot go on. The message is one line that says at which step, why, and what to try."""


@dataclass(frozen=True)
class Tick:
    """One point of the curves, for whoever watches. Rates are per second, times in seconds."""

    step: int
    total_steps: int
    epoch: int
    loss: float
    lr: float
    grad_norm: float
    images_per_s: float
    seconds: float
    left: float


def learning_rate(config: TrainConfig, step: int, total_steps: int) -> float:
    """The rate of optimizer step `step` (from 0): linear warm-up, then constant or cosine decay to 2 %."""
    if step < config.warmup_steps:
        return config.lr * (step + 1) / config.warmup_steps
    if config.lr_schedule == "constant":
        return config.lr
    progress = (step - config.warmup_steps) / max(1, total_steps - 1 - config.warmup_steps)
    return config.lr * (FINAL_LR + (1 - FINAL_LR) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))


def build_optimizer(config: TrainConfig, model: nn.Module) -> torch.optim.Optimizer:
    parameters = model.parameters()
    if config.optimizer == "sgd":
        return torch.optim.SGD(parameters, config.lr, momentum=0.9, weight_decay=config.weight_decay, fused=True)
    kind = torch.optim.AdamW if config.optimizer == "adamw" else torch.optim.Adam
    return kind(parameters, config.lr, weight_decay=config.weight_decay, fused=True)


class Trainer:
    """Trains one run on one device. `config.precision` must be resolved (not `auto`).

    Everything random comes from `seed`: the weights, the order of the images (one permutation an epoch) and a
    generator for timesteps and noise, so equal settings give equal runs on a CPU.
    """

    def __init__(
        self,
        config: TrainConfig,
        data: ImageSet,
        device: torch.device,
        run: RunWriter,
        report: Callable[[Tick], None] | None = None,
        judge: Callable[[], Judge] | None = None,
    ) -> None:
        self.config, self.device, self.run = config, device, run
        self.report = report or (lambda tick: None)
        self._judge = judge
        self.images, self.labels = data.images.to(device), data.labels.to(device)
        self.classes = len(data.classes)
        self.schedule = NoiseSchedule.from_config(config, device)
        torch.manual_seed(config.seed)
        self.model = build_model(config, data.channels, self.classes).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.ema = averaged(self.model, config.ema) if config.ema else None
        self.optimizer = build_optimizer(config, self.model)
        self.scaler = torch.amp.GradScaler(device.type, enabled=config.precision == "fp16")
        self.generator = torch.Generator(device).manual_seed(config.seed)
        self.steps_per_epoch = len(data) // config.batch_size
        self.total_steps = config.steps or (config.epochs or 0) * self.steps_per_epoch
        self.step = 0
        self.seconds = 0.0  # spent training, over all resumptions
        self._restored_at = -1
        self._loss_sum = torch.zeros((), device=device)  # since the last point of the curve
        self._loss_count = 0
        self._order = torch.empty(0)
        self._order_epoch = -1

    @property
    def parameters(self) -> int:
        return sum(p.numel() for p in self.model.parameters())

    @property
    def epoch(self) -> int:
        return self.step // self.steps_per_epoch

    @property
    def sampling_model(self) -> nn.Module:
        """The network samples are drawn with: the averaged one where there is one."""
        return self.ema.module if self.ema is not None else self.model

    # --- one step ---

    def _batch(self) -> tuple[Tensor, Tensor]:
        """The next images of this epoch's permutation, (B, C, H, W) in [-1, 1], and their (B,) labels.

        What does not fill a batch is left out of the epoch.
        """
        epoch, i = divmod(self.step, self.steps_per_epoch)
        if epoch != self._order_epoch:
            shuffler = torch.Generator().manual_seed(self.config.seed + epoch + 1)
            self._order = torch.randperm(len(self.images), generator=shuffler).to(self.device)
            self._order_epoch = epoch
        rows = self._order[i * self.config.batch_size : (i + 1) * self.config.batch_size]
        images = augment(to_model_range(self.images[rows]), self.config.augment, self.generator)
        return images.contiguous(memory_format=torch.channels_last), self.labels[rows]

    def _loss(self, x0: Tensor, labels: Tensor) -> Tensor:
        """The training objective for one batch (Ho et al. 2020, algorithm 1, for any prediction)."""
        t = torch.randint(len(self.schedule), (len(x0),), generator=self.generator, device=self.device)
        noise = torch.randn(x0.shape, generator=self.generator, device=self.device)
        x_t = self.schedule.add_noise(x0, noise, t).contiguous(memory_format=torch.channels_last)
        conditions: tuple[Tensor, ...] = (x_t, t)
        if self.config.class_conditional:
            dropped = torch.rand(len(x0), generator=self.generator, device=self.device) < LABEL_DROPOUT
            conditions = (x_t, t, labels.masked_fill(dropped, self.classes))
        with samplers.autocast(self.device, self.config.precision):
            output = self.model(*conditions)
        target = self.schedule.target(self.config.prediction, x0, noise, t)
        if self.config.loss == "mse":
            return F.mse_loss(output.float(), target)
        per_image = F.mse_loss(output.float(), target, reduction="none").mean(dim=(1, 2, 3))
        return (per_image * self.schedule.loss_weight(self.config.prediction, t)).mean()

    def train_step(self) -> tuple[Tensor, Tensor]:
        """One optimizer step. Returns the loss and the gradient's norm as tensors: nothing waits for the device."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.config, self.step, self.total_steps)
        loss = self._loss(*self._batch())
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        self.scaler.unscale_(self.optimizer)
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), self.config.grad_clip or math.inf)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad(set_to_none=True)
        if self.ema is not None:
            self.ema.update_parameters(self.model)
        self.step += 1
        return loss.detach(), norm

    # --- the loop ---

    def train(self, stop: Callable[[], bool], snapshot: Callable[[], bool]) -> str:
        """Train to the end or until `stop()`; `snapshot()` asks for a checkpoint and samples now.

        Returns `finished` or `stopped`, both only after a checkpoint. Raises TrainingError for a non-finite loss.
        """
        c = self.config
        self.model.train()
        clock = time.perf_counter()
        logged_at, logged_step, saved_at = self.seconds, self.step, self._restored_at
        while self.step < self.total_steps and not stop():
            loss, norm = self.train_step()
            self._loss_sum += loss
            self._loss_count += 1
            last = self.step == self.total_steps
            if self.step % c.log_every == 0 or last:
                mean = float(self._loss_sum) / self._loss_count  # waits for the device
                now = self.seconds + time.perf_counter() - clock
                rate = (self.step - logged_step) * c.batch_size / max(1e-9, now - logged_at)
                self._log(mean, float(norm), rate, now)
                self._loss_sum.zero_()
                self._loss_count = 0
                logged_at, logged_step = now, self.step
            asked = snapshot()
            sample_due = asked or last or (c.sample_every and self.step % c.sample_every == 0)
            save_due = asked or (c.checkpoint_every and self.step % c.checkpoint_every == 0)
            evaluate_due = c.evaluate_every and (last or self.step % c.evaluate_every == 0)
            if sample_due or save_due or evaluate_due:
                self.seconds += time.perf_counter() - clock
                if save_due:
                    self.save()
                    saved_at = self.step
                if sample_due and (c.sample_every or asked):
                    self.sample()
                if evaluate_due:
                    self.evaluate()
                clock = time.perf_counter()
        self.seconds += time.perf_counter() - clock
        if saved_at != self.step:
            self.save()
        return "finished" if self.step >= self.total_steps else "stopped"

    def _log(self, loss: float, norm: float, images_per_s: float, seconds: float) -> None:
        if not math.isfinite(loss):
            raise self._diverged(f"the loss became {loss}")
        rate = images_per_s / self.config.batch_size
        lr = learning_rate(self.config, self.step - 1, self.total_steps)
        tick = Tick(
            step=self.step,
            total_steps=self.total_steps,
            epoch=(self.step - 1) // self.steps_per_epoch,
            loss=loss,
            lr=lr,
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
            f"{what} by step {self.step}; the last checkpoint is whole. "
            f"Try a lower lr (it is {self.config.lr:g}), grad_clip = 1, or precision = fp32"
        )

    # --- what is kept ---

    def sample(self) -> None:
        """Draw a grid and a strip into samples/ and say so in the events."""
        c = self.config
        start = time.perf_counter()
        drawn, estimates = self._draw(c.sample_count)
        path = Path("samples") / f"step-{self.step:08d}.png"
        strip = path.with_name(f"{path.stem}-strip.png")
        images.save_png(images.grid(drawn), self.run.folder / path)
        images.save_png(images.grid(estimates[:, 0], columns=len(estimates)), self.run.folder / strip)
        self.run.event(
            "sample",
            self.step,
            path=str(path),
            strip=str(strip),
            sampler=c.sampler,
            sample_steps=c.sample_steps,
            seconds=time.perf_counter() - start,
            count=c.sample_count,
            columns=images.columns_of(c.sample_count),
            tile=list(self.images.shape[2:]),
            gap=images.GAP,
        )

    def evaluate(self) -> None:
        """Draw as many images as are held out, judge both, and say so in the events."""
        if self._judge is None:
            return
        start = time.perf_counter()
        try:
            judge = self._judge()
            found = judge.compare(self._draw(len(judge.held_out), frames=0)[0])
        except (ConfigError, RuntimeError) as error:  # a yardstick that fails is no reason to stop training
            self.run.event("warning", self.step, message=f"quality was not measured: {checkpoint.first_line(error)}")
            return
        held_out = {f"held_out_{name}": value for name, value in asdict(found.held_out).items() if name != "count"}
        self.run.event(
            "evaluation", self.step, **asdict(found.samples), **held_out, seconds=time.perf_counter() - start
        )

    def _draw(self, count: int, frames: int = STRIP) -> tuple[Tensor, Tensor]:
        """Images of the averaged network from the noise all grids start with, as :func:`samplers.draw` returns them."""
        c = self.config
        return samplers.draw(
            self.sampling_model,
            self.schedule,
            c.prediction,
            (count, *self.images.shape[1:]),
            sampler=c.sampler,
            steps=c.sample_steps,
            seed=SAMPLE_SEED,
            precision=c.precision,
            labels=torch.arange(count) % self.classes if c.class_conditional else None,
            guidance=c.guidance,
            frames=frames,
        )

    def save(self) -> None:
        """Write a checkpoint and say so in the events. Weights that are no numbers push no good ones out."""
        start = time.perf_counter()
        if not all(bool(parameter.isfinite().all()) for parameter in self.model.parameters()):
            raise self._diverged("the weights became nan")
        state = {
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
            "generator": self.generator.get_state(),
            "device": self.device.type,
            "loss_sum": self._loss_sum,
            "loss_count": self._loss_count,
            "averages": int(self.ema.n_averaged) if self.ema is not None else 0,
            "seconds": self.seconds,
        }
        averages = self.ema.module.state_dict() if self.ema is not None else None
        saved = checkpoint.Checkpoint(self.step, self.epoch, self.model.state_dict(), averages, state)
        folder, size = checkpoint.save(self.run.folder, saved, self.config)
        checkpoint.prune(self.run.folder, self.config.keep_checkpoints)
        path = str(folder.relative_to(self.run.folder))
        self.run.event("checkpoint", self.step, path=path, seconds=time.perf_counter() - start, bytes=size)
        self.run.sync()

    def restore(self, saved: checkpoint.Checkpoint) -> str | None:
        """Go on where `saved` was written: exactly, on the same kind of device.

        Returns a line that says what differs on another kind, whose random numbers are others. Raises CheckpointError
        where the checkpoint is of another model; nothing has been written then.
        """
        try:
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
            self._loss_sum = saved.trainer["loss_sum"].to(self.device)
            self._loss_count = saved.trainer["loss_count"]
            self.seconds = float(saved.trainer["seconds"])
        except (RuntimeError, KeyError, ValueError, TypeError, AttributeError) as error:
            reason = checkpoint.first_line(error)
            raise checkpoint.CheckpointError(f"step {saved.step}: is not of this run's model ({reason})") from None
        self.step = self._restored_at = saved.step
        if same_device:
            return None
        return (
            f"goes on on {self.device.type}, begun on {saved.trainer['device']}: the random numbers from here on differ"
        )
