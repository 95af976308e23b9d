// The kernels of the last layer and of losses, against plain loops in float64.
#include "checks.h"
#include "ck_layers.h"
#include "layers_support.h"
#include "support.h"

static double worst[3];  // by instruction set
static int failures;

// A case: features, an output layer and labels on their grid.
typedef struct {
    const ck_layers *layers;
    int isa, channels, blocks, padded, classes, threads;
    size_t voxels;
    double *x, *y;  // features, before and after normalisation and ReLU
    int half;       // whether kernels read them as bfloat16
    float *features, *scale, *shift;
    float *weights, *rows, *bias;  // [classes][channels], and padded
    float *class_weights;
    uint8_t *labels;
} problem;

static void expect(const problem *p, const char *what, const double *got, const double *want, size_t n) {
    double error = relative(got, want, n);
    worst[p->isa - 1] = fmax(worst[p->isa - 1], error);
    if (error <= 1e-4) return;
    failures++;
    printf("FAILED %s %s: error %.2e, %d channels, %d classes, %zu voxels, %d threads\n", isa_names[p->isa], what,
           error, p->channels, p->classes, p->voxels, p->threads);
}

static void expect_floats(const problem *p, const char *what, const float *got, const double *want, size_t n) {
    expect(p, what, doubles_of(got, n), want, n);
}

// Softmax of the logits at voxel v of n, with one class after the other `n` apart.
static void softmax_at(const double *logits, size_t v, size_t n, int classes, double *probabilities) {
    double sum = 0, top = -INFINITY;
    for (int k = 0; k < classes; k++) top = fmax(top, logits[k * n + v]);
    for (int k = 0; k < classes; k++) sum += probabilities[k] = exp(logits[k * n + v] - top);
    for (int k = 0; k < classes; k++) probabilities[k] /= sum;
}

// Where labels have no class, or one that does not count, nothing may happen.
static int counts(const problem *p, int label) { return label < p->classes && p->class_weights[label] > 0; }

static void check_classifier(const problem *p) {
    const size_t n = p->voxels;
    double *logits = aligned(8 * n * p->classes), *d = random_tensor(n * p->classes, 1),
           *dx = cleared(8 * n * p->channels);
    double *dw = cleared(8 * p->classes * p->channels), *db = cleared(8 * p->classes);
    for (int k = 0; k < p->classes; k++)
        for (size_t v = 0; v < n; v++) {
            double sum = p->bias[k], *g = d + k * n + v;
            if (p->labels[v] == 255) *g = 0;
            db[k] += *g;
            for (int c = 0; c < p->channels; c++) {
                sum += p->weights[k * p->channels + c] * p->y[c * n + v];
                dx[c * n + v] += p->weights[k * p->channels + c] * *g;
                dw[k * p->channels + c] += p->y[c * n + v] * *g;
            }
            logits[k * n + v] = sum;
        }
    float *got = aligned(4 * n * p->classes), *dlogits = floats_of(d, n * p->classes);
    float *gradient = aligned(4 * n * p->padded), *weights = cleared(4 * p->classes * p->channels);
    float *bias = cleared(4 * p->classes);
    double *partial = aligned(8 * p->threads * p->classes * (p->padded + 1));
    const ck_kept kept = kept_of(p->features, n * p->padded, p->half);
    p->layers->output(kept, p->scale, p->shift, p->channels, n, p->rows, p->bias, p->classes, got, p->threads);
    expect_floats(p, "output", got, logits, n * p->classes);
    p->layers->output_backward(kept, p->scale, p->shift, p->channels, n, p->rows, p->classes, dlogits, p->labels,
                               gradient, weights, bias, partial, p->threads);
    expect(p, "output_backward's features", plain_of(gradient, p->channels, n, p->layers->lanes), dx, n * p->channels);
    expect_floats(p, "output_backward's weights", weights, dw, p->classes * p->channels);
    expect_floats(p, "output_backward's bias", bias, db, p->classes);
}

static void check_cross_entropy(const problem *p) {
    const size_t n = p->voxels;
    const float inverse = 0.125f;
    double *logits = random_tensor(n * p->classes, 8), *softmax = aligned(8 * n * p->classes), want = 0;
    double *gradient = cleared(8 * n * p->classes), at[256], *partial = aligned(8 * p->threads);
    for (size_t v = 0; v < n; v++) {
        int label = p->labels[v];
        softmax_at(logits, v, n, p->classes, at);
        for (int k = 0; k < p->classes; k++) {
            softmax[k * n + v] = at[k];
            if (label < p->classes) gradient[k * n + v] = inverse * p->class_weights[label] * (at[k] - (k == label));
        }
        if (label < p->classes) want -= p->class_weights[label] * log(at[label]);
    }
    float *values = floats_of(logits, n * p->classes);
    p->layers->softmax(values, p->classes, n, p->threads);
    expect_floats(p, "softmax", values, softmax, n * p->classes);
    values = floats_of(logits, n * p->classes);
    double loss = p->layers->cross_entropy(values, p->classes, n, p->labels, p->class_weights, inverse, partial,
                                           p->threads);
    expect(p, "cross_entropy", &loss, &want, 1);
    expect_floats(p, "cross_entropy's gradient", values, gradient, n * p->classes);
}

static void check_dice(const problem *p) {
    const size_t n = p->voxels;
    const int classes = p->classes;
    const float scale = 0.7f, *same = random_floats(classes, 1), *other = random_floats(classes, 1);
    double *logits = random_tensor(n * classes, 8), *gradient = aligned(8 * n * classes), at[256];
    double *sums = cleared(24 * classes), *got = cleared(24 * classes), *partial = aligned(24 * classes * p->threads);
    for (size_t i = 0; i < n * classes; i++) gradient[i] = logits[i];
    for (size_t v = 0; v < n; v++) {
        int label = p->labels[v];
        if (!counts(p, label)) continue;
        double mean = 0;
        softmax_at(logits, v, n, classes, at);
        sums[label] += at[label], sums[2 * classes + label] += 1;
        for (int k = 0; k < classes; k++) {
            sums[classes + k] += at[k];
            mean += at[k] * (k == label ? same[k] : other[k]);
        }
        for (int k = 0; k < classes; k++)
            gradient[k * n + v] += scale * at[k] * ((k == label ? same[k] : other[k]) - mean);
    }
    float *values = floats_of(logits, n * classes), *room = aligned(4 * n * classes);
    p->layers->dice_sums(values, classes, n, p->labels, p->class_weights, room, got, partial, p->threads);
    expect(p, "dice_sums", got, sums, 3 * classes);
    p->layers->dice_backward(values, classes, n, p->labels, p->class_weights, room, same, other, scale, p->threads);
    expect_floats(p, "dice_backward", values, gradient, n * classes);
}

// Two samples whose labels lie on a finer grid, somewhat smaller than the features' so that borders do not fit.
static void check_deep_supervision(const problem *p, ck_extent extent) {
    const int classes = p->classes, channels = p->channels;
    const ck_extent f = {1 + random_below(2), 1 + random_below(4), 1 + random_below(4)};
    const int fine[3] = {extent.depth * f.depth, extent.height * f.height, extent.width * f.width};
    const ck_extent grid = {fine[0] - random_below(fine[0]) / 4, fine[1] - random_below(fine[1]) / 4,
                            fine[2] - random_below(fine[2]) / 4};
    const size_t n = p->voxels, large = (size_t)grid.depth * grid.height * grid.width, all = 2 * n;
    ck_deep_supervision s = {.samples = 2,
                             .classes = classes,
                             .channels = channels,
                             .extent = extent,
                             .label_extent = grid,
                             .factors = f,
                             .class_weights = p->class_weights,
                             .features_stride = n * p->padded,
                             .weights = p->rows,
                             .bias = p->bias,
                             .inverse = 0.01f,
                             .weight = 0.5f,
                             .dice = 1.5f};
    uint8_t *labels = aligned(2 * large);
    for (size_t i = 0; i < 2 * large; i++) labels[i] = random_below(6) ? 255 : (uint8_t)random_below(classes + 1);
    float *features = aligned(8 * n * p->padded), *gradient = aligned(8 * n * p->padded);
    double *start = random_tensor(n * channels, 1), *counted = cleared(8 * all * classes);
    for (int sample = 0; sample < 2; sample++) {
        memcpy(features + sample * s.features_stride, p->features, 4 * s.features_stride);
        memcpy(gradient + sample * s.features_stride, blocked_of(start, channels, n, p->layers->lanes),
               4 * s.features_stride);
    }
    s.labels = labels, s.features = kept_of(features, all * p->padded, p->half), s.features_gradient = gradient;
    s.scale = p->scale, s.shift = p->shift;
    s.weights_gradient = aligned(4 * classes * channels), s.bias_gradient = aligned(4 * classes);
    s.places = aligned(4 * all), s.voxels = aligned(4 * all);
    s.counts = aligned(4 * all * classes), s.probabilities = aligned(4 * all * classes);
    s.same = random_floats(classes, 1), s.other = random_floats(classes, 1);

    for (size_t i = 0; i < 2 * large; i++) {
        if (!counts(p, labels[i])) continue;
        size_t x = i % grid.width, y = i / grid.width % grid.height, z = i / grid.width / grid.height % grid.depth;
        x = (x + (fine[2] - grid.width) / 2) / f.width, y = (y + (fine[1] - grid.height) / 2) / f.height;
        z = (z + (fine[0] - grid.depth) / 2) / f.depth;
        counted[(i / large * n + (z * extent.height + y) * extent.width + x) * classes + labels[i]]++;
    }
    double *sums = cleared(8 * (2 + 3 * classes)), *dx = aligned(16 * n * channels);
    double *dw = cleared(8 * classes * channels), *db = cleared(8 * classes);
    size_t expected = 0;
    for (size_t v = 0; v < all; v++) {
        double logits[256], at[256], slopes[256], labelled = 0, weighted = 0, mean = 0, *c = counted + v * classes;
        for (int k = 0; k < classes; k++) {
            logits[k] = p->bias[k];
            for (int i = 0; i < channels; i++) logits[k] += p->weights[k * channels + i] * p->y[i * n + v % n];
            labelled += c[k], weighted += c[k] * p->class_weights[k];
        }
        for (int i = 0; i < channels; i++) dx[(v / n * channels + i) * n + v % n] = start[i * n + v % n];
        if (labelled == 0) continue;
        expected++;
        softmax_at(logits, 0, 1, classes, at);
        for (int k = 0; k < classes; k++) {
            sums[0] -= c[k] * p->class_weights[k] * log(at[k]), sums[1] += c[k] * p->class_weights[k];
            sums[2 + k] += c[k] * at[k], sums[2 + classes + k] += labelled * at[k], sums[2 + 2 * classes + k] += c[k];
            slopes[k] = c[k] * s.same[k] + (labelled - c[k]) * s.other[k];
            mean += at[k] * slopes[k];
        }
        for (int k = 0; k < classes; k++) {
            double entropy = (weighted * at[k] - c[k] * p->class_weights[k]) * s.inverse;
            double g = s.weight * (entropy + s.dice * at[k] * (slopes[k] - mean));
            db[k] += g;
            for (int i = 0; i < channels; i++) {
                dw[k * channels + i] += g * p->y[i * n + v % n];
                dx[(v / n * channels + i) * n + v % n] += g * p->weights[k * channels + i];
            }
        }
    }
    double *got = cleared(8 * (2 + 3 * classes)), *partial = aligned(8 * (2 + 3 * classes) * p->threads);
    size_t listed = p->layers->deep_list(&s, p->threads);
    if (listed != expected)
        printf("FAILED %s deep_list: %zu of %zu\n", isa_names[p->isa], listed, expected), failures++;
    p->layers->deep_sums(&s, listed, got, partial, p->threads);
    expect(p, "deep_sums", got, sums, 2 + 3 * classes);
    p->layers->deep_backward(&s, listed, p->threads);
    for (int sample = 0; sample < 2; sample++)
        expect(p, "deep_backward's features",
               plain_of(gradient + sample * s.features_stride, channels, n, p->layers->lanes),
               dx + sample * n * channels, n * channels);
    expect_floats(p, "deep_backward's weights", s.weights_gradient, dw, classes * channels);
    expect_floats(p, "deep_backward's bias", s.bias_gradient, db, classes);
}

int check_losses(int cases, uint64_t seed) {
    state ^= seed * 0x9e3779b97f4a7c15u;
    int best = ck_isa_resolve(ck_isa_automatic);
    for (int i = 0; i < cases; i++) {
        problem p = {.channels = 1 + random_below(40), .classes = 1 + random_below(7), .threads = 1 + random_below(3)};
        ck_extent e = {1 + random_below(6), 1 + random_below(8), 1 + random_below(8)};
        p.voxels = (size_t)e.depth * e.height * e.width;
        for (p.isa = 1; p.isa <= best; p.isa++) {
            p.layers = ck_layers_for((ck_isa)p.isa);
            p.blocks = (p.channels + p.layers->lanes - 1) / p.layers->lanes, p.padded = p.blocks * p.layers->lanes;
            p.x = random_tensor(p.voxels * p.channels, 2), p.y = aligned(8 * p.voxels * p.channels);
            p.half = random_below(2);
            if (p.half) round_to_halves(p.x, p.voxels * p.channels);
            p.features = blocked_of(p.x, p.channels, p.voxels, p.layers->lanes);
            p.scale = random_below(2) ? random_floats(p.padded, 2) : 0;
            p.shift = p.scale ? random_floats(p.padded, 1) : 0;
            for (int c = p.channels; p.scale && c < p.padded; c++) p.scale[c] = p.shift[c] = 0;
            for (size_t v = 0; v < p.voxels * p.channels; v++) {
                size_t c = v / p.voxels;
                p.y[v] = p.scale ? fmax(0, p.x[v] * p.scale[c] + p.shift[c]) : p.x[v];
            }
            p.weights = random_floats(p.classes * p.channels, 1), p.bias = random_floats(p.classes, 1);
            p.rows = cleared(4 * p.classes * p.padded);
            for (int k = 0; k < p.classes * p.channels; k++)
                p.rows[k / p.channels * p.padded + k % p.channels] = p.weights[k];
            p.class_weights = random_floats(p.classes, 1), p.labels = aligned(p.voxels);
            for (int k = 0; k < p.classes; k++) p.class_weights[k] = fmaxf(0, p.class_weights[k] + 0.3f);
            for (size_t v = 0; v < p.voxels; v++)
                p.labels[v] = random_below(3) ? 255 : (uint8_t)random_below(p.classes);
            check_classifier(&p);
            check_cross_entropy(&p);
            check_dice(&p);
            check_deep_supervision(&p, e);
            release_all();
        }
    }
    for (int isa = 1; isa <= best; isa++)
        printf("losses      %-8s worst relative error %.1e\n", isa_names[isa], worst[isa - 1]);
    return failures;
}
