internal import CKernels

/// The vector instructions that the kernels use.
package enum InstructionSet: String, CaseIterable, Comparable, Sendable {
    case portable, avx2, avx512

    /// The best that this processor has.
    package static var best: InstructionSet {
        switch ck_best_isa() {
        case CK_AVX512: .avx512
        case CK_AVX2: .avx2
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
