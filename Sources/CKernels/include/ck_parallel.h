#ifndef CK_PARALLEL_H
#define CK_PARALLEL_H

/// Runs `body(context, thread, threads)` once per thread of the process's OpenMP team and waits for all of them.
/// The team is the one oneDNN computes with. `threads` as the body sees it may be smaller than asked for.
void ck_parallel(int threads, void (*body)(void *context, int thread, int threads), void *context);

/// Threads the OpenMP runtime would use by default, at least 1.
int ck_parallel_width(void);

#endif
