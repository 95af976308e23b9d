#ifndef SUPPORT_H
#define SUPPORT_H

// Random tensors for the checks: plain float64 references, and blocked views cut out of larger, poisoned buffers.

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ck_convolution.h"

static uint64_t state = 88172645463325252u;

static inline uint32_t random_bits(void) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t)(state >> 16);
}
static inline int random_below(int n) { return (int)(random_bits() % (uint32_t)n); }
static inline float random_value(void) { return (float)random_bits() / 4294967296.0f - 0.5f; }

// Room until `release_all`, of indeterminate content.
static void *taken[256];
static int taken_count;

static inline void *aligned(size_t bytes) {
    void *p = 0;
    if (taken_count == 256 || posix_memalign(&p, 64, bytes + 64)) abort();
    return taken[taken_count++] = p;
}
static inline void *cleared(size_t bytes) { return memset(aligned(bytes), 0, bytes); }
static inline void *poisoned(size_t bytes) { return memset(aligned(bytes), 0xff, bytes); }
static inline void release_all(void) {
    while (taken_count) free(taken[--taken_count]);
}

static inline float *random_floats(size_t n, float scale) {
    float *p = aligned(n * sizeof *p);
    for (size_t i = 0; i < n; i++) p[i] = random_value() * scale;
    return p;
}

// A view of `channels` inside a buffer with `margin` voxels of NaN around; the buffer's blocks hold `plain` and zero
// padding channels.
typedef struct {
    ck_view view;
    float *buffer;
    size_t floats;
} cropped;

static inline size_t at(const ck_view *v, int width, int c, int z, int y, int x) {
    return (size_t)(c / width * v->block_stride + z * v->plane_stride + y * v->row_stride + x * width + c % width);
}

static inline cropped crop(const double *plain, int channels, int d, int h, int w, int width, int margin) {
    cropped t = {.view = {.channels = channels, .depth = d, .height = h, .width = w}};
    int blocks = (channels + width - 1) / width;
    ck_view *v = &t.view;
    v->row_stride = (w + 2 * margin) * width;
    v->plane_stride = v->row_stride * (h + 2 * margin);
    v->block_stride = v->plane_stride * (d + 2 * margin);
    t.floats = (size_t)v->block_stride * blocks;
    t.buffer = aligned(t.floats * 4);
    for (size_t i = 0; i < t.floats; i++) t.buffer[i] = NAN;
    v->data = t.buffer + margin * (v->plane_stride + v->row_stride + width);
    for (int c = 0; c < blocks * width; c++)
        for (int z = 0; z < d; z++)
            for (int y = 0; y < h; y++)
                for (int x = 0; x < w; x++)
                    v->data[at(v, width, c, z, y, x)] = c < channels && plain
                                                            ? (float)plain[(((size_t)c * d + z) * h + y) * w + x]
                                                            : 0;
    return t;
}

static inline double *random_tensor(size_t n, double scale) {
    double *p = aligned(n * sizeof *p);
    for (size_t i = 0; i < n; i++) p[i] = (float)(random_value() * scale);
    return p;
}

// The nearer one of the two bfloat16 about a float, of equally near ones the even one.
static inline uint16_t half_of(float x) {
    uint32_t bits, ends[2];
    memcpy(&bits, &x, 4);
    if (isnan(x)) return (uint16_t)(bits >> 16 | 64);
    ends[0] = bits & 0xffff0000u, ends[1] = ends[0] + 0x10000u;
    float low, high;
    memcpy(&low, ends, 4), memcpy(&high, ends + 1, 4);
    double below = fabs((double)x - low), above = fabs((double)high - x);
    int even = (ends[0] & 0x10000u) == 0;
    return (uint16_t)(ends[below < above || (below == above && even) ? 0 : 1] >> 16);
}

static inline void round_to_halves(double *values, size_t n) {
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = (uint32_t)half_of((float)values[i]) << 16;
        float rounded;
        memcpy(&rounded, &bits, 4);
        values[i] = rounded;
    }
}

static inline uint16_t *halves_of(const float *values, size_t n) {
    uint16_t *p = aligned(2 * n);
    for (size_t i = 0; i < n; i++) p[i] = half_of(values[i]);
    return p;
}

// A view of the same values as bfloat16.
static inline ck_view half_view(const cropped *t) {
    ck_view v = t->view;
    v.data = (float *)(halves_of(t->buffer, t->floats) + (t->view.data - t->buffer));
    v.half = 1;
    return v;
}

// Whether a buffer's bfloat16 are its floats, rounded.
static inline int are_rounded(const ck_view *half, const cropped *t) {
    const uint16_t *halves = (const uint16_t *)half->data - (t->view.data - t->buffer);
    for (size_t i = 0; i < t->floats; i++)
        if (!isnan(t->buffer[i]) && halves[i] != half_of(t->buffer[i])) return 0;
    return 1;
}

// Norm of the difference over norm of the reference.
static inline double relative(const double *got, const double *want, size_t n) {
    double difference = 0, norm = 0;
    for (size_t i = 0; i < n; i++) {
        difference += (got[i] - want[i]) * (got[i] - want[i]);
        norm += want[i] * want[i];
    }
    return norm > 0 ? sqrt(difference / norm) : sqrt(difference);
}

#endif
