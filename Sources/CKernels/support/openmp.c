#include "ck_parallel.h"
#include "team.h"

// The part of OpenMP's run-time library that oneDNN calls, under the names that compilers give it (stable since GCC
// 4.9). The program's own symbols come before those of a library, so oneDNN computes on the same team as the kernels,
// and no second team spins beside it.

void GOMP_parallel(void (*body)(void *), void *context, unsigned threads, unsigned flags);
void GOMP_barrier(void);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int omp_get_max_threads(void);
int omp_in_parallel(void);

typedef struct {
    void (*body)(void *);
    void *context;
} plain_body;

static void run_plain(void *context, int part, int parts) {
    (void)part, (void)parts;
    const plain_body *b = context;
    b->body(b->context);
}

// Bodies may wait for each other: there are never more parts than threads.
void GOMP_parallel(void (*body)(void *), void *context, unsigned threads, unsigned flags) {
    (void)flags;
    plain_body b = {body, context};
    int together = ck_parallel_concurrent(threads ? (int)threads : ck_parallel_width());
    ck_parallel(together, together, run_plain, &b);
}

void GOMP_barrier(void) { ck_barrier(); }

int omp_get_thread_num(void) { return ck_place_now().part; }

int omp_get_num_threads(void) { return ck_place_now().parts; }

int omp_get_max_threads(void) { return ck_parallel_width(); }

int omp_in_parallel(void) { return ck_place_now().parts > 1; }
