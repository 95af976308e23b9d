#ifndef CHDF5_READER_INTERNAL_H
#define CHDF5_READER_INTERNAL_H
#define H5_USE_110_API
#include <hdf5.h>
#include <stdint.h>
#include <stdio.h>

#include "reader_door.h"

// Refuses with the library's own reason.
void chdf5_fail(const char *what) __attribute__((noreturn));

void chdf5_list(hid_t file);
void chdf5_list_attributes(hid_t object, const char *path, FILE *output);
void chdf5_print(FILE *output, const char *text, size_t length);
void chdf5_copy(hid_t file, int count, char **arguments);

#endif
