#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chdf5_reader.h"
#include "reader.h"
#include "reader_process.h"

static herr_t keep_innermost(unsigned number, const H5E_error2_t *error, void *text) {
    if (number == 0 && error->desc != NULL) snprintf(text, 200, " (HDF5: %s)", error->desc);
    return 0;
}

void chdf5_fail(const char *what) {
    char reason[200] = "";
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, reason);
    reader_refuse("%s%s", what, reason);
}

static hid_t open_file(void) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", reader_file_place);
    // Neither filters nor drivers are loaded from files.
    setenv("HDF5_PLUGIN_PRELOAD", "::", 1);
    setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    H5PLset_loading_state(0);
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_sec2(access);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
    if (file < 0) chdf5_fail("the HDF5 file cannot be opened");
    reader_close_doors();
    return file;
}

// What the process does instead of the program's own work.
static int read_file(int count, char **arguments) {
    reader_enter();
    if (count == 2 && strcmp(arguments[1], "list") == 0) {
        reader_limit_output((size_t)64 << 20);
        chdf5_list(open_file());
    } else if (count > 4 && strcmp(arguments[1], "copy") == 0) {
        chdf5_copy(open_file(), count - 2, arguments + 2);
    } else {
        reader_refuse("this is no program for users");
    }
    return reader_done;
}

// Runs before the program's own main function, which knows nothing of it.
__attribute__((constructor)) static void open_door(int count, char **arguments) {
    if (count < 2 || strcmp(arguments[0], CHDF5_READER) != 0) return;
    _exit(read_file(count, arguments));
}
