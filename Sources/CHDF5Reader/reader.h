#ifndef CHDF5_READER_INTERNAL_H
#define CHDF5_READER_INTERNAL_H
#define H5_USE_110_API
#include <hdf5.h>
#include <stdint.h>
#include <stdio.h>

// How the process is known to itself: its first argument, which no program of a user has as its name.
#define CHDF5_NAME "slicewise: reading HDF5"

// Where it finds its files.
enum { chdf5_message_place = 1, chdf5_file_place = 3, chdf5_output_place = 4 };

// Begins a new span of time, in seconds: a process that takes longer for its next part than that is ended.
void chdf5_hold_clock(void);

// Allows this many bytes of memory besides those that the process had at first; more are refused to the library.
void chdf5_limit_memory(size_t bytes);

// From here on the process can read and write the files that it has, and nothing else: it opens no file, connects to
// nothing and starts nothing.
void chdf5_close_doors(void);

// Prints what is refused and why, and ends the process.
void chdf5_refuse(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

// The same with the library's own reason.
void chdf5_fail(const char *what) __attribute__((noreturn));

void chdf5_list(hid_t file);
void chdf5_list_attributes(hid_t object, const char *path, FILE *output);
void chdf5_print(FILE *output, const char *text, size_t length);
void chdf5_copy(hid_t file, int count, char **arguments);

#endif
