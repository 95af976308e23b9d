internal import Cryptography
internal import Foundation
internal import JSON
internal import Network
internal import Text
internal import Training
internal import Volumes

/// What a training learns from and how, by content and wherever its files lie: an interrupted training goes on with the same
/// alone, and ranks train together on the same alone.
struct TrainingData: Codable, Equatable {
    struct Volume: Codable, Equatable {
        var channels: Int
        var extent: Extent
        var element: ElementType
        var spacing: Spacing
        /// The SHA-256 of the voxels, and that of the annotated slices.
        var voxels, labels: String

        init(_ volume: TrainingVolume) throws {
            let header = volume.image.header
            (channels, extent, element, spacing) = (header.channels, header.extent, header.element, header.spacing)
            let hash = SHA256()
            for channel in 0..<channels {
                for box in header.slabs() { hash.update(try volume.image.raw(box, channel: channel)) }
            }
            voxels = hash.finalize().hexadecimal
            for slice in volume.slices {
                hash.update("\(slice.axis.rawValue) \(slice.index)\n".utf8)
                hash.update(slice.values)
            }
            labels = hash.finalize().hexadecimal
        }

        fileprivate var size: String { "\(channels)×\(extent.text) voxels (c×z×y×x) of \(element.rawValue)" }
    }

    private var volumes: [Volume]
    /// As it was asked for, before the volumes or a model decided anything.
    private var recipe: Recipe
    /// The SHA-256 of the model that it starts from; `nil` for random weights.
    private var start: String?

    init(_ volumes: [TrainingVolume], recipe: Recipe, start: Checkpoint?) throws {
        self.volumes = try volumes.map { try Volume($0) }
        self.recipe = recipe
        self.start = start?.digest
    }

    /// Reads what `text` gave; `nil` if it is something else.
    init?(text: String) {
        guard let found = try? JSONDecoder().decode(TrainingData.self, from: Data(text.utf8)) else { return nil }
        self = found
    }

    /// The same text for the same data.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// What of it is other than in what an earlier training learned from, in words; `images` and `labels` are its files.
    func differences(from earlier: TrainingData, images: [String], labels: [String]) -> [String] {
        guard volumes.count == earlier.volumes.count else {
            return ["it learns from \(earlier.volumes.count.counting("image")), not \(volumes.count)"]
        }
        var found: [String] = []
        for (number, (now, before)) in zip(volumes, earlier.volumes).enumerated() {
            let (image, label) = (images[number], labels[number])
            if now.size != before.size {
                found.append("in place of \(image) it has an image of \(before.size), not \(now.size)")
            } else if now.voxels != before.voxels {
                found.append("\(image) has other voxels, or they are read in another way")
            }
            if now.spacing != before.spacing {
                found.append("the spacing of \(image) was \(before.spacing.text), and is \(now.spacing.text)")
            }
            if now.labels != before.labels {
                found.append("\(label) has other labels, or they are read in another way")
            }
        }
        let keys = Recipe.record.write(recipe).members
            .filter { Recipe.record.write(earlier.recipe)[$0.name] != $0.value }.map { "\"\($0.name)\"" }
        if recipe != earlier.recipe {
            found.append("its recipe has another \(keys.isEmpty ? "value" : keys.joined(separator: ", "))")
        }
        if start != earlier.start {
            let now = start == nil ? "random weights" : "that of --from"
            found.append("it started from \(earlier.start == nil ? "random weights" : "another model"), not \(now)")
        }
        return found
    }
}

extension Checkpoint {
    /// The SHA-256 of the file.
    var digest: String { SHA256.hash(encoded).hexadecimal }
}
