"""Series of DICOM by pydicom, packed by imagecodecs, for Scripts/check_formats.py."""

import io
import zipfile

import imagecodecs
import numpy
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import generate_uid

CT = "1.2.840.10008.5.1.4.1.1.2"
ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1"
EXPLICIT, IMPLICIT, BIG_ENDIAN = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2"
DEFLATED, RUNS = "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.5"
JPEG_BASELINE, JPEG_EXTENDED = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"
JPEG_LOSSLESS, JPEG_LS, JPEG_2000 = "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"


def runs(frame):
    """Packs a frame by RLE, in runs of literal bytes alone: each row of each plane of bytes by itself."""
    samples = frame[..., None] if frame.ndim == 2 else frame
    planes = [plane for sample in range(samples.shape[2])
              for plane in numpy.ascontiguousarray(samples[..., sample]).astype(f">{frame.dtype.str[1:]}")
              .view("u1").reshape(*frame.shape[:2], -1).transpose(2, 0, 1)]
    segments = []
    for plane in planes:
        bytes_ = b"".join(bytes([len(part) - 1]) + part
                          for row in plane for part in (row[start:start + 128].tobytes()
                                                        for start in range(0, row.size, 128)))
        segments.append(bytes_ + b"\0" * (len(bytes_) % 2))
    offsets = numpy.cumsum([64] + [len(segment) for segment in segments[:-1]])
    front = numpy.zeros(16, "<u4")
    front[0] = len(segments)
    front[1:len(segments) + 1] = offsets
    return front.tobytes() + b"".join(segments)


PACKERS = {
    RUNS: runs,
    JPEG_BASELINE: lambda frame: imagecodecs.jpeg8_encode(
        frame, level=95, **({"colorspace": "RGB", "outcolorspace": "YCbCr"} if frame.ndim == 3 else {})),
    JPEG_EXTENDED: lambda frame: imagecodecs.jpeg8_encode(frame, level=95, bitspersample=12),
    JPEG_LOSSLESS: imagecodecs.ljpeg_encode,
    JPEG_LS: imagecodecs.jpegls_encode,
    JPEG_2000: lambda frame: imagecodecs.jpeg2k_encode(frame, codecformat="j2k", reversible=True, level=0),
}


def dataset(kind, syntax, series):
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID = kind
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID = generate_uid()
    made.file_meta.TransferSyntaxUID = syntax
    made.StudyInstanceUID, made.SeriesInstanceUID = generate_uid(), series
    made.PatientName, made.PatientID, made.Modality, made.SeriesDescription = "DOE^JANE", "4711", "CT", "a series"
    return made


def put_voxels(made, frames, syntax, stored):
    """Puts frames (n, rows, columns[, 3]) into a data set."""
    first = frames[0]
    made.Rows, made.Columns = first.shape[:2]
    made.SamplesPerPixel = 3 if first.ndim == 3 else 1
    made.PhotometricInterpretation = "MONOCHROME2"
    if first.ndim == 3:
        made.PlanarConfiguration = 0
        made.PhotometricInterpretation = {JPEG_BASELINE: "YBR_FULL_422", JPEG_2000: "YBR_RCT"}.get(syntax, "RGB")
    made.BitsAllocated = first.dtype.itemsize * 8
    made.BitsStored = stored
    made.HighBit = stored - 1
    made.PixelRepresentation = int(first.dtype.kind == "i")
    if syntax in PACKERS:
        made.PixelData = encapsulate([PACKERS[syntax](numpy.ascontiguousarray(frame)) for frame in frames])
        made["PixelData"].is_undefined_length = True
        made["PixelData"].VR = "OB"
    else:
        order = ">" if syntax == BIG_ENDIAN else "<"
        bytes_ = numpy.stack(frames).astype(first.dtype.newbyteorder(order)).tobytes()
        made.PixelData = bytes_ + b"\0" * (len(bytes_) % 2)
        made["PixelData"].VR = "OW" if first.dtype.itemsize > 1 else "OB"


def saved(made):
    file = io.BytesIO()
    made.save_as(file, enforce_file_format=True)
    return file.getvalue()


def texts(numbers):
    """Numbers in the 16 characters that DICOM has for them."""
    return [f"{number:.10f}"[:16] for number in numbers]


def series(voxels, affine, syntax, stored, slope=1, intercept=0):
    """Returns the files of voxels (z, y, x[, 3]) at an affine (x, y, z to left, posterior, superior), in another order."""
    uid = generate_uid()
    files = []
    lengths = numpy.linalg.norm(affine[:3, :3], axis=0)
    for z, frame in enumerate(voxels):
        made = dataset(CT, syntax, uid)
        made.InstanceNumber = len(voxels) - z
        made.ImagePositionPatient = texts(affine[:3, 3] + z * affine[:3, 2])
        made.ImageOrientationPatient = texts((affine[:3, :2] / lengths[:2]).T.ravel())
        made.PixelSpacing = texts(lengths[[1, 0]])
        made.SliceThickness = "9"
        made.RescaleSlope, made.RescaleIntercept = str(slope), str(intercept)
        put_voxels(made, [frame], syntax, stored)
        files.append(saved(made))
    return [files[index] for index in numpy.random.default_rng(1).permutation(len(files))]


def pixels(files):
    """Reads files of one frame each by pydicom, from the lowest z on."""
    read = sorted((pydicom.dcmread(io.BytesIO(content)) for content in files), key=lambda one: one.ImagePositionPatient[2])
    return numpy.stack([one.pixel_array for one in read])


def enhanced(voxels, affine, syntax, stored):
    """Returns one file with the voxels as frames."""
    made = dataset(ENHANCED_MR, syntax, generate_uid())
    lengths = numpy.linalg.norm(affine[:3, :3], axis=0)
    made.NumberOfFrames = len(voxels)
    shared, orientation, measures = Dataset(), Dataset(), Dataset()
    orientation.ImageOrientationPatient = texts((affine[:3, :2] / lengths[:2]).T.ravel())
    measures.PixelSpacing, measures.SliceThickness = texts(lengths[[1, 0]]), texts(lengths[2:])[0]
    measures.SpacingBetweenSlices = measures.SliceThickness
    shared.PlaneOrientationSequence, shared.PixelMeasuresSequence = Sequence([orientation]), Sequence([measures])
    made.SharedFunctionalGroupsSequence = Sequence([shared])
    groups = []
    for z in range(len(voxels)):
        group, position = Dataset(), Dataset()
        position.ImagePositionPatient = texts(affine[:3, 3] + z * affine[:3, 2])
        group.PlanePositionSequence = Sequence([position])
        groups.append(group)
    made.PerFrameFunctionalGroupsSequence = Sequence(groups)
    put_voxels(made, list(voxels), syntax, stored)
    return saved(made)


def zipped(files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", "a series\n" * 100)
        for index, content in enumerate(files):
            archive.writestr(f"scan/{index:03}.dcm", content)
    return file.getvalue()
