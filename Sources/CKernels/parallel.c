#include "ck_parallel.h"

// The part of libgomp's binary interface that compilers emit for `#pragma omp parallel`; stable since GCC 4.9.
extern void GOMP_parallel(void (*body)(void *), void *context, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_get_max_threads(void);

struct task {
    void (*body)(void *context, int thread, int threads);
    void *context;
};

static void run(void *pointer) {
    const struct task *task = pointer;
    task->body(task->context, omp_get_thread_num(), omp_get_num_threads());
}

void ck_parallel(int threads, void (*body)(void *context, int thread, int threads), void *context) {
    if (threads <= 1) {
        body(context, 0, 1);
        return;
    }
    struct task task = {body, context};
    GOMP_parallel(run, &task, (unsigned)threads, 0);
}

int ck_parallel_width(void) {
    int width = omp_get_max_threads();
    return width < 1 ? 1 : width;
}
