// The kernels of layers that work on features and parameters, against plain loops in float64.
#include "checks.h"
#include "ck_layers.h"
#include "layers_support.h"
#include "support.h"

static double worst[3];  // by instruction set
static int failures;

// Features of a random extent, in float64 and as the kernels take them.
typedef struct {
    const ck_layers *layers;
    int isa, channels, blocks, threads;
    ck_extent extent;
    size_t voxels, values;
} features;

static void expect(const features *f, const char *what, const double *got, const double *want, size_t n) {
    double error = relative(got, want, n);
    worst[f->isa - 1] = fmax(worst[f->isa - 1], error);
    if (error <= 1e-4) return;
    failures++;
    printf("FAILED %s %s: error %.2e, %d channels, extent %dx%dx%d, %d threads\n", isa_names[f->isa], what, error,
           f->channels, f->extent.depth, f->extent.height, f->extent.width, f->threads);
}

static void expect_blocked(const features *f, const char *what, const float *got, const double *want) {
    expect(f, what, plain_of(got, f->channels, f->voxels, f->layers->lanes), want, f->values);
}

static void expect_floats(const features *f, const char *what, const float *got, const double *want, size_t n) {
    expect(f, what, doubles_of(got, n), want, n);
}

static float *blocked(const features *f, const double *plain) {
    return blocked_of(plain, f->channels, f->voxels, f->layers->lanes);
}

// Sums of a kernel, where they start at 1 to see that they are added to, without the padding channels.
static double *sums_of(const features *f, double *got, int rows) {
    double *sums = aligned(8 * rows * f->channels);
    for (int row = 0; row < rows; row++)
        for (int c = 0; c < f->channels; c++)
            sums[row * f->channels + c] = got[row * f->blocks * f->layers->lanes + c] - 1;
    return sums;
}

static double *ones(size_t n) {
    double *p = aligned(8 * n);
    for (size_t i = 0; i < n; i++) p[i] = 1;
    return p;
}

static void check_normalization(const features *f) {
    const ck_layers *layers = f->layers;
    const size_t n = f->voxels, padded = f->blocks * layers->lanes;
    double *z = random_tensor(f->values, 2), *dy = random_tensor(f->values, 1), *y = aligned(8 * f->values);
    double *dz = aligned(8 * f->values), *dr = aligned(8 * f->values), *sums = cleared(16 * f->channels);
    double *backward = cleared(16 * f->channels), *bias = cleared(8 * f->channels);
    float *scale = random_floats(padded, 2), *shift = random_floats(padded, 1), *mean = random_floats(padded, 1);
    float *inverse = random_floats(padded, 1), *mean_g = random_floats(padded, 1), *mean_gx = random_floats(padded, 1);
    const int half = random_below(2);
    if (half) round_to_halves(z, f->values);
    for (size_t i = 0; i < f->values; i++) {
        size_t c = i / n;
        y[i] = fmax(0, z[i] * scale[c] + shift[c]);
        double g = y[i] > 0 ? dy[i] : 0, x = (z[i] - mean[c]) * inverse[c];
        sums[c] += z[i], sums[f->channels + c] += z[i] * z[i];
        backward[c] += g, backward[f->channels + c] += g * x;
        dz[i] = scale[c] * (g - mean_g[c] - x * mean_gx[c]);
        dr[i] = z[i] > 0 ? dy[i] : 0;
        bias[c] += dr[i];
    }
    double *partial = aligned(16 * padded * f->threads), *got = ones(2 * padded);
    float *source = blocked(f, z), *result = blocked(f, 0), *gradient = blocked(f, dy);
    const ck_kept kept = kept_of(source, n * padded, half);
    layers->sums(source, f->blocks, n, got, partial, f->threads);
    expect(f, "sums", sums_of(f, got, 2), sums, 2 * f->channels);
    layers->scale_relu(kept, scale, shift, result, f->blocks, n, f->threads);
    expect_blocked(f, "scale_relu", result, y);
    got = ones(2 * padded);
    layers->norm_backward_sums(kept, gradient, scale, shift, mean, inverse, f->blocks, n, got, partial, f->threads);
    expect(f, "norm_backward_sums", sums_of(f, got, 2), backward, 2 * f->channels);
    layers->norm_backward(kept, gradient, scale, shift, mean, inverse, mean_g, mean_gx, f->blocks, n, f->threads);
    expect_blocked(f, "norm_backward", gradient, dz);
    gradient = blocked(f, dy), got = ones(2 * padded);
    layers->relu_backward(kept, gradient, f->blocks, n, got, partial, f->threads);
    expect_blocked(f, "relu_backward", gradient, dr);
    expect(f, "relu_backward's sums", sums_of(f, got, 1), bias, f->channels);
}

static void check_pooling(const features *f) {
    const ck_layers *layers = f->layers;
    const ck_extent e = f->extent, w = {e.depth % 2 ? 1 : 2, 2, 2};
    const ck_extent to = {e.depth / w.depth, e.height / 2, e.width / 2};
    const size_t n = f->voxels, outs = (size_t)to.depth * to.height * to.width;
    const size_t padded = f->blocks * layers->lanes;
    double *z = random_tensor(f->values, 2), *y = aligned(8 * f->values), *dy = random_tensor(f->values, 1);
    double *pooled = aligned(8 * outs * f->channels), *dpooled = random_tensor(outs * f->channels, 1);
    float *scale = random_floats(padded, 2), *shift = random_floats(padded, 1);
    float *gradient = blocked(f, dy);
    const int half = random_below(2);
    if (half) round_to_halves(z, f->values);
    for (size_t i = 0; i < f->values; i++) y[i] = fmax(0, z[i] * scale[i / n] + shift[i / n]);
    for (size_t out = 0; out < outs * f->channels; out++) {
        size_t first = out / outs * n, v = out % outs, best = 0;
        double most = -1;
        for (int tap = 0; tap < 4 * w.depth; tap++) {
            size_t plane = v / to.width / to.height * w.depth + tap / 4;
            size_t line = v / to.width % to.height * 2 + tap / 2 % 2;
            size_t at = first + (plane * e.height + line) * e.width + v % to.width * 2 + tap % 2;
            if (y[at] > most) most = y[at], best = at;
        }
        pooled[out] = most;
        dy[best] += dpooled[out];
    }
    float *source = blocked(f, z), *result = blocked(f, 0), *small = aligned(4 * outs * padded);
    const ck_kept kept = kept_of(source, n * padded, half);
    layers->scale_relu_pool(kept, scale, shift, 0, small, 0, f->blocks, e, w, f->threads);
    expect(f, "scale_relu_pool alone", plain_of(small, f->channels, outs, layers->lanes), pooled, outs * f->channels);
    layers->scale_relu_pool(kept, scale, shift, result, small, 0, f->blocks, e, w, f->threads);
    expect(f, "scale_relu_pool", plain_of(small, f->channels, outs, layers->lanes), pooled, outs * f->channels);
    expect_blocked(f, "scale_relu_pool's y", result, y);
    uint16_t *rounded = aligned(2 * outs * padded);
    layers->scale_relu_pool(kept, scale, shift, 0, (float *)rounded, 1, f->blocks, e, w, f->threads);
    if (memcmp(rounded, halves_of(small, outs * padded), 2 * outs * padded))
        printf("FAILED %s scale_relu_pool: halves are not rounded\n", isa_names[f->isa]), failures++;
    layers->pool_backward(kept, scale, shift, blocked_of(dpooled, f->channels, outs, layers->lanes), gradient,
                          f->blocks, e, w, f->threads);
    expect_blocked(f, "pool_backward", gradient, dy);
}

static void check_layout(const features *f) {
    const ck_layers *layers = f->layers;
    const ck_extent e = f->extent;
    const ck_extent to = {1 + random_below(e.depth), 1 + random_below(e.height), 1 + random_below(e.width)};
    const ck_extent o = {random_below(e.depth - to.depth + 1), random_below(e.height - to.height + 1),
                         random_below(e.width - to.width + 1)};
    const size_t n = f->voxels, inner = (size_t)to.depth * to.height * to.width;
    double *x = random_tensor(f->values, 1), *cropped = aligned(8 * inner * f->channels),
           *back = cleared(8 * f->values);
    for (size_t i = 0; i < inner * f->channels; i++) {
        size_t v = i % inner, z = v / to.width / to.height + o.depth, y = v / to.width % to.height + o.height;
        size_t at = i / inner * n + (z * e.height + y) * e.width + v % to.width + o.width;
        cropped[i] = back[at] = x[at];
    }
    float *source = blocked(f, x), *small = aligned(4 * inner * f->blocks * layers->lanes), *result = blocked(f, x);
    layers->crop(source, e, small, to, o, f->blocks, f->threads);
    expect(f, "crop", plain_of(small, f->channels, inner, layers->lanes), cropped, inner * f->channels);
    layers->uncrop(small, to, result, e, o, f->blocks, f->threads);
    expect_blocked(f, "uncrop", result, back);

    float *plain = floats_of(x, f->values), *again = aligned(4 * f->values);
    size_t bytes = 4 * n * f->blocks * layers->lanes;
    memset(result, 0xff, bytes);
    layers->block(plain, f->channels, n, result, f->threads);
    if (memcmp(result, source, bytes)) printf("FAILED %s block\n", isa_names[f->isa]), failures++;
    layers->unblock(result, f->channels, n, again, f->threads);
    if (memcmp(plain, again, 4 * f->values)) printf("FAILED %s unblock\n", isa_names[f->isa]), failures++;
}

static void check_optimizers(const features *f) {
    const size_t n = f->values;
    const float rate = 0.01f, first = 0.9f, second = 0.99f, epsilon = 1e-3f, decay = 0.02f;
    double *x = random_tensor(n, 1), *g = random_tensor(n, 1), *m = random_tensor(n, 1), *s = random_tensor(n, 1);
    double *sum = aligned(8 * n), *adam = aligned(8 * n), *momentum = aligned(8 * n), *velocity = aligned(8 * n);
    for (size_t i = 0; i < n; i++) {
        s[i] = fabs(s[i]);
        sum[i] = x[i] + g[i];
        velocity[i] = first * m[i] + g[i] + decay * x[i];
        momentum[i] = x[i] - rate * velocity[i];
    }
    float *values = floats_of(x, n), *gradients = floats_of(g, n), *one = floats_of(m, n), *two = floats_of(s, n);
    for (size_t i = 0; i < n; i++) {
        m[i] = first * m[i] + (1 - first) * g[i];
        s[i] = second * s[i] + (1 - second) * g[i] * g[i];
        adam[i] = x[i] - (rate * m[i] / (sqrt(s[i]) + epsilon) + decay * x[i]);
    }
    f->layers->adam(values, gradients, one, two, n, rate, first, second, epsilon, decay, f->threads);
    expect_floats(f, "adam", values, adam, n);
    expect_floats(f, "adam's first moment", one, m, n);
    expect_floats(f, "adam's second moment", two, s, n);
    values = floats_of(x, n);
    f->layers->add(values, gradients, n, f->threads);
    expect_floats(f, "add", values, sum, n);
    values = floats_of(x, n);
    for (size_t i = 0; i < n; i++) one[i] = (float)((velocity[i] - g[i] - decay * x[i]) / first);
    f->layers->momentum(values, gradients, one, n, rate, first, decay, f->threads);
    expect_floats(f, "momentum", values, momentum, n);
    expect_floats(f, "momentum's velocity", one, velocity, n);
}

int check_layers(int cases, uint64_t seed) {
    state ^= seed * 0x9e3779b97f4a7c15u;
    int best = ck_isa_resolve(ck_isa_automatic);
    for (int i = 0; i < cases; i++) {
        features f = {.channels = 1 + random_below(40), .threads = 1 + random_below(3)};
        f.extent = (ck_extent){1 + random_below(6), 2 * (1 + random_below(4)), 2 * (1 + random_below(4))};
        f.voxels = (size_t)f.extent.depth * f.extent.height * f.extent.width;
        f.values = f.voxels * f.channels;
        for (f.isa = 1; f.isa <= best; f.isa++) {
            f.layers = ck_layers_for((ck_isa)f.isa);
            f.blocks = (f.channels + f.layers->lanes - 1) / f.layers->lanes;
            check_normalization(&f);
            check_pooling(&f);
            release_all();
            check_layout(&f);
            check_optimizers(&f);
            release_all();
        }
    }
    for (int isa = 1; isa <= best; isa++)
        printf("layers      %-8s worst relative error %.1e\n", isa_names[isa], worst[isa - 1]);
    return failures;
}
