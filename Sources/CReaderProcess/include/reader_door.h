#ifndef READER_DOOR_H
#define READER_DOOR_H
#include <stddef.h>
#include <sys/types.h>

// What a reader needs within its process. It is a function that runs before the program's own main function
// (`__attribute__((constructor))`), and ends the process if its name is the first argument.

#ifdef __cplusplus
extern "C" {
#endif

// Where it finds its files.
enum { reader_orders_place = 0, reader_message_place = 1, reader_file_place = 3, reader_output_place = 4 };

// Gives up what the process doesn't need; the first thing that is called.
void reader_enter(void);

// Begins a new span of time, in seconds: a process that takes longer for its next part than that is ended.
void reader_hold_clock(void);

// Allows this many bytes of memory besides those that the process had at first; more are refused to the library.
void reader_limit_memory(size_t bytes);

// Allows files of this many bytes.
void reader_limit_output(size_t bytes);

// From here on the process can read and write the files that it has, and nothing else: it opens no file, connects to
// nothing and starts nothing.
void reader_close_doors(void);

// Prints what is refused and why, and ends the process.
void reader_refuse(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

// Writes to the output at a position, or ends the process if there is no room.
void reader_put(const char *bytes, size_t count, off_t position);

#ifdef __cplusplus
}
#endif

#endif
