"""How things look in a notebook."""

from __future__ import annotations

import base64
import contextlib
from html import escape
from typing import TYPE_CHECKING, Any, Iterable, Mapping, Optional

from .errors import SlicewiseError

if TYPE_CHECKING:
    from .job import Job
    from .project import Project
    from .volume import Volume


def table(head: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """A table; its cells are text, or HTML where they are a `Raw`."""
    lines = "".join(f"<tr>{''.join(_cell('td', cell) for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{''.join(_cell('th', cell) for cell in head)}</tr>{lines}</table>"


class Raw(str):
    """HTML that is not escaped."""


def _cell(tag: str, cell: object) -> str:
    return f"<{tag}>{cell if isinstance(cell, Raw) else escape('' if cell is None else str(cell))}</{tag}>"


def _share(value: Optional[float]) -> str:
    return "–" if value is None else f"{value:.3f}"


def swatch(color: Optional[str]) -> Raw:
    return Raw(f'<span style="background:{escape(color or "#808080")};padding:0 .6em">&nbsp;</span>')


def project(one: Project) -> str:
    classes = table(("", "label", "class"), (
        (swatch(each.color), label, each.name + (" (removed)" if each.removed else ""))
        for label, each in enumerate(one.classes)))
    return f"<b>project {escape(one.name)}</b><p>{escape(one.description)}</p>{classes}"


def volume(one: Volume) -> str:
    size = "×".join(map(str, one.shape))
    spacing = "×".join(f"{distance:g}" for distance in one.spacing)
    text = f"{size} voxels (z×y×x), {one.channels} channel{'s' * (one.channels > 1)}, {one.dtype}, {spacing} {one.unit}"
    warnings = "".join(f"<p>⚠ {escape(warning)}</p>" for warning in one.warnings)
    picture = ""
    with contextlib.suppress(SlicewiseError):
        data = base64.b64encode(one.picture("z", one.shape[0] // 2)).decode()
        picture = f'<img alt="its middle slice" src="data:image/png;base64,{data}">'
    return f"<b>volume {escape(one.name)}</b><p>{escape(text)}</p>{warnings}{picture}"


def job(one: Job) -> str:
    progress = one.progress
    done, whole = progress.get("step"), progress.get("steps")
    bar = f'<progress value="{done}" max="{whole}"></progress>' if done is not None and whole else ""
    loss = f", loss {progress['loss']:.4g}" if progress.get("loss") is not None else ""
    phase = f"{progress.get('phase') or ''} step {done} of {whole}{loss}" if bar else ""
    model = f", model {one.model}" if one.model else ""
    return (f"<b>job {one.id}</b>: {escape(one.kind)}, {escape(one.state)}{escape(model)} {bar} {escape(phase)}"
            f"{'<p>' + escape(one.error) + '</p>' if one.error else ''}")


def report(one: Mapping[str, Any]) -> str:
    parts = [part for part in ("training", "heldout", "truth") if one.get(part)]
    names: list[str] = []
    for part in parts:
        names += [each["name"] for each in one[part]["classes"] if each["name"] not in names]
    iou = {part: {each["name"]: each.get("iou") for each in one[part]["classes"]} for part in parts}
    rows = [[name] + [_share(iou[part].get(name)) for part in parts] for name in names]
    rows.append(["mean"] + [_share(one[part]["mean_iou"]) for part in parts])
    rows.append(["voxels"] + [f"{one[part]['voxels']:,}" for part in parts])
    warnings = "".join(f"<p>⚠ {escape(warning)}</p>" for warning in one.get("warnings", []))
    return f"<b>IoU of model {escape(str(one.get('model')))}</b>{table(['class', *parts], rows)}{warnings}"
