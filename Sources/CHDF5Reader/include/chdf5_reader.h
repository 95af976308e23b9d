#ifndef CHDF5_READER_H
#define CHDF5_READER_H
#include <stddef.h>

// HDF5's library trusts the files that it reads. So it runs in a process of its own, which is this program once more:
// it has the file, a place for what it reads and nothing else, and ends with the call, or is ended by a bad file.

enum chdf5_outcome {
    chdf5_done = 0,
    // The file is damaged or has something that is not supported; the message says what.
    chdf5_refused = 1,
    // There is no room for the output.
    chdf5_full = 2,
    // The process ended before it was done: a damaged file, as a rule.
    chdf5_crashed = 3,
    // The process could not be started; the message says why.
    chdf5_not_started = 4,
};

// Runs a command on a file that is open for reading, and waits for its end. The output goes to a file that is open for
// writing. The message is text without a line break, and empty if there is none.
//
// `list`: one line for each dataset and attribute that hard links lead to; listing.c says what is in it.
// `copy TYPE DATASET START+COUNT,… …`: the voxels of boxes of datasets one after another, as little-endian numbers.
enum chdf5_outcome chdf5_run(int file, int output, const char *const *arguments, char *message, size_t room);

#endif
