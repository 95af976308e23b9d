internal import CKernels
internal import COneDNN

/// The vector instructions that the kernels use.
package enum InstructionSet: String, CaseIterable, Comparable, Sendable {
    case portable, avx2, avx512

    /// The best that this processor has and the environment variable ONEDNN_MAX_CPU_ISA allows, as for oneDNN.
    package static var best: InstructionSet {
        let allowed = dnnl_get_effective_cpu_isa().rawValue
        func allows(_ set: dnnl_cpu_isa_t) -> Bool { allowed & set.rawValue == set.rawValue }
        return switch ck_isa_resolve(ck_isa_automatic) {
        case ck_isa_avx512 where allows(dnnl_cpu_isa_avx512_core): .avx512
        case ck_isa_avx512 where allows(dnnl_cpu_isa_avx2), ck_isa_avx2 where allows(dnnl_cpu_isa_avx2): .avx2
        default: .portable
        }
    }

    var raw: ck_isa {
        switch self {
        case .portable: ck_isa_portable
        case .avx2: ck_isa_avx2
        case .avx512: ck_isa_avx512
        }
    }

    package static func < (left: InstructionSet, right: InstructionSet) -> Bool {
        left.raw.rawValue < right.raw.rawValue
    }
}
