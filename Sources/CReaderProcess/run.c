#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reader_door.h"
#include "reader_process.h"

// Copies of descriptors above those that the new process gets, so that none is overwritten by another.
static int lifted(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 16); }

static int prepare(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, const int *descriptors) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int status = posix_spawnattr_setsigmask(attributes, &none);
    if (status == 0) status = posix_spawnattr_setsigdefault(attributes, &all);
    if (status == 0) status = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (status == 0 && descriptors[3] < 0)
        status = posix_spawn_file_actions_addopen(actions, reader_orders_place, "/dev/null", O_RDONLY, 0);
    if (status == 0) status = posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0);
    const int places[] = {reader_message_place, reader_file_place, reader_output_place, reader_orders_place};
    for (int index = 0; index < 4 && status == 0; index++)
        if (descriptors[index] >= 0)
            status = posix_spawn_file_actions_adddup2(actions, descriptors[index], places[index]);
    return status;
}

static int start(pid_t *process, const char *name, const int *descriptors, const char *const *arguments) {
    char *words[4096] = {(char *)name};
    size_t count = 1;
    for (; *arguments != NULL; arguments++) {
        if (count + 1 == sizeof words / sizeof *words) return E2BIG;
        words[count++] = (char *)*arguments;
    }
    // Libraries are found as they were found before; nothing else of the environment counts.
    char libraries[4096] = "LD_LIBRARY_PATH=";
    const char *known = getenv("LD_LIBRARY_PATH");
    char *environment[] = {"LANG=C", NULL, NULL};
    if (known != NULL && strlen(known) < sizeof libraries - strlen(libraries))
        environment[1] = strcat(libraries, known);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int status = posix_spawn_file_actions_init(&actions);
    if (status != 0) return status;
    status = posix_spawnattr_init(&attributes);
    if (status == 0) {
        status = prepare(&actions, &attributes, descriptors);
        if (status == 0) status = posix_spawn(process, "/proc/self/exe", &actions, &attributes, words, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return status;
}

// The rest of what the process said, as one line.
static void take_message(int descriptor, char *message, size_t room) {
    size_t length = 0;
    while (length + 1 < room) {
        ssize_t count = read(descriptor, message + length, room - 1 - length);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        length += (size_t)count;
    }
    message[length] = 0;
    for (size_t index = 0; index < length; index++)
        if ((unsigned char)message[index] < 0x20 || message[index] == 0x7f) message[index] = ' ';
}

enum reader_outcome reader_run(const char *name, int orders, int file, int output, const char *const *arguments,
                               char *message, size_t room) {
    int ends[2] = {-1, -1};
    pid_t process = -1;
    message[0] = 0;
    int status = pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno;
    int descriptors[4] = {lifted(ends[1]), lifted(file), lifted(output), orders < 0 ? -1 : lifted(orders)};
    for (int index = 0; index < (orders < 0 ? 3 : 4); index++)
        if (status == 0 && descriptors[index] < 0) status = EMFILE;
    if (status == 0) status = start(&process, name, descriptors, arguments);
    for (int index = 0; index < 4; index++)
        if (descriptors[index] >= 0) close(descriptors[index]);
    if (ends[1] >= 0) close(ends[1]);
    if (status == 0) take_message(ends[0], message, room);
    if (ends[0] >= 0) close(ends[0]);
    if (status != 0) {
        strncpy(message, strerror(status), room - 1);
        message[room - 1] = 0;
        return reader_not_started;
    }
    int ended = 0;
    while (waitpid(process, &ended, 0) < 0)
        if (errno != EINTR) return reader_crashed;
    if (!WIFEXITED(ended)) return reader_crashed;
    switch (WEXITSTATUS(ended)) {
        case reader_done:
            return reader_done;
        case reader_full:
            return reader_full;
        case reader_refused:
            if (message[0] != 0) return reader_refused;
            // A checker of memory ends a process with the same number, without a word.
            return reader_crashed;
        default:
            return reader_crashed;
    }
}
