internal import CKernels
internal import COneDNN

/// The vector instructions that the kernels use.
package enum InstructionSet: String, CaseIterable, Comparable, Sendable {
    case portable, avx2, avx512

    /// The best that this processor has and the environment's ONEDNN_MAX_CPU_ISA allows, for oneDNN and here alike.
    package static var best: InstructionSet {
        let allowed = dnnl_get_effective_cpu_isa().rawValue
        func allows(_ set: dnnl_cpu_isa_t) -> Bool { allowed & set.rawValue == set.rawValue }
        return switch ck_best_isa() {
        case CK_AVX512 where allows(dnnl_cpu_isa_avx512_core): .avx512
        case CK_AVX512 where allows(dnnl_cpu_isa_avx2), CK_AVX2 where allows(dnnl_cpu_isa_avx2): .avx2
        default: .portable
        }
    }

    var raw: ck_isa {
        switch self {
        case .portable: CK_PORTABLE
        case .avx2: CK_AVX2
        case .avx512: CK_AVX512
        }
    }

    package static func < (left: InstructionSet, right: InstructionSet) -> Bool { left.raw.rawValue < right.raw.rawValue }
}
