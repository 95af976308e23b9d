#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "chdf5_reader.h"
#include "reader.h"

static void say(const char *text) {
    size_t length = strlen(text);
    while (length > 0) {
        ssize_t count = write(chdf5_message_place, text, length);
        if (count <= 0) return;
        text += count;
        length -= (size_t)count;
    }
}

void chdf5_refuse(const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    say(text);
    _exit(chdf5_refused);
}

static herr_t keep_innermost(unsigned number, const H5E_error2_t *error, void *text) {
    if (number == 0 && error->desc != NULL) snprintf(text, 200, " (HDF5: %s)", error->desc);
    return 0;
}

void chdf5_fail(const char *what) {
    char reason[200] = "";
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, reason);
    chdf5_refuse("%s%s", what, reason);
}

void chdf5_hold_clock(void) { alarm(120); }

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
        chdf5_refuse("there is no /proc/self/statm");
    fclose(file);
    return known = pages * (size_t)sysconf(_SC_PAGESIZE);
}

void chdf5_limit_memory(size_t bytes) {
    struct rlimit limit = {known_memory() + bytes, RLIM_INFINITY};
    struct rlimit known;
    if (getrlimit(RLIMIT_DATA, &known) == 0) limit.rlim_max = known.rlim_max;
    if (limit.rlim_cur > limit.rlim_max) limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_DATA, &limit);
}

static hid_t open_file(void) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", chdf5_file_place);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    // Neither filters nor drivers are loaded from files.
    H5PLset_loading_state(0);
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_sec2(access);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
    if (file < 0) chdf5_fail("the HDF5 file cannot be opened");
    chdf5_close_doors();
    return file;
}

// What the process does instead of the program's own work.
static int read_file(int count, char **arguments) {
    prctl(PR_SET_PDEATHSIG, 9);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifdef SYS_close_range
    syscall(SYS_close_range, chdf5_output_place + 1, ~0u, 0);
#endif
    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_NOFILE, 32);
    chdf5_limit_memory((size_t)256 << 20);
    chdf5_hold_clock();
    if (count == 2 && strcmp(arguments[1], "list") == 0) {
        set_limit(RLIMIT_FSIZE, (rlim_t)64 << 20);
        chdf5_list(open_file());
    } else if (count > 4 && strcmp(arguments[1], "copy") == 0) {
        chdf5_copy(open_file(), count - 2, arguments + 2);
    } else {
        chdf5_refuse("this is no program for users");
    }
    return chdf5_done;
}

// Runs before the program's own main function, which knows nothing of it.
__attribute__((constructor)) static void open_door(int count, char **arguments) {
    if (count < 2 || strcmp(arguments[0], CHDF5_NAME) != 0) return;
    _exit(read_file(count, arguments));
}
