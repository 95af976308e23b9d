#ifndef CHDF5_READER_H
#define CHDF5_READER_H

// HDF5's library as a reader for `reader_run`: its name, which no program of a user has as its first argument.
//
// `list`: one line for each dataset and attribute that hard links lead to; listing.c says what is in it.
// `copy TYPE DATASET START+COUNT,… …`: the voxels of boxes of datasets one after another, as little-endian numbers.
#define CHDF5_READER "slicewise: reading HDF5"

#endif
