#ifndef CK_DIRECT_PASSES_H
#define CK_DIRECT_PASSES_H

#include "../support/multiply.h"
#include "convolution_table.h"

// Direct convolution of at most 4 channels, read from a zero-padded plain copy: an implicit multiplication whose rows
// are x positions.

CK_INLINE void direct_row(const int rows, const int vectors, const ck_direct *d, const float *x, const float *u,
                          vec *sum) {
    sums_zero(rows, vectors, sum);
    for (int channel = 0; channel < d->channels; channel++) {
        for (int z = 0; z < d->kernel_depth; z++) {
            for (int y = 0; y < 3; y++) {
                const float *p = x + channel * d->channel + z * d->plane + y * d->row;
                // Unrolled, the broadcasts shared by taps would not fit the registers.
                CK_ROLLED
                for (int tap = 0; tap < 3; tap++, p++, u += vectors * CK_WIDTH) {
                    vec w[2];
                    CK_UNROLL
                    for (int n = 0; n < vectors; n++) w[n] = load(u + n * CK_WIDTH);
                    sums_multiply(rows, vectors, p, 1, w, sum);
                }
            }
        }
    }
}

typedef struct {
    float *data[2];
    double *sums, *squares;  // of the first block; null: not wanted
    const float *bias;
    int relu, stream, half;
} direct_target;

CK_INLINE void direct_store(const int rows, const int vectors, vec *sum, const direct_target *t) {
    CK_UNROLL
    for (int n = 0; n < vectors; n++) {
        vec shift = t->bias ? load(t->bias + n * CK_WIDTH) : (vec){}, total = {}, square = {};
        CK_UNROLL
        for (int r = 0; r < rows; r++) {
            vec v = sum[r * vectors + n] + shift;
            if (t->relu) v = positive(v);
            total += v;
            square += v * v;
            if (t->half) {
                store_half((uint16_t *)t->data[n] + r * CK_WIDTH, v);
            } else if (t->stream) {
                store_through(t->data[n] + r * CK_WIDTH, v);
            } else {
                store(t->data[n] + r * CK_WIDTH, v);
            }
        }
        if (t->sums) {
            add_to(t->sums + n * CK_WIDTH, total);
            add_to(t->squares + n * CK_WIDTH, square);
        }
    }
}

typedef void direct_function(const ck_direct *, const float *, const float *, const direct_target *);

#define CK_DIRECT(rows, vectors)                                                              \
    static void direct_##rows##_##vectors(const ck_direct *d, const float *x, const float *u, \
                                          const direct_target *t) {                           \
        vec sum[rows * vectors];                                                              \
        direct_row(rows, vectors, d, x, u, sum);                                              \
        direct_store(rows, vectors, sum, t);                                                  \
    }
#define CK_DIRECT_BOTH(rows) CK_DIRECT(rows, 1) CK_DIRECT(rows, 2)
CK_EACH_ROW_COUNT(CK_DIRECT_BOTH)

#define CK_DIRECT_ENTRY(rows) {direct_##rows##_1, direct_##rows##_2},
static direct_function *const direct_functions[CK_ROWS][2] = {CK_EACH_ROW_COUNT(CK_DIRECT_ENTRY)};

static void direct_forward(const ck_direct *d, const float *copy, const float *packed, const ck_block *out,
                           const ck_results *results, int part) {
    int rows = d->result[0] * d->result[1], width = d->result[2], groups = (width + CK_ROWS - 1) / CK_ROWS;
    int taps = d->channels * d->kernel_depth * 9, all = d->out_blocks * CK_WIDTH;
    double *sums = results->sums ? results->sums + (ptrdiff_t)part * 2 * all : 0;
    for (int i = 0; sums && i < 2 * all; i++) sums[i] = 0;
    for (int row = ck_share(rows, part, d->parts), end = ck_share(rows, part + 1, d->parts); row < end; row++) {
        int z = row / d->result[1], y = row % d->result[1];
        const float *line = copy + z * d->plane + y * d->row;
        for (int block = 0; block < d->out_blocks; block += 2) {
            int vectors = ck_least(2, d->out_blocks - block);
            const float *u = packed + (ptrdiff_t)block * taps * CK_WIDTH;
            for (int group = 0; group < groups; group++) {
                int x = ck_share(width, group, groups), count = ck_share(width, group + 1, groups) - x;
                direct_target t = {.relu = results->relu, .bias = results->bias ? results->bias + block * CK_WIDTH : 0};
                for (int n = 0; n < vectors; n++) {
                    const ck_block *b = out + block + n;
                    t.stream = b->stream;
                    t.half = b->half;
                    t.data[n] = ck_element(b->data, b->half, z * b->stride[0] + y * b->stride[1] + x * CK_WIDTH);
                }
                if (sums) t.sums = sums + block * CK_WIDTH, t.squares = t.sums + all;
                direct_functions[count - 1][vectors - 1](d, line + x, u, &t);
            }
        }
    }
}

// Adds Σ over `rows` rows of copy · diff to the 9 taps of one channel and depth: g[tap][n·B].
CK_INLINE void direct_taps(const int vectors, const ck_direct *d, const float *x, const float *const diff[2],
                           ptrdiff_t diff_row, int rows, float *g, ptrdiff_t tap_stride) {
    vec sum[18];
    sums_zero(9, vectors, sum);
    for (int row = 0; row < rows; row++) {
        const float *p = x + row * d->row, *q = p + d->row, *r = q + d->row;
        for (int i = 0; i < d->result[2]; i++, p++, q++, r++) {
            vec y[2];
            // Values carried over to the next position would cost shuffles and registers; loads are free here.
            __asm__("" : "+r"(p), "+r"(q), "+r"(r));
            CK_UNROLL
            for (int n = 0; n < vectors; n++) y[n] = load(diff[n] + row * diff_row + i * CK_WIDTH);
            sums_multiply(3, vectors, p, 1, y, sum);
            sums_multiply(3, vectors, q, 1, y, sum + 3 * vectors);
            sums_multiply(3, vectors, r, 1, y, sum + 6 * vectors);
        }
    }
    sums_add(9, vectors, g, tap_stride, CK_WIDTH, sum);
    sums_store(9, vectors, sum, g, tap_stride, CK_WIDTH);
}

// gradient: [parts][taps + 1][out_blocks · B]; the last row is the bias'.
static void direct_backward_weights(const ck_direct *d, const float *copy, const ck_block *diff, float *gradient,
                                    int part) {
    enum { strip = 8, most_vectors = CK_ROWS > 6 ? 2 : 1 };
    int strips = (d->result[1] + strip - 1) / strip, work = d->result[0] * strips, all = d->out_blocks * CK_WIDTH;
    int taps = d->channels * d->kernel_depth * 9;
    float *g = gradient + (ptrdiff_t)part * (taps + 1) * all;
    for (int i = 0; i < (taps + 1) * all; i++) g[i] = 0;
    for (int item = ck_share(work, part, d->parts), end = ck_share(work, part + 1, d->parts); item < end; item++) {
        int z = item / strips, y = item % strips * strip, rows = ck_least(strip, d->result[1] - y);
        for (int block = 0; block < d->out_blocks; block += most_vectors) {
            int vectors = ck_least(most_vectors, d->out_blocks - block);
            const float *p[2] = {0, 0};
            for (int n = 0; n < vectors; n++) {
                const ck_block *b = diff + block + n;
                p[n] = b->data + z * b->stride[0] + y * b->stride[1];
                vec sum = {};
                for (int row = 0; row < rows; row++)
                    for (int x = 0; x < d->result[2]; x++) sum += load(p[n] + row * b->stride[1] + x * CK_WIDTH);
                float *at = g + taps * all + (block + n) * CK_WIDTH;
                store(at, load(at) + sum);
            }
            ptrdiff_t diff_row = diff[block].stride[1];
            for (int channel = 0; channel < d->channels; channel++) {
                for (int k = 0; k < d->kernel_depth; k++) {
                    const float *x = copy + channel * d->channel + (z + k) * d->plane + y * d->row;
                    float *at = g + (channel * d->kernel_depth + k) * 9 * all + block * CK_WIDTH;
                    if (vectors == 2) {
                        direct_taps(2, d, x, p, diff_row, rows, at, all);
                    } else {
                        direct_taps(1, d, x, p, diff_row, rows, at, all);
                    }
                }
            }
        }
    }
}

#endif
