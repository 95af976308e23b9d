internal import Foundation
internal import GRDB
internal import Volumes

/// A grid that is being written: bricks not yet full, and packed ones to be stored together.
struct VoxelGridDraft {
    /// Bytes of packed bricks that one transaction stores, so that other calls don't wait long.
    static let packedLimit = 8 << 20

    private struct Place: Hashable {
        let channel: Int
        let brick: BrickIndex
    }

    private struct OpenBrick {
        var bytes: [UInt8]
        var written: Int
        var used: Int
    }

    private let store: Store
    private let id: VoxelGridID
    private let grid: BrickGrid
    private let element: ElementType
    private let fill: UInt8
    private var open: [Place: OpenBrick] = [:]
    private var openBytes = 0
    private var clock = 0
    private var packed: [Place: [UInt8]] = [:]
    private var packedBytes = 0
    private var stored: Set<Place> = []
    /// Voxels by value; only for a grid of one channel of uint8.
    private var counts: [Int]?
    private(set) var isFinished = false

    init(store: Store, id: VoxelGridID, header: VolumeHeader, grid: BrickGrid, fill: UInt8) {
        self.store = store
        self.id = id
        self.grid = grid
        element = header.element
        self.fill = fill
        if header.element == .uint8, header.channels == 1 {
            counts = [Int](repeating: 0, count: 256)
            counts?[Int(fill)] = header.extent.voxels
        }
    }

    mutating func write(_ box: Box, _ channel: Int, _ bytes: UnsafeRawBufferPointer) throws {
        guard !isFinished else { throw StoreError.conflict("the grid is finished and never changes") }
        for index in grid.bricks(touching: box) {
            let place = Place(channel: channel, brick: index)
            let cube = grid.box(of: index)
            if cube == box {
                close(place)
                try pack(place, bytes)
            } else if box.contains(cube) {
                close(place)
                var whole = [UInt8](repeating: 0, count: cube.extent.voxels * element.size)
                whole.withUnsafeMutableBytes { VoxelCopy.copy(bytes, of: box, to: $0, of: cube, size: element.size) }
                try whole.withUnsafeBytes { try pack(place, $0) }
            } else {
                try merge(box, bytes, into: place, cube)
            }
        }
    }

    mutating func finish() throws {
        guard !isFinished else { throw StoreError.conflict("the grid is already finished") }
        for place in open.keys { try packOpen(place) }
        try flush()
        let text = try counts.map { try Store.text(of: Self.nonzero($0)) }
        try store.writeNow { [id] database in
            try database.execute(
                sql: "UPDATE grid SET state = 'finished', counts = ? WHERE id = ? AND state = 'writing'",
                arguments: [text, id.rawValue])
            guard database.changesCount == 1 else { throw StoreError.failed("the grid being written is gone") }
        }
        isFinished = true
    }

    private static func nonzero(_ counts: [Int]) -> [Int: Int] {
        Dictionary(uniqueKeysWithValues: counts.enumerated().filter { $1 > 0 }.map { ($0, $1) })
    }

    /// Writes the part of a brick that a box covers.
    private mutating func merge(_ box: Box, _ bytes: UnsafeRawBufferPointer, into place: Place, _ cube: Box) throws {
        clock += 1
        var brick: OpenBrick
        if let known = open.removeValue(forKey: place) {
            brick = known
        } else {
            let bytes = try content(of: place) ?? [UInt8](repeating: fill, count: cube.extent.voxels * element.size)
            brick = OpenBrick(bytes: bytes, written: 0, used: clock)
            openBytes += brick.bytes.count
        }
        brick.used = clock
        brick.written += box.intersection(cube).extent.voxels
        brick.bytes.withUnsafeMutableBytes { VoxelCopy.copy(bytes, of: box, to: $0, of: cube, size: element.size) }
        open[place] = brick
        // Overlapping boxes may seem to fill a brick too early; a later write reads it again.
        if brick.written >= cube.extent.voxels { try packOpen(place) }
        while openBytes > store.options.draftBytes, let oldest = open.min(by: { $0.value.used < $1.value.used }) {
            try packOpen(oldest.key)
        }
    }

    private mutating func close(_ place: Place) {
        if let brick = open.removeValue(forKey: place) { openBytes -= brick.bytes.count }
    }

    private mutating func packOpen(_ place: Place) throws {
        guard let brick = open[place] else { return }
        close(place)
        try brick.bytes.withUnsafeBytes { try pack(place, $0) }
    }

    private mutating func pack(_ place: Place, _ bytes: UnsafeRawBufferPointer) throws {
        if var tally = counts {
            counts = nil
            if let before = try content(of: place) {
                for value in before { tally[Int(value)] -= 1 }
            } else {
                tally[Int(fill)] -= bytes.count
            }
            for value in bytes { tally[Int(value)] += 1 }
            counts = tally
        }
        let new = BrickCodec.encode(bytes, element: element)
        packedBytes += new.count - (packed.updateValue(new, forKey: place)?.count ?? 0)
        if packedBytes >= Self.packedLimit { try flush() }
    }

    /// The stored voxels of a brick that is not open; `nil` if it was never written.
    private func content(of place: Place) throws -> [UInt8]? {
        guard let known = try packed[place] ?? (stored.contains(place) ? load(place) : nil) else { return nil }
        do {
            return try BrickCodec.decode(known, element: element, voxels: grid.box(of: place.brick).extent.voxels)
        } catch {
            throw StoreError.translated(error)
        }
    }

    private func load(_ place: Place) throws -> [UInt8]? {
        try store.readNow { database in
            try Data.fetchOne(
                database,
                sql: "SELECT voxels FROM brick WHERE grid = ? AND channel = ? AND z = ? AND y = ? AND x = ?",
                arguments: [id.rawValue, place.channel, place.brick.z, place.brick.y, place.brick.x]
            ).map { [UInt8]($0) }
        }
    }

    private mutating func flush() throws {
        guard !packed.isEmpty else { return }
        let bricks = packed
        try store.writeNow(.crash) { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO brick (grid, channel, z, y, x, voxels) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET voxels = excluded.voxels
                    """)
            for (place, bytes) in bricks {
                let brick = place.brick
                try statement.execute(
                    arguments: [id.rawValue, place.channel, brick.z, brick.y, brick.x, Data(bytes)])
            }
        }
        stored.formUnion(packed.keys)
        packed = [:]
        packedBytes = 0
    }
}
