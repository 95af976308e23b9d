#ifndef CK_UPSAMPLING_TABLE_H
#define CK_UPSAMPLING_TABLE_H

#include <stddef.h>

#include "../support/arithmetic.h"
#include "ck_upsampling.h"

enum { ck_most_strip_lines = 64 };

typedef struct ck_upsampling_job ck_upsampling_job;

/// The kernels of one instruction set; `part` ranges over the job's parts.
typedef struct {
    int width;
    void (*pack)(const ck_upsampling_job *, int part);
    void (*pack_transposed)(const ck_upsampling_job *, int part);
    void (*forward)(const ck_upsampling_job *, int part);
    void (*backward_data)(const ck_upsampling_job *, int part);
    void (*backward_weights)(const ck_upsampling_job *, int part);
    void (*reduce)(const ck_upsampling_job *, int part);
} ck_upsampling_kernels;

/// One pass of an up-convolution. A line is a row of source voxels along x; a pair is two taps that are neighbours
/// along x: they paint a contiguous row of twice its length.
struct ck_upsampling_job {
    ck_upsampling shape;
    const ck_upsampling_kernels *kernels;
    int width;  // B
    int in_blocks, out_blocks;
    int pairs, taps;
    int lines;         // depth × height
    int strip;         // lines that are worked on together
    int parts;         // fixed partition of the work
    int split_voxels;  // backward weights: parts take lines and have gradients of their own, else they take outputs
    ck_view source, destination;  // or their gradients
    const float *scale, *shift;   // or null
    const float *weights;         // plain or packed
    float *packed;
    float *active;  // activated strips, [part][block][voxel][B]
    ptrdiff_t active_floats;
    float *gradient;  // [copy][out block][pair][in channel][kx][B], as the packed weights of the forward pass
    ptrdiff_t gradient_floats;
    float *diff_weights;
    int stream;  // destination too large for the caches: written past them
};

/// A block's line of the source.
static inline float *ck_source_line(const ck_upsampling_job *j, int block, int line) {
    const ck_view *v = &j->source;
    return ck_element(v->data, v->half,
                      block * v->block_stride + line / j->shape.height * v->plane_stride +
                          line % j->shape.height * v->row_stride);
}

/// The row of a destination's block that a line paints by a pair of taps.
static inline float *ck_painted_row(const ck_upsampling_job *j, int block, int line, int pair) {
    const ck_view *v = &j->destination;
    ptrdiff_t z = (ptrdiff_t)(line / j->shape.height) * j->shape.window_depth + pair / 2;
    return ck_element(v->data, v->half,
                      block * v->block_stride + z * v->plane_stride +
                          (2 * (line % j->shape.height) + pair % 2) * v->row_stride);
}

#endif
