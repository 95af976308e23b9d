#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "ck_parallel.h"

// Cores by a quota file of a control group: "max 100000" or "150000 100000" (version 2); 0 without a limit.
static int cores_of_quota(const char *path) {
    FILE *file = fopen(path, "re");
    long quota = 0, period = 0;
    int fields = file ? fscanf(file, "%ld %ld", &quota, &period) : 0;
    if (file) fclose(file);
    return fields == 2 && quota > 0 && period > 0 ? (int)((quota + period - 1) / period) : 0;
}

// The least quota of the process's control group and those above it.
static int cores_of_group(void) {
    FILE *file = fopen("/proc/self/cgroup", "re");
    char line[4096], path[4200];
    int least = 0;
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "0::/", 4) != 0) continue;
        line[strcspn(line, "\n")] = 0;
        char *group = line + 3;
        for (char *end = group + strlen(group); end; end = strrchr(group, '/')) {
            *end = 0;
            snprintf(path, sizeof path, "/sys/fs/cgroup%s/cpu.max", group);
            int cores = cores_of_quota(path);
            if (cores && (!least || cores < least)) least = cores;
        }
    }
    if (file) fclose(file);
    return least;
}

int ck_cores(void) {
    cpu_set_t set;
    int cores = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1, quota = cores_of_group();
    if (quota && quota < cores) cores = quota;
    return cores < 1 ? 1 : cores;
}
