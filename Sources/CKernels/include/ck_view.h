#ifndef CK_VIEW_H
#define CK_VIEW_H

#include <stddef.h>

/// One sample in the blocked layout [ceil(channels/B)][depth][height][width][B]. Strides are in floats; the B channels
/// of a voxel are contiguous and x neighbours are B apart, so a crop is a moved `data` with the strides kept. Padding
/// channels of the last block are zero. Where a function takes plain sources, they are
/// [channels][depth][height][width] instead: `block_stride` is then the distance of channels and x neighbours are 1
/// apart.
///
/// With `half` set, the values are bfloat16, the upper halves of floats; strides then count those. Only sources of
/// convolutions of more than 4 channels and of up-convolutions, and results of their forward passes, may be so.
typedef struct {
    float *data;
    int channels, depth, height, width;
    ptrdiff_t block_stride, plane_stride, row_stride;
    int half;
} ck_view;

/// Blocked values that are only read: floats, or bfloat16 where `half` is set.
typedef struct {
    const void *data;
    int half;
} ck_kept;

#endif
