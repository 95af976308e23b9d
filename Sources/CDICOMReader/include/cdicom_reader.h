#ifndef CDICOM_READER_H
#define CDICOM_READER_H

// GDCM as a reader for `reader_run`: its name, which no program of a user has as its first argument.
//
// The file is one of DICOM, or several one after another; the orders say where they are, in lines of numbers.
//
// `list`, ordered `OFFSET SIZE`: what is said of each file and of each of its frames; listing.cpp has the lines.
// `copy TYPE ROWS COLUMNS SAMPLES`, ordered `OFFSET SIZE FRAME SLOPE INTERCEPT`: the voxels of frames one after another, as
// little-endian numbers of a type (u1, i1, … f4), colours as red, green, blue beside each other.
#define CDICOM_READER "slicewise: reading DICOM"

#endif
