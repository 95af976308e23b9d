#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "reader_door.h"
#include "reader_process.h"

static void say(const char *text) {
    size_t length = strlen(text);
    while (length > 0) {
        ssize_t count = write(reader_message_place, text, length);
        if (count <= 0) return;
        text += count;
        length -= (size_t)count;
    }
}

void reader_refuse(const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    say(text);
    _exit(reader_refused);
}

void reader_hold_clock(void) { alarm(120); }

static void set_limit(int resource, rlim_t value) {
    struct rlimit limit = {value, value};
    struct rlimit known;
    if (getrlimit(resource, &known) == 0 && known.rlim_max < value) limit.rlim_cur = limit.rlim_max = known.rlim_max;
    setrlimit(resource, &limit);
}

// What the process has of data and stack at first.
static size_t known_memory(void) {
    static size_t known = 0;
    if (known > 0) return known;
    unsigned long pages = 0;
    // The sixth number, in pages.
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%*u %*u %*u %*u %*u %lu", &pages) != 1)
        reader_refuse("there is no /proc/self/statm");
    fclose(file);
    return known = pages * (size_t)sysconf(_SC_PAGESIZE);
}

void reader_limit_memory(size_t bytes) {
    struct rlimit limit = {known_memory() + bytes, RLIM_INFINITY};
    struct rlimit known;
    if (getrlimit(RLIMIT_DATA, &known) == 0) limit.rlim_max = known.rlim_max;
    if (limit.rlim_cur > limit.rlim_max) limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_DATA, &limit);
}

void reader_limit_output(size_t bytes) { set_limit(RLIMIT_FSIZE, (rlim_t)bytes); }

void reader_enter(void) {
    prctl(PR_SET_PDEATHSIG, 9);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifdef SYS_close_range
    syscall(SYS_close_range, reader_output_place + 1, ~0u, 0);
#endif
    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_NOFILE, 32);
    reader_limit_memory((size_t)256 << 20);
    reader_hold_clock();
}

void reader_put(const char *bytes, size_t count, off_t position) {
    while (count > 0) {
        ssize_t done = pwrite(reader_output_place, bytes, count, position);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) _exit(errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? reader_full : reader_crashed);
        bytes += done;
        count -= (size_t)done;
        position += done;
    }
}
