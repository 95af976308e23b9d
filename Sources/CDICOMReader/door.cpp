#include <gdcm-3.0/gdcmTrace.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>

#include "cdicom_reader.h"
#include "reader.hpp"
#include "reader_process.h"

namespace {

// What is to be done, in lines of words.
std::vector<std::vector<std::string>> orders() {
    std::vector<std::vector<std::string>> lines(1, std::vector<std::string>(1));
    char bytes[1 << 14];
    off_t place = 0;
    for (;;) {
        ssize_t count = pread(reader_orders_place, bytes, sizeof bytes, place);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        place += count;
        for (const char *byte = bytes; byte < bytes + count; byte++) {
            if (*byte == '\n')
                lines.emplace_back(1);
            else if (*byte == ' ')
                lines.back().emplace_back();
            else
                lines.back().back() += *byte;
        }
    }
    lines.pop_back();
    return lines;
}

void read_files(int count, char **arguments) {
    reader_enter();
    gdcm::Trace::WarningOff();
    gdcm::Trace::ErrorOff();
    gdcm::Trace::DebugOff();
    auto lines = orders();
    reader_close_doors();
    if (count == 2 && strcmp(arguments[1], "list") == 0) {
        reader_limit_output((size_t)64 << 20);
        dicom::list(lines);
    } else if (count == 6 && strcmp(arguments[1], "copy") == 0) {
        dicom::copy(lines, count - 2, arguments + 2);
    } else {
        reader_refuse("this is no program for users");
    }
}

// What the process does instead of the program's own work.
void run(int count, char **arguments) {
    try {
        read_files(count, arguments);
        _exit(reader_done);
    } catch (const std::bad_alloc &) {
        reader_refuse("the DICOM files take more memory than they may: they are damaged, or a frame is too large");
    } catch (...) {
        // As of a file that ends the process: what GDCM throws says what its code expected, not what is wrong.
        _exit(reader_crashed);
    }
}

}  // namespace

// Runs before the program's own main function, which knows nothing of it.
extern "C" __attribute__((constructor)) void cdicom_open_door(int count, char **arguments) {
    if (count < 2 || strcmp(arguments[0], CDICOM_READER) != 0) return;
    run(count, arguments);
}
