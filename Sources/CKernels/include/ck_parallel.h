#ifndef CK_PARALLEL_H
#define CK_PARALLEL_H

/// Runs `body(context, thread, threads)` once per thread of the process's OpenMP team and waits for all of them.
/// The team is the one oneDNN computes with. `threads` as the body sees it may be smaller than asked for.
void ck_parallel(int threads, void (*body)(void *context, int thread, int threads), void *context);

/// Runs `body(context, part)` for every part from 0 to `parts` − 1 on such a team and waits for all of them. What a
/// part computes does not depend on the thread that it falls to.
void ck_parallel_parts(int threads, int parts, void (*body)(void *context, int part), void *context);

/// Threads the OpenMP runtime would use by default, at least 1.
int ck_parallel_width(void);

#endif
