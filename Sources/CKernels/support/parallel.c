#include "ck_parallel.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "team.h"

// Each thread that computes has a team of its own. Its regions have a number, counted up; a worker that comes late finds
// another number and takes nothing. Who waits spins for a moment, in which an idle machine goes on, and then sleeps, so
// that its core serves whoever needs it: another program, or the thread that is waited for.

enum { part_bits = 24, most_threads = 1024 };
static const long spin_nanoseconds = 30000;

struct ck_region {
    _Atomic(uint64_t) ticket;    // the region's number, and the next part that nobody has taken
    _Atomic(uint32_t) number;    // its low bits, on which workers sleep
    _Atomic(uint32_t) finished;  // parts done, on which the caller sleeps
    _Atomic(uint32_t) sleepers, caller_sleeps;
    _Atomic(uint32_t) arrived, barrier;  // parts in the barrier; how often it has opened
    // Read before a part is taken, and valid if it could be taken.
    _Atomic(void *) context;
    void (*_Atomic body)(void *context, int part, int parts);
    _Atomic(int) parts;
};

typedef struct {
    ck_region region;
    _Atomic(int) closed;
    int size;  // workers, without the caller
    pthread_t workers[most_threads];
} team;

static _Thread_local ck_place place = {0, 0, 1};
static _Thread_local team *mine;
static _Thread_local int width, most;

ck_place ck_place_now(void) { return place; }

static void sleep_while(_Atomic(uint32_t) *word, uint32_t value) {
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, 0, 0, 0);
}

static void wake(_Atomic(uint32_t) *word, int threads) {
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, threads, 0, 0, 0);
}

static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

// Waits for a moment that the word changes; returns whether it did.
static int spin_while(_Atomic(uint32_t) *word, uint32_t value) {
    int64_t end = 0;
    for (;;) {
        for (int i = 0; i < 64; i++) {
            if (atomic_load_explicit(word, memory_order_acquire) != value) return 1;
            relax();
        }
        int64_t t = now();
        if (!end) end = t + spin_nanoseconds;
        if (t >= end) return 0;
    }
}

// Takes parts of the region `number` and computes them until none is left.
static void take_parts(ck_region *r, uint64_t number) {
    ck_place before = place;
    uint64_t ticket = atomic_load(&r->ticket);
    while (ticket >> part_bits == number) {
        int part = (int)(ticket & ((1u << part_bits) - 1)), parts = atomic_load(&r->parts);
        void *context = atomic_load(&r->context);
        void (*body)(void *, int, int) = atomic_load(&r->body);
        if (part >= parts) break;
        if (!atomic_compare_exchange_weak(&r->ticket, &ticket, ticket + 1)) continue;
        place = (ck_place){r, part, parts};
        body(context, part, parts);
        if (atomic_fetch_add(&r->finished, 1) + 1 == (uint32_t)parts && atomic_load(&r->caller_sleeps))
            wake(&r->finished, 1);
        ticket = atomic_load(&r->ticket);
    }
    place = before;
}

static void *work(void *pointer) {
    team *t = pointer;
    ck_region *r = &t->region;
    while (!atomic_load(&t->closed)) {
        // Before the ticket: a region that is still being described shows its number there, but not here, where it is
        // waited for. Otherwise it would be taken for one that has nothing left.
        uint32_t seen = atomic_load(&r->number);
        take_parts(r, atomic_load(&r->ticket) >> part_bits);
        if (spin_while(&r->number, seen)) continue;
        atomic_fetch_add(&r->sleepers, 1);
        sleep_while(&r->number, seen);
        atomic_fetch_sub(&r->sleepers, 1);
    }
    return 0;
}

static pthread_key_t owner;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void close_team(void *pointer) {
    team *t = pointer;
    atomic_store(&t->closed, 1);
    atomic_fetch_add(&t->region.number, 1);
    wake(&t->region.number, most_threads);
    for (int i = 0; i < t->size; i++) pthread_join(t->workers[i], 0);
    free(t);
    mine = 0;
}

static void make_key(void) { pthread_key_create(&owner, close_team); }

// The calling thread's team with at least so many workers, or as many as could be had; 0 without any.
static team *team_of(int workers) {
    if (!mine) {
        pthread_once(&once, make_key);
        mine = calloc(1, sizeof *mine);
        if (!mine) return 0;
        pthread_setspecific(owner, mine);
    }
    while (mine->size < workers && mine->size < most_threads) {
        if (pthread_create(&mine->workers[mine->size], 0, work, mine) != 0) break;
        mine->size++;
    }
    return mine->size ? mine : 0;
}

static void run_alone(int parts, void (*body)(void *, int, int), void *context) {
    ck_place before = place;
    for (int part = 0; part < parts; part++) {
        place = (ck_place){0, part, parts};
        body(context, part, parts);
    }
    place = before;
}

static int limited(int threads) { return most > 0 && threads > most ? most : threads; }

static void run(int threads, int parts, void (*body)(void *, int, int), void *context) {
    threads = limited(threads);
    team *t = threads > 1 && parts > 1 && !place.region ? team_of((threads < parts ? threads : parts) - 1) : 0;
    if (!t) {
        run_alone(parts, body, context);
        return;
    }
    ck_region *r = &t->region;
    uint64_t number = (atomic_load(&r->ticket) >> part_bits) + 1;
    atomic_store(&r->ticket, number << part_bits | ((1u << part_bits) - 1));  // nothing to take while it is described
    atomic_store(&r->parts, parts);
    atomic_store(&r->context, context);
    atomic_store(&r->body, body);
    atomic_store(&r->finished, 0);
    atomic_store(&r->caller_sleeps, 0);
    atomic_store(&r->ticket, number << part_bits);
    atomic_store(&r->number, (uint32_t)number);
    int helpers = (threads < parts ? threads : parts) - 1;
    if (atomic_load(&r->sleepers)) wake(&r->number, helpers);
    take_parts(r, number);
    uint32_t done;
    while ((done = atomic_load(&r->finished)) < (uint32_t)parts) {
        if (spin_while(&r->finished, done)) continue;
        atomic_store(&r->caller_sleeps, 1);
        done = atomic_load(&r->finished);
        if (done < (uint32_t)parts) sleep_while(&r->finished, done);
    }
}

void ck_parallel(int threads, int parts, void (*body)(void *context, int part, int parts), void *context) {
    run(threads, parts < 1 ? 1 : parts, body, context);
}

typedef struct {
    void (*body)(void *context, int part);
    void *context;
} parts_body;

static void run_part(void *context, int part, int parts) {
    (void)parts;
    const parts_body *b = context;
    b->body(b->context, part);
}

void ck_parallel_parts(int threads, int parts, void (*body)(void *context, int part), void *context) {
    parts_body b = {body, context};
    run(threads, parts, run_part, &b);
}

int ck_parallel_concurrent(int threads) {
    threads = limited(threads);
    if (threads <= 1 || place.region) return 1;
    team *t = team_of(threads - 1);
    int most = t ? t->size + 1 : 1;
    return threads < most ? threads : most;
}

void ck_barrier(void) {
    ck_region *r = place.region;
    if (!r) return;
    uint32_t opened = atomic_load(&r->barrier);
    if (atomic_fetch_add(&r->arrived, 1) + 1 == (uint32_t)place.parts) {
        atomic_store(&r->arrived, 0);
        atomic_fetch_add(&r->barrier, 1);
        wake(&r->barrier, place.parts);
        return;
    }
    while (atomic_load(&r->barrier) == opened) {
        if (!spin_while(&r->barrier, opened)) sleep_while(&r->barrier, opened);
    }
}

void ck_parallel_set_width(int threads) { width = threads; }

void ck_parallel_set_most(int threads) { most = threads; }

int ck_parallel_width(void) { return width > 0 ? width : ck_cores(); }
