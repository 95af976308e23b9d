#ifndef CK_LAYOUT_H
#define CK_LAYOUT_H

#include "layer_job.h"

// Crops, and the change between plain and blocked activations.

static void crop_body(void *context, int thread, int threads) {
    const job *j = context;
    const ck_extent from = j->extent, to = j->window, o = j->offset;
    size_t begin, end;
    share((size_t)j->blocks * to.depth * to.height, thread, threads, &begin, &end);
    for (size_t row = begin; row < end; row++) {
        const size_t y = row % to.height, z = row / to.height % to.depth, b = row / to.height / to.depth;
        const float *source = j->z +
                              (((b * from.depth + z + o.depth) * from.height + y + o.height) * from.width + o.width) *
                                  CK_WIDTH;
        memcpy(j->y + row * to.width * CK_WIDTH, source, (size_t)to.width * CK_WIDTH * sizeof(float));
    }
}

static void crop(const float *source, ck_extent from, float *destination, ck_extent to, ck_extent offset, int blocks,
                 int threads) {
    job j = {.z = source, .y = destination, .extent = from, .window = to, .offset = offset, .blocks = blocks};
    ck_parallel(threads, pieces(threads, (size_t)blocks * to.depth * to.height * to.width * CK_WIDTH), crop_body, &j);
}

static void uncrop_body(void *context, int thread, int threads) {
    const job *j = context;
    const ck_extent from = j->extent, to = j->window, o = j->offset;
    size_t begin, end;
    share((size_t)j->blocks * to.depth * to.height, thread, threads, &begin, &end);
    for (size_t row = begin; row < end; row++) {
        const int y = (int)(row % to.height) - o.height, z = (int)(row / to.height % to.depth) - o.depth;
        const size_t b = row / to.height / to.depth;
        float *line = j->y + row * to.width * CK_WIDTH;
        memset(line, 0, (size_t)to.width * CK_WIDTH * sizeof(float));
        if (y < 0 || z < 0 || y >= from.height || z >= from.depth) continue;
        memcpy(line + (size_t)o.width * CK_WIDTH,
               j->z + ((b * from.depth + z) * from.height + y) * from.width * CK_WIDTH,
               (size_t)from.width * CK_WIDTH * sizeof(float));
    }
}

static void uncrop(const float *source, ck_extent from, float *destination, ck_extent to, ck_extent offset, int blocks,
                   int threads) {
    job j = {.z = source, .y = destination, .extent = from, .window = to, .offset = offset, .blocks = blocks};
    ck_parallel(threads, threads, uncrop_body, &j);
}

static void block_body(void *context, int thread, int threads) {
    const job *j = context;
    const int channels = j->blocks;
    size_t begin, end;
    share(j->voxels, thread, threads, &begin, &end);
    for (int b = 0; b * CK_WIDTH < channels; b++)
        for (size_t v = begin; v < end; v++)
            for (int l = 0; l < CK_WIDTH; l++) {
                const int c = b * CK_WIDTH + l;
                j->y[((size_t)b * j->voxels + v) * CK_WIDTH + l] = c < channels ? j->z[(size_t)c * j->voxels + v] : 0;
            }
}

static void block(const float *plain, int channels, size_t voxels, float *blocked, int threads) {
    job j = {.z = plain, .y = blocked, .blocks = channels, .voxels = voxels};
    ck_parallel(threads, threads, block_body, &j);
}

static void unblock_body(void *context, int thread, int threads) {
    const job *j = context;
    size_t begin, end;
    share(j->voxels, thread, threads, &begin, &end);
    for (int c = 0; c < j->blocks; c++)
        for (size_t v = begin; v < end; v++)
            j->y[(size_t)c * j->voxels + v] = j->z[((size_t)(c / CK_WIDTH) * j->voxels + v) * CK_WIDTH + c % CK_WIDTH];
}

static void unblock(const float *blocked, int channels, size_t voxels, float *plain, int threads) {
    job j = {.z = blocked, .y = plain, .blocks = channels, .voxels = voxels};
    ck_parallel(threads, threads, unblock_body, &j);
}

#endif
