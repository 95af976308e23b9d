#ifndef CK_LOSSES_H
#define CK_LOSSES_H

#include "classifier.h"

// Softmax over the classes, and the masked cross-entropy.

// eˣ for x ≤ 0 within 2 ulp: 2ⁿ·2ᶠ with a degree-6 polynomial for 2ᶠ on [−½, ½].
CK_INLINE vec exponential(vec x) {
    x = maximum(x, broadcast(-87.0f)) * broadcast(1.44269504088896341f);
    const vec shifter = broadcast(12582912.0f);  // 1.5·2²³: adding it rounds to an integer
    const vec rounded = x + shifter;
    const vec f = x - (rounded - shifter);
    vec p = broadcast(1.5403530393381608e-4f);
    p = p * f + broadcast(1.3333558146428443e-3f);
    p = p * f + broadcast(9.6181291076284772e-3f);
    p = p * f + broadcast(5.5504108664821580e-2f);
    p = p * f + broadcast(2.4022650695910072e-1f);
    p = p * f + broadcast(6.9314718055994531e-1f);
    p = p * f + broadcast(1.0f);
    return (vec)((vec_mask)p + ((vec_mask)rounded << 23));
}

static void softmax_body(void *context, int thread, int threads) {
    const output_job *j = context;
    const size_t n = j->voxels;
    size_t begin, end;
    share((n + CK_WIDTH - 1) / CK_WIDTH, thread, threads, &begin, &end);
    for (size_t v = begin * CK_WIDTH; v < end * CK_WIDTH && v < n; v += CK_WIDTH) {
        const size_t width = (n - v < CK_WIDTH ? n - v : CK_WIDTH) * sizeof(float);
        vec top = broadcast(-INFINITY), sum = {}, x = {};
        for (int k = 0; k < j->classes; k++) {
            memcpy(&x, j->logits + k * n + v, width);
            top = maximum(x, top);
        }
        for (int k = 0; k < j->classes; k++) {
            memcpy(&x, j->logits + k * n + v, width);
            const vec e = exponential(x - top);
            sum += e;
            memcpy(j->logits + k * n + v, &e, width);
        }
        const vec inverse = 1 / sum;
        for (int k = 0; k < j->classes; k++) {
            memcpy(&x, j->logits + k * n + v, width);
            const vec p = x * inverse;
            memcpy(j->logits + k * n + v, &p, width);
        }
    }
}

static void softmax(float *logits, int classes, size_t voxels, int threads) {
    output_job j = {.logits = logits, .classes = classes, .voxels = voxels};
    ck_parallel(threads, pieces(threads, (size_t)classes * voxels), softmax_body, &j);
}

static void cross_entropy_body(void *context, int thread, int threads) {
    const output_job *j = context;
    const size_t n = j->voxels;
    size_t begin, end;
    share(n, thread, threads, &begin, &end);
    double loss = 0;
    for (size_t v = begin; v < end; v++) {
        float *z = j->logits + v;
        const int label = j->labels[v];
        if (label >= j->classes) {
            for (int k = 0; k < j->classes; k++) z[k * n] = 0;
            continue;
        }
        float top = z[0];
        for (int k = 1; k < j->classes; k++) top = z[k * n] > top ? z[k * n] : top;
        double sum = 0;
        for (int k = 0; k < j->classes; k++) sum += exp((double)z[k * n] - top);
        const float weight = j->class_weights[label];
        loss += weight * (log(sum) + top - z[label * n]);
        for (int k = 0; k < j->classes; k++) {
            const double p = exp((double)z[k * n] - top) / sum;
            z[k * n] = (float)(j->inverse * weight * (p - (k == label)));
        }
    }
    j->partial[thread] = loss;
}

static double cross_entropy(float *logits, int classes, size_t voxels, const uint8_t *labels,
                            const float *class_weights, float inverse, double *partial, int threads) {
    output_job j = {.logits = logits,
                    .classes = classes,
                    .voxels = voxels,
                    .labels = labels,
                    .class_weights = class_weights,
                    .inverse = inverse,
                    .partial = partial};
    ck_parallel(threads, threads, cross_entropy_body, &j);
    double loss = 0;
    for (int t = 0; t < threads; t++) loss += partial[t];
    return loss;
}

#endif
