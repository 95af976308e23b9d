#ifndef CK_WINOGRAD_AXIS_H
#define CK_WINOGRAD_AXIS_H

#include "../support/vector.h"

// The transforms of one axis; Documentation/Winograd.md derives them. `m` is a constant at every call: 4 → points 0, 1,
// -1, 2, -1/2, ∞; 2 → points 0, 1, -1, ∞; 1 → an axis of kernel extent 1, nothing to do.

CK_INLINE int extent_of(int m) { return m == 1 ? 1 : m + 2; }

// Bᵀ x, in place.
CK_INLINE void input_axis(int m, vec *x, int s) {
    if (m == 4) {
        vec a = x[0], b = x[s], c = x[2 * s], d = x[3 * s], e = x[4 * s], f = x[5 * s];
        vec even = e - c, odd = d - b;
        x[0] = (a - c) + (even - 1.5f * odd);
        x[s] = (even + odd) - 1.5f * (c + d);
        x[2 * s] = (even - odd) + 1.5f * (c - d);
        x[3 * s] = even + 0.5f * odd;
        x[4 * s] = even - 2.0f * odd;
        x[5 * s] = ((f - d) - odd) - 1.5f * even;
    } else if (m == 2) {
        vec a = x[0], b = x[s], c = x[2 * s], d = x[3 * s];
        x[0] = a - c;
        x[s] = b + c;
        x[2 * s] = c - b;
        x[3 * s] = d - b;
    }
}

// y = Aᵀ x.
CK_INLINE void output_axis(int m, const vec *x, int s, vec *y, int t) {
    if (m == 4) {
        vec p = x[s] + x[2 * s], n = x[s] - x[2 * s], d = x[3 * s], e = x[4 * s];
        y[0] = (x[0] + p) + (d + e);
        y[t] = (n + 2.0f * d) - 0.5f * e;
        y[2 * t] = (p + 4.0f * d) + 0.25f * e;
        y[3 * t] = ((n + x[5 * s]) + 8.0f * d) - 0.125f * e;
    } else if (m == 2) {
        vec b = x[s], c = x[2 * s];
        y[0] = (x[0] + b) + c;
        y[t] = (b - c) + x[3 * s];
    } else {
        y[0] = x[0];
    }
}

// x = A y, the adjoint of `output_axis`.
CK_INLINE void difference_axis(int m, const vec *y, int t, vec *x, int s) {
    if (m == 4) {
        vec a = y[0], b = y[t], c = y[2 * t], d = y[3 * t];
        vec even = a + c, odd = b + d;
        x[0] = a;
        x[s] = even + odd;
        x[2 * s] = even - odd;
        x[3 * s] = (a + 4.0f * c) + 2.0f * (b + 4.0f * d);
        x[4 * s] = (a + 0.25f * c) - 0.5f * (b + 0.25f * d);
        x[5 * s] = d;
    } else if (m == 2) {
        vec a = y[0], b = y[t];
        x[0] = a;
        x[s] = a + b;
        x[2 * s] = a - b;
        x[3 * s] = b;
    } else {
        x[0] = y[0];
    }
}

// u = G g.
CK_INLINE void weight_axis(int m, const vec *g, int s, vec *u, int t) {
    if (m == 4) {
        vec a = g[0], b = g[s], c = g[2 * s];
        vec even = (a + c) * (1.0f / 3), odd = b * (1.0f / 3);
        u[0] = a;
        u[t] = -even - odd;
        u[2 * t] = even - odd;
        u[3 * t] = (a + 2.0f * b + 4.0f * c) * (1.0f / 15);
        u[4 * t] = (a - 0.5f * b + 0.25f * c) * (-16.0f / 15);
        u[5 * t] = c;
    } else if (m == 2) {
        vec a = g[0], c = g[2 * s];
        vec even = 0.5f * (a + c), odd = 0.5f * g[s];
        u[0] = a;
        u[t] = even + odd;
        u[2 * t] = even - odd;
        u[3 * t] = c;
    } else {
        u[0] = g[0];
    }
}

// g = Gᵀ u, the adjoint of `weight_axis`.
CK_INLINE void gradient_axis(int m, const vec *u, int t, vec *g, int s) {
    if (m == 4) {
        vec difference = (u[2 * t] - u[t]) * (1.0f / 3), sum = (u[2 * t] + u[t]) * (1.0f / 3);
        vec d = u[3 * t] * (1.0f / 15), e = u[4 * t] * (-16.0f / 15);
        g[0] = u[0] + difference + d + e;
        g[s] = 2.0f * d - sum - 0.5f * e;
        g[2 * s] = u[5 * t] + difference + 4.0f * d + 0.25f * e;
    } else if (m == 2) {
        vec sum = 0.5f * (u[t] + u[2 * t]);
        g[0] = u[0] + sum;
        g[s] = 0.5f * (u[t] - u[2 * t]);
        g[2 * s] = u[3 * t] + sum;
    } else {
        g[0] = u[0];
    }
}

#endif
