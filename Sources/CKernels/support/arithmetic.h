#ifndef CK_ARITHMETIC_H
#define CK_ARITHMETIC_H

#include <stddef.h>

static inline int ck_least(int a, int b) { return a < b ? a : b; }
static inline int ck_most(int a, int b) { return a > b ? a : b; }

/// Where a part's share of `count` things begins; it ends where that of the next part begins.
static inline int ck_share(int count, int part, int parts) { return (int)((long long)count * part / parts); }

/// The same for counts of voxels and weights.
static inline size_t ck_share_of_many(size_t count, int part, int parts) {
    return count * (size_t)part / (size_t)parts;
}

/// Blocks of `width` channels that hold all channels.
static inline int ck_blocks_of(int channels, int width) { return (channels + width - 1) / width; }

/// The address of an element of floats or, with `half`, of bfloat16.
static inline float *ck_element(const void *data, int half, ptrdiff_t index) {
    return (float *)((char *)data + index * (half ? 2 : 4));
}

#endif
