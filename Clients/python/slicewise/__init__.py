"""Slicewise from Python: a few annotated slices in, the segmentation of the whole volume out.

    from slicewise import Client

    with Client("http://127.0.0.1:8080") as client:
        project = client.create_project("kidney", ["inside tubule", "tubule", "background"])
        volume = project.upload("sample", "image.nii.gz")
        volume.annotate("z", 8, labels)              # rows × columns of class indices, 255 where nothing is said
        project.train(seconds=60).wait()
        segmentation = volume.prediction()[...]      # z, y, x: the class of every voxel
"""

from .array import RemoteArray
from .client import Client
from .errors import (
    Changed, Conflict, ConnectionFailed, Invalid, JobFailed, Malformed, NoSpace, NotAllowed, NotFound, NotSignedIn,
    ProblemError, SlicewiseError, TooLarge, Unavailable, UnknownFormat,
)
from .events import Event
from .job import Job
from .labels import UNLABELED
from .model import Model
from .project import Project
from .records import AnnotatedSlice, AnnotationChange, Class, Picture, Report, Suggestion
from .transport import VERSION as __version__
from .volume import Volume

__all__ = [
    "AnnotatedSlice", "AnnotationChange", "Changed", "Class", "Client", "Conflict", "ConnectionFailed", "Event",
    "Invalid", "Job", "JobFailed", "Malformed", "Model", "NoSpace", "NotAllowed", "NotFound", "NotSignedIn",
    "Picture", "ProblemError", "Project", "RemoteArray", "Report", "SlicewiseError", "Suggestion", "TooLarge", "UNLABELED",
    "Unavailable", "UnknownFormat", "Volume", "__version__",
]
