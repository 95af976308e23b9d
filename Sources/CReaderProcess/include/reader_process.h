#ifndef READER_PROCESS_H
#define READER_PROCESS_H
#include <stddef.h>

// Some libraries trust the files that they read. They run in a process of its own, which is this program once more: it
// has the file, a place for what it reads and nothing else, and ends with the call, or is ended by a bad file.

enum reader_outcome {
    reader_done = 0,
    // The file is damaged or has something that is not supported; the message says what.
    reader_refused = 1,
    // There is no room for the output.
    reader_full = 2,
    // The process ended before it was done: a damaged file, as a rule.
    reader_crashed = 3,
    // The process could not be started; the message says why.
    reader_not_started = 4,
};

// Runs a command of the reader of this name on a file that is open for reading, and waits for its end. The orders are a
// file that is open for reading, too, or -1; the output goes to a file that is open for writing. The message is text
// without a line break, and empty if there is none.
enum reader_outcome reader_run(const char *name, int orders, int file, int output, const char *const *arguments,
                               char *message, size_t room);

#endif
