"""What is trained: a network in its stages, one optimizer step at a time, and all of the state that a checkpoint holds.

A :class:`Learner` writes nothing and measures no time; the loop around it is engine.training.trainer.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from engine.config import TrainConfig
from engine.data.augment import augment
from engine.data.imageset import Batches, Images, to_model_range
from engine.data.randomness import Draws, ShuffledOrder
from engine.diffusion.process import NoiseSchedule
from engine.models import build_model
from engine.models.latent import LatentDiffusion
from engine.pictures.latents import encoded
from engine.training import checkpoint
from engine.training.allocation import give_freed_memory_back, keep_freed_memory
from engine.training.compiling import compile_network, worth_compiling
from engine.training.distributed import Ranks
from engine.training.ema import averaged
from engine.training.optimization import build_optimizer, learning_rate
from engine.training.stages import Stage, build_stages

MEASURED = 10_000  # images whose latents tell the mean and deviation of all


class Learner:
    """A network that learns on one device, alone or as one of several ranks. `config.precision` must be resolved.

    Everything random comes from `seed`: the weights, the order of the images (one permutation an epoch) and a
    generator for timesteps and noise, so equal settings give equal runs on a CPU.
    """

    def __init__(self, config: TrainConfig, data: Images, device: torch.device, ranks: Ranks) -> None:
        self.config, self.device, self.ranks = config, device, ranks
        if device.type == "cpu":
            keep_freed_memory()
        self.data = data.to(device)
        self.classes = len(data.classes)
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
        return self.step if self.config.steps else self.seen // self.batch

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
        """The largest of half, a quarter, … of the batch size that two steps have memory for, tried out; None for none.

        Two, since from the second on there is what the optimizer keeps; the weights they change are of no use any more.
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
                for _ in range(2):
                    self.stage.objective(images, labels, Draws(self.generator, size)).backward()
                    self.optimizer.step()
            except ValueError:  # a single number, which batch normalisation does not take
                continue
            except (RuntimeError, MemoryError):
                break
            fits = size
        return fits

    # --- what a checkpoint holds ---

    def saved(self) -> checkpoint.Checkpoint:
        """All of it, to be written. Every rank must ask for it, though one alone writes."""
        losses = self.ranks.mean(torch.stack(self._losses)).cpu() if self._losses else torch.empty(0)
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
        return checkpoint.Checkpoint(
            self.step, self.epoch, self.data.channels, self.data.classes, weights, averages, state
        )

    def restore(self, saved: checkpoint.Checkpoint) -> str | None:
        """Go on where `saved` was written: exactly, on the same kind of device and number of ranks.

        Returns a line that says what differs on another kind, whose random numbers are others. Raises CheckpointError
        where the checkpoint is of another model; nothing has been written then.
        """
        try:
            self.step, self.seen = saved.step, int(saved.trainer["seen"])
            self._start(self._stage_at(max(0, self.position - 1)))  # at the end of a stage it is of that one yet
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
        if same_device:
            return None
        return (
            f"goes on on {self.device.type}, begun on {saved.trainer['device']}: the random numbers from here on differ"
        )
