#include "ck_parallel.h"

// The part of libgomp's binary interface that compilers emit for `#pragma omp parallel`; stable since GCC 4.9.
extern void GOMP_parallel(void (*body)(void *), void *context, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_get_max_threads(void);

typedef struct {
    void (*body)(void *context, int thread, int threads);
    void *context;
} team;

typedef struct {
    void (*body)(void *context, int part);
    void *context;
    int parts;
} partition;

static void run_thread(void *pointer) {
    const team *t = pointer;
    t->body(t->context, omp_get_thread_num(), omp_get_num_threads());
}

static void run_parts(void *pointer, int thread, int threads) {
    const partition *p = pointer;
    for (int part = thread; part < p->parts; part += threads) p->body(p->context, part);
}

void ck_parallel(int threads, void (*body)(void *context, int thread, int threads), void *context) {
    if (threads <= 1) {
        body(context, 0, 1);
        return;
    }
    team t = {body, context};
    GOMP_parallel(run_thread, &t, (unsigned)threads, 0);
}

void ck_parallel_parts(int threads, int parts, void (*body)(void *context, int part), void *context) {
    partition p = {body, context, parts};
    ck_parallel(threads, run_parts, &p);
}

int ck_parallel_width(void) {
    int width = omp_get_max_threads();
    return width < 1 ? 1 : width;
}
