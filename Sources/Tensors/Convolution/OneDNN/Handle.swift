internal import COneDNN

/// An owned oneDNN object, destroyed exactly once.
struct Handle: ~Copyable {
    let raw: OpaquePointer
    private let destroy: @convention(c) (OpaquePointer?) -> dnnl_status_t

    init(
        _ operation: String, destroy: @escaping @convention(c) (OpaquePointer?) -> dnnl_status_t,
        create: (inout OpaquePointer?) throws(EngineError) -> dnnl_status_t
    ) throws(EngineError) {
        var made: OpaquePointer?
        try check(create(&made), operation)
        guard let made else { throw EngineError(dnnl_out_of_memory, in: operation) }
        raw = made
        self.destroy = destroy
    }

    deinit { _ = destroy(raw) }
}
