internal import COneDNN

/// oneDNN's description of a tensor's memory layout.
final class Layout {
    let raw: cdnn_layout

    private init(_ create: (inout cdnn_layout?) -> dnnl_status_t) throws(EngineError) {
        var made: cdnn_layout?
        try check(create(&made), "describe a layout")
        guard let made else { throw EngineError(dnnl_out_of_memory, in: "describe a layout") }
        raw = made
    }

    deinit { _ = cdnn_layout_destroy(raw) }

    convenience init(_ sizes: [Int], _ tag: dnnl_format_tag_t) throws(EngineError) {
        let sizes = sizes.map(Int64.init)
        try self.init { cdnn_layout_tagged(&$0, CInt(sizes.count), sizes, tag) }
    }

    convenience init(_ sizes: [Int], strides: [Int]) throws(EngineError) {
        let sizes = sizes.map(Int64.init), strides = strides.map(Int64.init)
        try self.init { cdnn_layout_strided(&$0, CInt(sizes.count), sizes, strides) }
    }

    /// The layout that a primitive chose where `any` was given.
    convenience init(of description: borrowing Handle, _ query: dnnl_query_t) throws(EngineError) {
        let raw = description.raw
        try self.init { cdnn_layout_chosen(&$0, raw, query) }
    }

    var byteCount: Int { cdnn_layout_bytes(raw) }
}
