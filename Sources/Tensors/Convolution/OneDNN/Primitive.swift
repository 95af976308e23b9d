internal import COneDNN

/// A oneDNN primitive with its arguments for each sample of a batch.
final class Primitive {
    private let engine: Engine
    private let description: Handle
    private let primitive: Handle
    /// The number of floats of scratch that it needs.
    let scratchCount: Int
    private let scratchLayout: Layout
    /// The arguments of each run.
    private var runs: [Arguments] = []

    init(_ description: consuming Handle, on engine: Engine) throws(EngineError) {
        self.engine = engine
        let raw = description.raw
        primitive = try Handle("make a primitive", destroy: dnnl_primitive_destroy) {
            dnnl_primitive_create(&$0, raw)
        }
        scratchLayout = try Layout(of: description, dnnl_query_scratchpad_md)
        scratchCount = (scratchLayout.byteCount + 3) / 4
        self.description = description
    }

    /// The name of the implementation that oneDNN chose.
    var implementation: String { String(cString: cdnn_implementation(description.raw)) }

    /// Sets the arguments of a run, in place of those that it had; a new run is the one after the last.
    func bind(
        run index: Int = 0, _ values: [(argument: Int32, layout: Layout, values: UnsafeMutablePointer<Float>)],
        scratch: UnsafeMutablePointer<Float>?
    ) throws(EngineError) {
        var all = values
        if let scratch, scratchCount > 0 { all.append((DNNL_ARG_SCRATCHPAD, scratchLayout, scratch)) }
        var arguments = Arguments()
        for value in all {
            let memory = try Memory(value.layout, value.values, on: engine)
            arguments.memories.append(memory)
            arguments.list.append(dnnl_exec_arg_t(arg: value.argument, memory: memory.handle.raw))
        }
        if index < runs.count { runs[index] = arguments } else { runs.append(arguments) }
    }

    func run(_ index: Int = 0) throws(EngineError) {
        let status = runs[index].list.withUnsafeBufferPointer {
            dnnl_primitive_execute(primitive.raw, engine.stream.raw, CInt($0.count), $0.baseAddress)
        }
        try check(status, "run a primitive")
    }

    private struct Arguments {
        /// What the list points to.
        var memories: [Memory] = []
        var list: [dnnl_exec_arg_t] = []
    }

    private final class Memory {
        let handle: Handle

        init(_ layout: Layout, _ values: UnsafeMutablePointer<Float>, on engine: Engine) throws(EngineError) {
            handle = try Handle("describe memory", destroy: dnnl_memory_destroy) {
                cdnn_memory_create(&$0, layout.raw, engine.engine.raw, values)
            }
        }
    }
}
