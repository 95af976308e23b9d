#include <stdint.h>

#include "../support/dispatch.h"
#include "ck_parallel.h"
#include "upsampling_table.h"

// Half of a usual shared cache: a larger destination would have left it before it is read again.
static const double streamed_bytes = 16e6;

// Gradients up to this size have a copy for each part; larger ones are split by outputs, of which there are many then.
static const ptrdiff_t copied_floats = 1 << 18;

// Voxels of a strip: as many as amortise reading the weights, and few enough for the caches.
static const int strip_voxels = 64, strip_voxels_for_weights = 256;

static ck_upsampling_job describe(const ck_upsampling *s, int for_weights) {
    ck_upsampling_job j = {.shape = *s, .kernels = ck_upsampling_kernels_for(s->isa)};
    j.width = j.kernels->width;
    j.in_blocks = ck_blocks_of(s->in_channels, j.width);
    j.out_blocks = ck_blocks_of(s->out_channels, j.width);
    j.pairs = 2 * s->window_depth;
    j.taps = 2 * j.pairs;
    j.lines = s->depth * s->height;
    j.parts = ck_most(1, s->threads);
    int voxels = for_weights ? strip_voxels_for_weights : strip_voxels;
    j.strip = ck_least((voxels + s->width - 1) / s->width, ck_most_strip_lines);
    j.active_floats = (ptrdiff_t)j.in_blocks * j.strip * s->width * j.width;
    j.gradient_floats = (ptrdiff_t)j.in_blocks * j.out_blocks * j.taps * j.width * j.width;
    j.split_voxels = j.gradient_floats <= copied_floats;
    return j;
}

// Each body runs one kernel for one part.
#define CK_BODY(name)                                 \
    static void run_##name(void *context, int part) { \
        const ck_upsampling_job *j = context;         \
        j->kernels->name(j, part);                    \
    }

CK_BODY(pack)
CK_BODY(pack_transposed)
CK_BODY(forward)
CK_BODY(backward_data)
CK_BODY(backward_weights)
CK_BODY(reduce)

size_t ck_upsampling_weights_count(const ck_upsampling *shape) { return (size_t)describe(shape, 0).gradient_floats; }

size_t ck_upsampling_workspace_count(const ck_upsampling *shape, int for_weights) {
    ck_upsampling_job j = describe(shape, for_weights);
    ptrdiff_t copies = !for_weights ? 0 : j.split_voxels ? j.parts : 1;
    return (size_t)(j.parts * j.active_floats + copies * j.gradient_floats);
}

void ck_upsampling_pack(const ck_upsampling *shape, const float *weights, float *packed, int for_backward_data) {
    ck_upsampling_job j = describe(shape, 0);
    j.weights = weights, j.packed = packed;
    ck_parallel_parts(j.parts, j.parts, for_backward_data ? run_pack_transposed : run_pack, &j);
}

void ck_upsampling_forward(const ck_upsampling *shape, const ck_view *source, const float *scale, const float *shift,
                           const float *packed, const ck_view *destination, float *workspace) {
    ck_upsampling_job j = describe(shape, 0);
    j.source = *source, j.destination = *destination;
    j.scale = scale, j.shift = shift, j.weights = packed, j.active = workspace;
    double values = (double)j.out_blocks * j.width * j.lines * shape->width * j.taps;
    size_t offsets = (size_t)(destination->block_stride | destination->plane_stride | destination->row_stride) * 4;
    j.stream = 4 * values >= streamed_bytes && ((uintptr_t)destination->data | offsets) % (4 * j.width) == 0;
    ck_parallel_parts(j.parts, j.parts, run_forward, &j);
}

void ck_upsampling_backward_data(const ck_upsampling *shape, const ck_view *diff_destination, const float *packed,
                                 const ck_view *diff_source) {
    ck_upsampling_job j = describe(shape, 0);
    j.source = *diff_source, j.destination = *diff_destination, j.weights = packed;
    ck_parallel_parts(j.parts, j.parts, run_backward_data, &j);
}

void ck_upsampling_backward_weights(const ck_upsampling *shape, const ck_view *source, const float *scale,
                                    const float *shift, const ck_view *diff_destination, float *diff_weights,
                                    float *workspace) {
    ck_upsampling_job j = describe(shape, 1);
    j.source = *source, j.destination = *diff_destination;
    j.scale = scale, j.shift = shift, j.diff_weights = diff_weights;
    j.active = workspace, j.gradient = workspace + j.parts * j.active_floats;
    ck_parallel_parts(j.parts, j.parts, run_backward_weights, &j);
    ck_parallel_parts(j.parts, j.parts, run_reduce, &j);
}
