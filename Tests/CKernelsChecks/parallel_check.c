// The team: every part is computed once, whoever calls, however many threads there are; and OpenMP's functions on it.
#include "ck_parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "checks.h"

void GOMP_parallel(void (*body)(void *), void *context, unsigned threads, unsigned flags);
void GOMP_barrier(void);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int omp_get_max_threads(void);
int omp_in_parallel(void);

enum { most_parts = 200, callers = 3 };

typedef struct {
    _Atomic(int) done[most_parts], wrong;
    int parts;
} tally;

static void count(void *context, int part, int parts) {
    tally *t = context;
    t->done[part]++;
    if (parts != t->parts) t->wrong++;
}

// Every seventh part has a region of its own within, which the thread that meets it computes.
static void count_nested(void *context, int part, int parts) {
    tally *t = context, inner = {.parts = 3};
    count(t, part, parts);
    if (part % 7 != 0) return;
    ck_parallel(4, 3, count, &inner);
    for (int i = 0; i < 3; i++) t->wrong += inner.done[i] != 1;
    t->wrong += inner.wrong;
}

typedef struct {
    int cases, failures;
    uint64_t seed;
} caller;

static void *call(void *pointer) {
    caller *c = pointer;
    for (int i = 0; i < c->cases; i++) {
        c->seed = c->seed * 6364136223846793005u + 1442695040888963407u;
        tally t = {.parts = 1 + (int)((c->seed >> 33) % most_parts)};
        ck_parallel(1 + (int)((c->seed >> 50) % 9), t.parts, count_nested, &t);
        int wrong = t.wrong;
        for (int part = 0; part < most_parts; part++) wrong += t.done[part] != (part < t.parts);
        c->failures += wrong > 0;
    }
    return 0;
}

typedef struct {
    _Atomic(int) arrived[3], seen, wrong;
} meeting;

static void meet(void *context) {
    meeting *m = context;
    int threads = omp_get_num_threads();
    m->seen |= 1 << omp_get_thread_num();
    if (!omp_in_parallel() && threads > 1) m->wrong++;
    for (int round = 0; round < 3; round++) {
        m->arrived[round]++;
        GOMP_barrier();
        if (m->arrived[round] != threads) m->wrong++;
        GOMP_barrier();
    }
}

static void nothing(void *context, int part, int parts) { (void)context, (void)part, (void)parts; }

// Short regions, which are over before the other thread comes, and then one in which both have to be: it must come to
// that one, wherever it was meanwhile. If it doesn't, an alarm ends the checks. Called by a thread whose team has one
// worker, as any other would come in its place.
static void *call_late(void *pointer) {
    caller *c = pointer;
    for (int i = 0; i < 500 * c->cases; i++) {
        if (i % 1000 == 0) alarm(20);
        c->seed = c->seed * 6364136223846793005u + 1442695040888963407u;
        for (int left = (int)(c->seed >> 60); left > 0; left--) ck_parallel(2, 2, nothing, 0);
        meeting m = {.wrong = 0};
        GOMP_parallel(meet, &m, 2, 0);
        c->failures += m.wrong || m.seen != 3;
        // By then the other thread sleeps.
        if ((c->seed >> 50) % 64 == 0) usleep(50);
    }
    alarm(0);
    return 0;
}

int check_parallel(int cases, uint64_t seed) {
    caller c[callers];
    pthread_t threads[callers];
    int failures = 0;
    for (int i = 0; i < callers; i++) {
        c[i] = (caller){.cases = 20 * cases, .seed = seed + (uint64_t)i};
        pthread_create(&threads[i], 0, call, &c[i]);
    }
    for (int i = 0; i < callers; i++) {
        pthread_join(threads[i], 0);
        failures += c[i].failures;
    }
    for (int i = 0; i < cases; i++) {
        meeting m = {.wrong = 0};
        unsigned wanted = 1 + (unsigned)i % 5;
        GOMP_parallel(meet, &m, wanted, 0);
        failures += m.wrong || m.seen != (1 << wanted) - 1;
    }
    caller late = {.cases = cases, .seed = seed};
    pthread_create(&threads[0], 0, call_late, &late);
    pthread_join(threads[0], 0);
    failures += late.failures;
    ck_parallel_set_most(1);
    meeting alone = {.wrong = 0};
    GOMP_parallel(meet, &alone, 4, 0);
    failures += alone.wrong || alone.seen != 1;
    ck_parallel_set_most(0);
    ck_parallel_set_width(3);
    failures += omp_get_max_threads() != 3 || omp_in_parallel() || omp_get_thread_num() != 0;
    ck_parallel_set_width(0);
    failures += omp_get_max_threads() != ck_cores() || ck_cores() < 1;
    printf("parallel   %d regions of %d callers, %d failures\n", 20 * cases * callers, callers, failures);
    return failures;
}
