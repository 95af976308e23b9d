#ifndef CK_WINOGRAD_TILES_H
#define CK_WINOGRAD_TILES_H

#include "convolution_table.h"
#include "winograd_axis.h"

// Transforms of runs of tiles, between the blocked layout and the layout [point][…][tile][B] of the products.
// A run is `count` neighbours along the last axis of the pass. Each walks along that axis, transforming the plane of
// the first two axes at each position once, though neighbouring tiles overlap, and keeps the last positions in a ring
// that fits the L1 cache.

typedef struct {
    int first[3];  // tile indices of the run's first tile
    int count;
} run_of_tiles;

// The widest ring: 8 positions of 6×6 vectors.
enum { ring_slots = 8, plane_points = 36 };

// `ahead` is the distance in floats of what will be read for the next tile; `affine` holds the prologue, null: none.
CK_INLINE void input_plane(int m0, int m1, const int half, const float *p, ptrdiff_t s0, ptrdiff_t s1, ptrdiff_t ahead,
                           const ck_block *affine, vec *slot) {
    const int a0 = extent_of(m0), a1 = extent_of(m1);
    vec x[plane_points], scale = affine ? load(affine->scale) : (vec){}, shift = affine ? load(affine->shift) : (vec){};
    CK_UNROLL
    for (int j = 0; j < a1; j++) {
        CK_UNROLL
        for (int i = 0; i < a0; i++) {
            if (ahead) __builtin_prefetch(ck_element(p, half, i * s0 + j * s1 + ahead));
            x[i * a1 + j] = load_kept(half, p, i * s0 + j * s1);
            if (affine) x[i * a1 + j] = positive(x[i * a1 + j] * scale + shift);
        }
        input_axis(m0, x + j, a1);
    }
    CK_UNROLL
    for (int i = 0; i < a0; i++) {
        input_axis(m1, x + i * a1, 1);
        CK_UNROLL
        for (int j = 0; j < a1; j++) slot[i * a1 + j] = x[i * a1 + j];
    }
}

// Copies what lies inside the source of one plane, through the prologue; the rest of `raw` stays as it is, zero.
CK_INLINE void stage_plane(int a1, const int half, const ck_block *block, const float *p, const int *low,
                           const int *high, ptrdiff_t ahead, vec *raw) {
    ptrdiff_t s0 = block->stride[0], s1 = block->stride[1];
    if (block->scale) {
        vec scale = load(block->scale), shift = load(block->shift);
        for (int i = low[0]; i < high[0]; i++) {
            for (int j = low[1]; j < high[1]; j++) {
                __builtin_prefetch(ck_element(p, half, i * s0 + j * s1 + ahead));
                raw[i * a1 + j] = positive(load_kept(half, p, i * s0 + j * s1) * scale + shift);
            }
        }
    } else {
        for (int i = low[0]; i < high[0]; i++) {
            for (int j = low[1]; j < high[1]; j++) {
                __builtin_prefetch(ck_element(p, half, i * s0 + j * s1 + ahead));
                raw[i * a1 + j] = load_kept(half, p, i * s0 + j * s1);
            }
        }
    }
}

CK_INLINE void input_run(int m0, int m1, int m2, const int half, const ck_winograd *w, const ck_block *block,
                         const run_of_tiles *run, float *v, ptrdiff_t point_stride) {
    const int a0 = extent_of(m0), a1 = extent_of(m1), a2 = extent_of(m2), slots = 2 * m2, points = a0 * a1;
    vec ring[ring_slots * plane_points], raw[plane_points];
    const int m[3] = {m0, m1, m2}, a[3] = {a0, a1, a2};
    int origin[3], low[3], high[3], inside = 1;
    for (int i = 0; i < 3; i++) {
        origin[i] = run->first[i] * m[i] - w->pad[i];
        low[i] = ck_most(0, -origin[i]);
        high[i] = ck_least(a[i], w->source[i] - origin[i]);
        if (i < 2 && (low[i] > 0 || high[i] < a[i])) inside = 0;
    }
    ptrdiff_t s0 = block->stride[0], s1 = block->stride[1], s2 = block->stride[2];
    ptrdiff_t base = origin[0] * s0 + origin[1] * s1 + origin[2] * s2;
    for (int e = 0; e < points && !inside; e++) raw[e] = (vec){};
    for (int tile = 0; tile < run->count; tile++, v += CK_WIDTH) {
        // The next tile is the neighbour or, at the end of a run, most likely the first one of the next row.
        ptrdiff_t ahead = tile + 1 < run->count ? m2 * s2 : m1 * s1 - tile * m2 * s2;
        for (int l = tile ? a2 - m2 : 0; l < a2; l++) {
            int position = tile * m2 + l, at = origin[2] + position;
            vec *slot = ring + (position & (slots - 1)) * points;
            const float *p = ck_element(block->data, half, base + position * s2);
            if (at < 0 || at >= w->source[2]) {
                for (int e = 0; e < points; e++) slot[e] = (vec){};
            } else if (inside && block->scale) {
                input_plane(m0, m1, half, p, s0, s1, ahead, block, slot);
            } else if (inside) {
                input_plane(m0, m1, half, p, s0, s1, ahead, 0, slot);
            } else {
                stage_plane(a1, half, block, p, low, high, ahead, raw);
                input_plane(m0, m1, 0, (const float *)raw, a1 * CK_WIDTH, CK_WIDTH, 0, 0, slot);
            }
        }
        for (int e = 0; e < points; e++) {
            vec x[6];
            CK_UNROLL
            for (int l = 0; l < a2; l++) x[l] = ring[((tile * m2 + l) & (slots - 1)) * points + e];
            input_axis(m2, x, 1);
            CK_UNROLL
            for (int l = 0; l < a2; l++) store(v + (e * a2 + l) * point_stride, x[l]);
        }
    }
}

CK_INLINE void difference_run(int m0, int m1, int m2, const ck_winograd *w, const ck_block *block,
                              const run_of_tiles *run, float *d, ptrdiff_t point_stride) {
    const int a0 = extent_of(m0), a1 = extent_of(m1), a2 = extent_of(m2), points = a0 * a1;
    vec ring[4 * plane_points];
    int n0 = ck_least(m0, w->result[0] - run->first[0] * m0), n1 = ck_least(m1, w->result[1] - run->first[1] * m1);
    ptrdiff_t s0 = block->stride[0], s1 = block->stride[1], s2 = block->stride[2];
    const float *p = block->data + (run->first[0] * m0 * s0 + run->first[1] * m1 * s1 + run->first[2] * m2 * s2);
    for (int tile = 0; tile < run->count; tile++, d += CK_WIDTH, p += m2 * s2) {
        int n2 = ck_least(m2, w->result[2] - (run->first[2] + tile) * m2);
        for (int l = 0; l < m2; l++) {
            vec y[16], x[plane_points], *slot = ring + l * points;
            if (n0 == m0 && n1 == m1 && l < n2) {
                CK_UNROLL
                for (int i = 0; i < m0; i++) {
                    CK_UNROLL
                    for (int j = 0; j < m1; j++) {
                        __builtin_prefetch(p + i * s0 + j * s1 + (l + m2) * s2);
                        y[i * m1 + j] = load(p + i * s0 + j * s1 + l * s2);
                    }
                }
            } else {
                CK_UNROLL
                for (int i = 0; i < m0; i++) {
                    CK_UNROLL
                    for (int j = 0; j < m1; j++) {
                        int inside = i < n0 && j < n1 && l < n2;
                        y[i * m1 + j] = inside ? load(p + i * s0 + j * s1 + l * s2) : (vec){};
                    }
                }
            }
            CK_UNROLL
            for (int j = 0; j < m1; j++) difference_axis(m0, y + j, m1, x + j, m1);
            CK_UNROLL
            for (int i = 0; i < a0; i++) {
                vec row[6];
                difference_axis(m1, x + i * m1, 1, row, 1);
                CK_UNROLL
                for (int j = 0; j < a1; j++) slot[i * a1 + j] = row[j];
            }
        }
        for (int e = 0; e < points; e++) {
            vec y[4], x[6];
            CK_UNROLL
            for (int l = 0; l < m2; l++) y[l] = ring[l * points + e];
            difference_axis(m2, y, 1, x, 1);
            CK_UNROLL
            for (int l = 0; l < a2; l++) store(d + (e * a2 + l) * point_stride, x[l]);
        }
    }
}

// `sums` is where this block's sums over values are added, `squares` where its sums of squares are; null: not wanted.
CK_INLINE void output_run(int m0, int m1, int m2, const ck_winograd *w, const ck_block *block, const run_of_tiles *run,
                          const float *v, ptrdiff_t point_stride, const float *bias, int relu, double *sums,
                          double *squares) {
    const int a0 = extent_of(m0), a1 = extent_of(m1), a2 = extent_of(m2), outputs = m0 * m1;
    vec planes[6 * 16];
    int n0 = ck_least(m0, w->result[0] - run->first[0] * m0), n1 = ck_least(m1, w->result[1] - run->first[1] * m1);
    // In bytes.
    const int half = block->half;
    const ptrdiff_t size = half ? 2 : 4, s0 = size * block->stride[0], s1 = size * block->stride[1],
                    s2 = size * block->stride[2];
    char *p = (char *)block->data + (run->first[0] * m0 * s0 + run->first[1] * m1 * s1 + run->first[2] * m2 * s2);
    vec shift = bias ? load(bias) : (vec){};
    for (int tile = 0; tile < run->count; tile++, v += CK_WIDTH, p += m2 * s2) {
        int n2 = ck_least(m2, w->result[2] - (run->first[2] + tile) * m2);
        for (int l = 0; l < a2; l++) {
            vec x[24];
            CK_UNROLL
            for (int j = 0; j < a1; j++) {
                vec column[6];
                CK_UNROLL
                for (int i = 0; i < a0; i++) column[i] = load(v + ((i * a1 + j) * a2 + l) * point_stride);
                output_axis(m0, column, 1, x + j, a1);
            }
            CK_UNROLL
            for (int i = 0; i < m0; i++) output_axis(m1, x + i * a1, 1, planes + l * outputs + i * m1, 1);
        }
        vec sum = {}, square = {};
        for (int i = 0; i < n0; i++) {
            for (int j = 0; j < n1; j++) {
                vec y[4];
                output_axis(m2, planes + i * m1 + j, outputs, y, 1);
                char *q = p + i * s0 + j * s1;
                CK_UNROLL
                for (int l = 0; l < m2; l++) {
                    if (l < n2) {
                        vec r = y[l] + shift;
                        if (block->accumulate) r += load_kept(half, q + l * s2, 0);
                        if (relu) r = positive(r);
                        if (sums) {
                            sum += r;
                            square += r * r;
                        }
                        if (half) {
                            store_half((uint16_t *)(q + l * s2), r);
                        } else if (block->stream) {
                            store_through((float *)(q + l * s2), r);
                        } else {
                            store((float *)(q + l * s2), r);
                        }
                    }
                }
            }
        }
        if (sums) {
            add_to(sums, sum);
            add_to(squares, square);
        }
    }
}

typedef void input_function(const ck_winograd *, const ck_block *, const run_of_tiles *, float *, ptrdiff_t);
typedef void output_function(const ck_winograd *, const ck_block *, const run_of_tiles *, const float *, ptrdiff_t,
                             const float *, int, double *, double *);

#define CK_COMBINATION(a, b, c)                                                                                        \
    static void input_##a##b##c(const ck_winograd *w, const ck_block *block, const run_of_tiles *run, float *v,        \
                                ptrdiff_t s) {                                                                         \
        if (block->half) {                                                                                             \
            input_run(a, b, c, 1, w, block, run, v, s);                                                                \
        } else {                                                                                                       \
            input_run(a, b, c, 0, w, block, run, v, s);                                                                \
        }                                                                                                              \
    }                                                                                                                  \
    static void difference_##a##b##c(const ck_winograd *w, const ck_block *block, const run_of_tiles *run, float *d,   \
                                     ptrdiff_t s) {                                                                    \
        difference_run(a, b, c, w, block, run, d, s);                                                                  \
    }                                                                                                                  \
    static void output_##a##b##c(const ck_winograd *w, const ck_block *block, const run_of_tiles *run, const float *v, \
                                 ptrdiff_t s, const float *bias, int relu, double *sums, double *squares) {            \
        output_run(a, b, c, w, block, run, v, s, bias, relu, sums, squares);                                           \
    }

// The order is that of `ck_winograd_combination`.
CK_COMBINATION(1, 2, 2)
CK_COMBINATION(1, 2, 4)
CK_COMBINATION(1, 4, 4)
CK_COMBINATION(2, 2, 2)
CK_COMBINATION(2, 2, 4)
CK_COMBINATION(2, 4, 4)
CK_COMBINATION(4, 4, 4)
#undef CK_COMBINATION

static input_function *const input_functions[] = {input_122, input_124, input_144, input_222,
                                                  input_224, input_244, input_444};
static input_function *const difference_functions[] = {difference_122, difference_124, difference_144, difference_222,
                                                       difference_224, difference_244, difference_444};
static output_function *const output_functions[] = {output_122, output_124, output_144, output_222,
                                                    output_224, output_244, output_444};

// The run that starts at a tile, of at most `left` tiles.
CK_INLINE void next_run(const ck_winograd *w, int tile, int left, run_of_tiles *run) {
    run->first[2] = tile % w->tiles[2];
    run->first[1] = tile / w->tiles[2] % w->tiles[1];
    run->first[0] = tile / w->tiles[2] / w->tiles[1];
    run->count = ck_least(left, w->tiles[2] - run->first[2]);
}

#endif
