#ifndef LAYERS_SUPPORT_H
#define LAYERS_SUPPORT_H

#include "support.h"

// Plain tensors in float64, and the same as the kernels of layers take them.

static inline float *floats_of(const double *values, size_t n) {
    float *p = aligned(4 * n);
    for (size_t i = 0; i < n; i++) p[i] = (float)values[i];
    return p;
}

static inline double *doubles_of(const float *values, size_t n) {
    double *p = aligned(8 * n);
    for (size_t i = 0; i < n; i++) p[i] = values[i];
    return p;
}

// Blocked, zero in the padding channels and, with null `plain`, everywhere.
static inline float *blocked_of(const double *plain, int channels, size_t voxels, int lanes) {
    int blocks = (channels + lanes - 1) / lanes;
    float *p = cleared(4 * voxels * blocks * lanes);
    for (size_t i = 0; plain && i < channels * voxels; i++) {
        size_t c = i / voxels;
        p[(c / lanes * voxels + i % voxels) * lanes + c % lanes] = (float)plain[i];
    }
    return p;
}

// As the kernels read what is kept.
static inline ck_kept kept_of(const float *values, size_t n, int half) {
    return half ? (ck_kept){halves_of(values, n), 1} : (ck_kept){values, 0};
}

static inline double *plain_of(const float *blocked, int channels, size_t voxels, int lanes) {
    double *p = aligned(8 * voxels * channels);
    for (size_t i = 0; i < channels * voxels; i++) {
        size_t c = i / voxels;
        p[i] = blocked[(c / lanes * voxels + i % voxels) * lanes + c % lanes];
    }
    return p;
}

#endif
