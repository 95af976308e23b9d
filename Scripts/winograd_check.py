#!/usr/bin/env python3
"""Proves, in exact fractions, the identities behind winograd_axis.h of CKernels, and measures the rounding errors.

usage: winograd_check.py [--errors]      (numpy; --errors takes some seconds)
"""

import sys
from fractions import Fraction as F

import numpy as np

POINTS = {2: [F(0), F(1), F(-1)], 4: [F(0), F(1), F(-1), F(2), F(-1, 2)]}


def multiply(p, q):
    """The product of two polynomials, coefficients from the constant up."""
    result = [F(0)] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            result[i + j] += a * b
    return result


def matrices(m, k=3):
    """At (m x n), G (n x k) and Bt (n x n) of F(m, k), n = m + k - 1, with the points above and infinity."""
    points, n = POINTS[m], m + k - 1
    assert len(points) == n - 1
    At, G, Bt = [[F(0)] * n for _ in range(m)], [], []
    for j, p in enumerate(points):
        others, norm = [F(1)], F(1)
        for q in points:
            if q != p:
                others, norm = multiply(others, [-q, F(1)]), norm * (p - q)
        G.append([p**i / norm for i in range(k)])
        Bt.append(others + [F(0)] * (n - len(others)))
        for i in range(m):
            At[i][j] = p**i
    whole = [F(1)]
    for q in points:
        whole = multiply(whole, [-q, F(1)])
    Bt.append(whole)
    G.append([F(0)] * (k - 1) + [F(1)])
    At[m - 1][n - 1] = F(1)
    if m == 2:  # the code has the signs of the first row of both changed
        Bt[0], G[0] = [-x for x in Bt[0]], [-x for x in G[0]]
    return np.array(At, dtype=object), np.array(G, dtype=object), np.array(Bt, dtype=object)


def in_code(m):
    """The matrices as winograd_axis.h computes them: each function applied to unit vectors."""
    h, q, t = F(1, 2), F(1, 4), F(3, 2)
    if m == 2:
        source = lambda a, b, c, d: (a - c, b + c, c - b, d - b)
        result = lambda a, b, c, d: (a + b + c, b - c + d)
        weight = lambda a, b, c: (a, h * (a + c) + h * b, h * (a + c) - h * b, c)
        difference = lambda a, b: (a, a + b, a - b, b)
        gradient = lambda a, b, c, d: (a + h * (b + c), h * (b - c), d + h * (b + c))
    else:
        def source(a, b, c, d, e, f):
            even, odd = e - c, d - b
            return ((a - c) + (even - t * odd), (even + odd) - t * (c + d), (even - odd) + t * (c - d),
                    even + h * odd, even - 2 * odd, ((f - d) - odd) - t * even)

        def result(x0, x1, x2, d, e, x5):
            p, n = x1 + x2, x1 - x2
            return (x0 + p + d + e, n + 2 * d - h * e, p + 4 * d + q * e, n + x5 + 8 * d - F(1, 8) * e)

        def weight(a, b, c):
            even, odd = (a + c) / 3, b / 3
            return (a, -even - odd, even - odd, (a + 2 * b + 4 * c) / 15, (a - h * b + q * c) * F(-16, 15), c)

        def difference(a, b, c, d):
            even, odd = a + c, b + d
            return (a, even + odd, even - odd, (a + 4 * c) + 2 * (b + 4 * d), (a + q * c) - h * (b + q * d), d)

        def gradient(u0, u1, u2, u3, u4, u5):
            minus, plus, d, e = (u2 - u1) / 3, (u2 + u1) / 3, u3 / 15, u4 * F(-16, 15)
            return (u0 + minus + d + e, 2 * d - plus - h * e, u5 + minus + 4 * d + q * e)

    def matrix(function, arguments):
        columns = [function(*[F(int(i == j)) for i in range(arguments)]) for j in range(arguments)]
        return np.array(columns, dtype=object).T

    n = m + 2
    return {"source": matrix(source, n), "result": matrix(result, n), "weight": matrix(weight, 3),
            "difference": matrix(difference, m), "gradient": matrix(gradient, n)}


def prove(m):
    At, G, Bt = matrices(m)
    n = m + 2
    # 1. The bilinear identity, on every pair of unit vectors: y_i = sum_k d_(i+k) g_k.
    for i in range(n):
        for k in range(3):
            d = np.array([F(int(i == x)) for x in range(n)], dtype=object)
            g = np.array([F(int(k == x)) for x in range(3)], dtype=object)
            y = At.dot(G.dot(g) * Bt.dot(d))
            assert list(y) == [F(int(i == x + k)) for x in range(m)], (m, i, k)
    # 2. The code computes these matrices, and its adjoints are their transposes.
    code = in_code(m)
    for name, matrix in {"source": Bt, "result": At, "weight": G, "difference": At.T, "gradient": G.T}.items():
        assert (code[name] == matrix).all(), (m, name)
    # 3. Adjoints on integers, one axis: <dy, conv(d, g)> = <dg, g> = <dd, d> with the gradients computed by transposes.
    rng = np.random.default_rng(m)
    d, g, dy = (np.array([F(int(x)) for x in rng.integers(-9, 9, size)], dtype=object) for size in (n, 3, m))
    y = At.dot(G.dot(g) * Bt.dot(d))
    dg = G.T.dot(Bt.dot(d) * At.T.dot(dy))
    assert y.dot(dy) == dg.dot(g)
    assert list(dg) == [sum(dy[i] * d[i + k] for i in range(m)) for k in range(3)]
    dd = Bt.T.dot(G.dot(g) * At.T.dot(dy))
    assert y.dot(dy) == dd.dot(d)
    # 4. The row of point 1 of A is all ones: dM at (1, 1, 1) is the sum of the tile, the bias' gradient.
    assert all(x == 1 for x in At.T[1])
    # 5. Worst-case growth of magnitudes per axis: |A| (|G| |g| . |B| |d|) against the plain sum, for unit inputs.
    growth = (np.abs(At).dot(np.abs(G).sum(axis=1) * np.abs(Bt).sum(axis=1))) / 3
    print(f"F({m},3): identity, code and adjoints hold; growth of magnitudes per axis {float(max(growth)):.1f},",
          f"so {float(max(growth)) ** 3:.0f} in three")


def prove_fusion():
    """One axis of an up-convolution (window 2) and a convolution (3 taps) as two parities of two taps, and their points."""
    rng = np.random.default_rng(3)
    w, g = ([F(int(x)) for x in rng.integers(-9, 9, size)] for size in (2, 3))
    n = 7
    source = [F(int(x)) for x in rng.integers(-9, 9, n)]
    fine = [source[h // 2] * w[h % 2] for h in range(2 * n)]
    want = [sum(g[t] * fine[h + t - 1] for t in range(3) if 0 <= h + t - 1 < 2 * n) for h in range(2 * n)]
    taps = [[F(0)] * 3, [F(0)] * 3]
    for t in range(3):
        for q in range(2):
            p = (t + q + 1) % 2
            taps[p][(p + t - 1) // 2 + 1] += w[q] * g[t]
    assert taps[0][2] == 0 and taps[1][0] == 0
    got = [sum(taps[h % 2][o + 1] * source[h // 2 + o] for o in (-1, 0, 1) if 0 <= h // 2 + o < n) for h in range(2 * n)]
    assert got == want
    for m in (2, 4):
        _, G, _ = matrices(m)
        assert G.dot(np.array(taps[0], dtype=object))[-1] == 0 and G.dot(np.array(taps[1], dtype=object))[0] == 0
        # The point that is left out contributes only to the missing tap.
        assert all(x == 0 for x in G[-1][:2]) and all(x == 0 for x in G[0][1:])
    print("fused up-convolution: equal to both after each other; one point of each axis is left out")


def errors():
    """Relative errors of one channel-summed tile in float32 against float64: Winograd per axis choice, and the direct sum."""
    rng = np.random.default_rng(1)
    for channels in (16, 64, 256):
        for m in (2, 4):
            At, G, Bt = (x.astype(np.float64) for x in matrices(m))
            n, tiles = m + 2, 24
            d = np.maximum(rng.standard_normal((tiles, channels, n, n, n)), 0).astype(np.float32)
            g = (rng.standard_normal((channels, 3, 3, 3)) * np.sqrt(2 / 27 / channels)).astype(np.float32)
            def run(kind):
                a, b, c = At.astype(kind), G.astype(kind), Bt.astype(kind)
                def each(matrix, x):
                    for axis in (-3, -2, -1):
                        x = np.moveaxis(np.tensordot(matrix, x, axes=(1, axis)), 0, axis)
                    return x
                v, u = each(c, d.astype(kind)), each(b, g.astype(kind))
                return each(a, np.einsum("tcijk,cijk->tijk", v, u))
            exact, rounded = run(np.float64), run(np.float32)
            print(f"F({m},3)^3, {channels} channels: relative error {np.linalg.norm(rounded - exact) / np.linalg.norm(exact):.1e}")


if __name__ == "__main__":
    for m in (2, 4):
        prove(m)
    prove_fusion()
    if "--errors" in sys.argv:
        errors()
