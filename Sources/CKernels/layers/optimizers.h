#ifndef CK_OPTIMIZERS_H
#define CK_OPTIMIZERS_H

#include "layer_job.h"

// Element by element over arenas: sums and the optimizers' updates.

typedef struct {
    float *values, *first, *second;
    const float *gradients;
    size_t count;
    float rate, beta1, beta2, epsilon, decay;
} update_job;

static void add_body(void *context, int thread, int threads) {
    const update_job *j = context;
    size_t begin, end;
    share(j->count, thread, threads, &begin, &end);
    for (size_t i = begin; i < end; i++) j->values[i] += j->gradients[i];
}

static void add(float *sum, const float *term, size_t count, int threads) {
    update_job j = {.values = sum, .gradients = term, .count = count};
    ck_parallel(threads, pieces(threads, count), add_body, &j);
}

static void adam_body(void *context, int thread, int threads) {
    const update_job *j = context;
    float *restrict values = j->values, *restrict first = j->first, *restrict second = j->second;
    const float *restrict gradients = j->gradients;
    const float beta1 = j->beta1, beta2 = j->beta2, rate = j->rate, epsilon = j->epsilon, decay = j->decay;
    size_t begin, end;
    share(j->count, thread, threads, &begin, &end);
    for (size_t i = begin; i < end; i++) {
        const float g = gradients[i];
        const float m = first[i] = beta1 * first[i] + (1 - beta1) * g;
        const float s = second[i] = beta2 * second[i] + (1 - beta2) * g * g;
        values[i] -= rate * m / (__builtin_sqrtf(s) + epsilon) + decay * values[i];
    }
}

static void adam(float *values, const float *gradients, float *first, float *second, size_t count, float rate,
                 float beta1, float beta2, float epsilon, float decay, int threads) {
    update_job j = {.values = values,
                    .gradients = gradients,
                    .first = first,
                    .second = second,
                    .count = count,
                    .rate = rate,
                    .beta1 = beta1,
                    .beta2 = beta2,
                    .epsilon = epsilon,
                    .decay = decay};
    ck_parallel(threads, pieces(threads, count), adam_body, &j);
}

static void momentum_body(void *context, int thread, int threads) {
    const update_job *j = context;
    float *restrict values = j->values, *restrict velocity = j->first;
    const float *restrict gradients = j->gradients;
    size_t begin, end;
    share(j->count, thread, threads, &begin, &end);
    for (size_t i = begin; i < end; i++) {
        velocity[i] = j->beta1 * velocity[i] + gradients[i] + j->decay * values[i];
        values[i] -= j->rate * velocity[i];
    }
}

static void momentum(float *values, const float *gradients, float *velocity, size_t count, float rate, float momentum,
                     float decay, int threads) {
    update_job j = {.values = values,
                    .gradients = gradients,
                    .first = velocity,
                    .count = count,
                    .rate = rate,
                    .beta1 = momentum,
                    .decay = decay};
    ck_parallel(threads, pieces(threads, count), momentum_body, &j);
}

#endif
