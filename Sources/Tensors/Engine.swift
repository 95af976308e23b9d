internal import CKernels
internal import COneDNN

/// The processor threads on which operations run; confined to the thread that made it.
package final class Engine {
    package let threads: Int
    package let instructionSet: InstructionSet
    package let kernels: ConvolutionKernels
    let engine: Handle
    let stream: Handle
    let layers: ck_layers

    /// `threads` nil means one for each core; an instruction set above `InstructionSet.best` is replaced by it.
    package init(
        threads: Int? = nil, instructionSet: InstructionSet? = nil, kernels: ConvolutionKernels = .automatic
    ) throws(EngineError) {
        self.kernels = kernels
        self.threads = max(1, threads ?? Int(ck_cores()))
        let best = InstructionSet.best
        self.instructionSet = min(instructionSet ?? best, best)
        layers = ck_layers_for(self.instructionSet.raw).pointee
        ck_parallel_set_width(CInt(self.threads))
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

    /// The number of threads as the kernels take it.
    var team: CInt { CInt(threads) }

    /// The format tag of blocked activations.
    var blocked: dnnl_format_tag_t { lanes == 16 ? dnnl_aBcde16b : dnnl_aBcde8b }
}
