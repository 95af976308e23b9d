#ifndef CK_PARALLEL_H
#define CK_PARALLEL_H

/// Runs `body(context, part)` for every part from 0 to `parts` − 1 on up to `threads` threads, the calling one among
/// them, and waits for all of them. Threads take the next part when they are done with one, so that a thread without a
/// core holds up nobody. What a part computes must not depend on the thread that it falls to.
void ck_parallel_parts(int threads, int parts, void (*body)(void *context, int part), void *context);

/// The same for a body that is told how many parts there are, and at least one part.
void ck_parallel(int threads, int parts, void (*body)(void *context, int part, int parts), void *context);

/// The threads that oneDNN uses when the calling thread calls it; one for each core until it is set.
void ck_parallel_set_width(int threads);
int ck_parallel_width(void);

/// The most threads that compute at once what the calling thread wants computed, however many it asks for; as many as it
/// asks for while it is 0.
void ck_parallel_set_most(int threads);

/// The cores that this process may use, by its affinity and its control group's quota; at least 1.
int ck_cores(void);

#endif
