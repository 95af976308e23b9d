internal import Cryptography
internal import Foundation
internal import Store
internal import Text
internal import Volumes

/// What a unit names by its SHA-256, to be fetched piece by piece.
struct WorkContents: Sendable {
    /// The most bytes of a piece; a row of voxels at least.
    static let pieceBytes = 16 << 20

    private enum Source: Sendable {
        case data(Data)
        case image(any VoxelSource, [Box])
    }

    private var sources: [String: Source] = [:]

    /// Adds bytes.
    mutating func add(_ data: Data, isKept: Bool = true) -> WorkUnit.Content {
        let digest = SHA256.hash(data).hexadecimal
        sources[digest] = .data(data)
        return WorkUnit.Content(
            digest: digest, bytes: data.count,
            pieces: max((data.count + Self.pieceBytes - 1) / Self.pieceBytes, 1), isKept: isKept)
    }

    /// Adds the voxels of a volume, whose SHA-256 is known.
    mutating func add(_ image: any VoxelSource, digest: String, isKept: Bool = true) -> WorkUnit.Content {
        let header = image.header
        let slabs = header.slabs(bytes: Self.pieceBytes)
        sources[digest] = .image(image, slabs)
        return WorkUnit.Content(
            digest: digest, bytes: header.byteCount, pieces: header.channels * slabs.count, isKept: isKept)
    }

    /// A piece; `nil` if there is none such.
    func piece(_ number: Int, of digest: String) throws -> [UInt8]? {
        switch sources[digest] {
        case nil: return nil
        case .data(let data):
            let start = number.multipliedReportingOverflow(by: Self.pieceBytes)
            guard number >= 0, !start.overflow, start.partialValue < max(data.count, 1) else { return nil }
            return [UInt8](data.dropFirst(start.partialValue).prefix(Self.pieceBytes))
        case .image(let image, let slabs):
            guard (0..<image.header.channels * slabs.count).contains(number) else { return nil }
            return try image.raw(slabs[number % slabs.count], channel: number / slabs.count)
        }
    }

    /// The SHA-256 of all pieces of a volume; blocks while it is read.
    static func digest(of image: any VoxelSource) throws -> String {
        let hash = SHA256()
        let slabs = image.header.slabs(bytes: pieceBytes)
        for channel in 0..<image.header.channels {
            for slab in slabs { hash.update(try image.raw(slab, channel: channel)) }
        }
        return hash.finalize().hexadecimal
    }
}

/// What leases do that blocks, on a thread of its own; keeps the digests of volumes, which never change.
actor LeaseClerk {
    private let thread: ComputeThread
    private var digests: [VoxelGridID: String] = [:]

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(on thread: ComputeThread) { self.thread = thread }

    func perform<Value: Sendable>(_ work: @Sendable () throws -> Value) throws -> Value { try work() }

    func digest(of grid: VoxelGridID, _ image: any VoxelSource) throws -> String {
        if let known = digests[grid] { return known }
        let digest = try WorkContents.digest(of: image)
        digests[grid] = digest
        return digest
    }
}
