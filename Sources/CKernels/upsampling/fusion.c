#include <stddef.h>
#include <string.h>

#include "ck_parallel.h"
#include "ck_upsampling_fusion.h"

typedef struct {
    const ck_upsampling_fusion *shape;
    const float *from;
    float *to;
    // For each tap of the kernel: where it goes in the fused weights of an output and an input channel.
    ptrdiff_t offsets[27];
} call;

static int taps_of(const ck_upsampling_fusion *s) { return 9 * s->kernel_depth; }
static int window_of(const ck_upsampling_fusion *s) { return 4 * s->window_depth; }

// Where tap t of the kernel, on what tap q of the window painted, goes: to the destination's parity and to the fused
// tap, an offset of the source by −1, 0 or 1.
static void place(int doubled, int t, int q, int *parity, int *tap) {
    *parity = doubled ? (t + 1 + q) & 1 : 0;
    *tap = doubled ? (*parity + t + 1) / 2 : t;
}

static void place_all(const ck_upsampling_fusion *s, int q, ptrdiff_t *offsets) {
    for (int t = 0; t < taps_of(s); t++) {
        int parity[3], tap[3];
        place(s->window_depth == 2, t / 9, q >> 2, parity, tap);
        place(1, t / 3 % 3, q >> 1 & 1, parity + 1, tap + 1);
        place(1, t % 3, q & 1, parity + 2, tap + 2);
        ptrdiff_t rows = ((parity[0] * 2 + parity[1]) * 2 + parity[2]) * (ptrdiff_t)s->out * s->in;
        offsets[t] = rows * taps_of(s) + (tap[0] * 3 + tap[1]) * 3 + tap[2];
    }
}

// One output channel.
static void add(void *context, int k) {
    const call *c = context;
    const ck_upsampling_fusion *s = c->shape;
    int taps = taps_of(s);
    float *to = c->to + (ptrdiff_t)k * s->in * taps;
    for (int i = 0; i < s->in; i++, to += taps) {
        const float *from = c->from + ((ptrdiff_t)i * s->out + k) * taps;
        for (int t = 0; t < taps; t++) to[c->offsets[t]] += from[t];
    }
}

static void take(void *context, int k) {
    const call *c = context;
    const ck_upsampling_fusion *s = c->shape;
    int taps = taps_of(s);
    const float *from = c->from + (ptrdiff_t)k * s->in * taps;
    for (int i = 0; i < s->in; i++, from += taps) {
        float *to = c->to + ((ptrdiff_t)i * s->out + k) * taps;
        for (int t = 0; t < taps; t++) to[t] = from[c->offsets[t]];
    }
}

void ck_upsampling_fusion_add(const ck_upsampling_fusion *s, int q, const float *products, float *fused) {
    call c = {.shape = s, .from = products, .to = fused};
    place_all(s, q, c.offsets);
    ck_parallel_parts(s->threads, s->out, add, &c);
}

void ck_upsampling_fusion_take(const ck_upsampling_fusion *s, int q, const float *fused, float *products) {
    call c = {.shape = s, .from = fused, .to = products};
    place_all(s, q, c.offsets);
    ck_parallel_parts(s->threads, s->out, take, &c);
}

void ck_upsampling_fusion_window(const ck_upsampling_fusion *s, const float *weights, float *a) {
    int window = window_of(s);
    size_t pairs = (size_t)s->in * s->mid;
    for (size_t i = 0; i < pairs; i++) {
        for (int q = 0; q < window; q++) a[q * pairs + i] = weights[i * window + q];
    }
}

void ck_upsampling_fusion_window_back(const ck_upsampling_fusion *s, const float *a, float *weights) {
    int window = window_of(s);
    size_t pairs = (size_t)s->in * s->mid;
    for (size_t i = 0; i < pairs; i++) {
        for (int q = 0; q < window; q++) weights[i * window + q] = a[q * pairs + i];
    }
}

void ck_upsampling_fusion_kernel(const ck_upsampling_fusion *s, const float *weights, float *b) {
    size_t taps = taps_of(s);
    for (int m = 0; m < s->mid; m++) {
        for (int k = 0; k < s->out; k++)
            memcpy(b + ((size_t)m * s->out + k) * taps, weights + ((size_t)k * s->inputs + m) * taps, 4 * taps);
    }
}

void ck_upsampling_fusion_kernel_back(const ck_upsampling_fusion *s, const float *b, float *weights) {
    size_t taps = taps_of(s);
    for (int m = 0; m < s->mid; m++) {
        for (int k = 0; k < s->out; k++)
            memcpy(weights + ((size_t)k * s->inputs + m) * taps, b + ((size_t)m * s->out + k) * taps, 4 * taps);
    }
}
