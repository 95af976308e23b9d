internal import CKernels
internal import COneDNN

/// The processor threads on which operations run; confined to the thread that made it.
package final class Engine {
    package let threads: Int
    /// The parts that work is divided into, by which sums are rounded: results of different numbers of threads have the
    /// same bits if their parts are as many.
    let parts: Int
    package let instructionSet: InstructionSet
    package let kernels: ConvolutionKernels
    let engine: Handle
    let stream: Handle
    let layers: ck_layers

    /// `threads` nil means one for each core; an instruction set above `InstructionSet.best` is replaced by it.
    ///
    /// Work is divided into `parts`, else into as many as there are threads.
    package init(
        threads: Int? = nil, parts: Int? = nil, instructionSet: InstructionSet? = nil,
        kernels: ConvolutionKernels = .automatic
    ) throws(EngineError) {
        self.kernels = kernels
        self.threads = max(1, threads ?? Int(ck_cores()))
        self.parts = max(1, parts ?? self.threads)
        let best = InstructionSet.best
        self.instructionSet = min(instructionSet ?? best, best)
        layers = ck_layers_for(self.instructionSet.raw).pointee
        // oneDNN counts on as many threads as it is told of; what it computes here is the same for any number.
        ck_parallel_set_width(CInt(self.threads))
        ck_parallel_set_most(parts == nil ? 0 : CInt(self.threads))
        engine = try Handle("make an engine", destroy: dnnl_engine_destroy) { dnnl_engine_create(&$0, dnnl_cpu, 0) }
        let raw = engine.raw
        stream = try Handle("make a stream", destroy: dnnl_stream_destroy) {
            dnnl_stream_create(&$0, raw, UInt32(dnnl_stream_default_flags.rawValue))
        }
    }

    /// The number of channels in a block, stored together for each voxel.
    package var lanes: Int { Int(layers.lanes) }

    /// The number of channels, rounded up to whole blocks.
    package func padded(_ channels: Int) -> Int { (channels + lanes - 1) / lanes * lanes }

    /// Whether the project's own kernels compute the convolutions that they have a way for.
    package var prefersOwnKernels: Bool { kernels != .oneDNN }

    /// The number of parts as the kernels take it, which run no more threads than that.
    var team: CInt { CInt(parts) }

    /// The format tag of blocked activations.
    var blocked: dnnl_format_tag_t { lanes == 16 ? dnnl_aBcde16b : dnnl_aBcde8b }
}
