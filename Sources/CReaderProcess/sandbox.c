#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "reader_door.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

// What reading an open file, writing to an open file and memory take.
static const int allowed[] = {
    SYS_read,         SYS_pread64, SYS_readv,  SYS_lseek,      SYS_fstat,     SYS_newfstatat, SYS_close,
    SYS_write,        SYS_pwrite64, SYS_writev, SYS_mmap,      SYS_munmap,    SYS_mremap,     SYS_mprotect,
    SYS_madvise,      SYS_brk,     SYS_futex,  SYS_setitimer,  SYS_prlimit64, SYS_getrandom,  SYS_clock_gettime,
    SYS_gettimeofday, SYS_getpid,  SYS_gettid, SYS_sched_yield, SYS_exit,     SYS_exit_group, SYS_rt_sigreturn,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_fcntl,
#ifdef SYS_alarm
    SYS_alarm,
#endif
#ifdef SYS_setrlimit
    SYS_setrlimit,
#endif
#ifdef SYS_time
    SYS_time,
#endif
};

void reader_close_doors(void) {
#ifdef ARCHITECTURE
    enum { count = sizeof allowed / sizeof *allowed };
    struct sock_filter program[count + 6];
    int length = 0;
    // Numbers of calls mean what they mean on this architecture.
    program[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    program[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    program[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    program[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int index = 0; index < count; index++)
        program[length++] = (struct sock_filter)BPF_JUMP(
            BPF_JMP | BPF_JEQ | BPF_K, (unsigned)allowed[index], (unsigned char)(count - index), 0);
    program[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    program[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog filter = {(unsigned short)length, program};
    // A kernel without filters, or one who forbids them, leaves the process as it is.
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
#endif
}
