internal import COneDNN

/// result (m×n) ← factor · a (m×k) × b (k×n) + keeping · result, in row-major order; a `transposed` matrix is stored as
/// its transpose.
func multiply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, transposed: (Bool, Bool) = (false, false),
    into result: UnsafeMutablePointer<Float>, _ m: Int, _ n: Int, _ k: Int, factor: Float = 1, keeping: Float = 0
) throws(EngineError) {
    func letter(_ transposed: Bool) -> CChar { CChar(bitPattern: UInt8(ascii: transposed ? "T" : "N")) }
    let status = dnnl_sgemm(
        letter(transposed.0), letter(transposed.1), dnnl_dim_t(m), dnnl_dim_t(n), dnnl_dim_t(k), factor, a,
        dnnl_dim_t(transposed.0 ? m : k), b, dnnl_dim_t(transposed.1 ? k : n), keeping, result, dnnl_dim_t(n))
    try check(status, "multiply matrices")
}
