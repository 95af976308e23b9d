import Foundation
import TestSupport
import Testing
import Volumes

/// The files that fuzzing starts from and those that once broke something (`make fuzz`).
@Suite struct FuzzedFileTests {
    static func files(_ folders: String...) -> [URL] {
        folders.flatMap { folder in
            let place = TestFiles.fuzz.appending(path: folder)
            let files = try? FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
            return files ?? []
        }
    }

    @Test func `volumes are refused, or keep their voxels in every format`() throws {
        let folder = try TemporaryFolder()
        let files = Self.files("Corpus/volume", "Found/volume")
        var taken = 0
        for file in files {
            guard let source = try? openVolume(at: file, scratch: folder.url, limit: 4 << 20) else { continue }
            taken += 1
            for format in VolumeFormat.allCases where format != .raw {
                let copy = folder.url.appending(path: "copy")
                do { try writeVolume(source, as: format, to: copy) } catch is VolumeError { continue }
                // Bare arrays whose last axis is short take a word about their axes.
                let axes = source.header.channels == 1 ? "zyx" : "czyx"
                let hints = VolumeHints(axes: format == .npy ? axes : nil)
                let read = try openVolume(at: copy, hints: hints, scratch: folder.url)
                #expect(try allBytes(read) == allBytes(source), "\(file.lastPathComponent) as \(format)")
            }
        }
        #expect(files.count > 40 && taken > 35)
    }

    @Test func `slices are refused or have as many values as pixels`() throws {
        let pictures = Self.files("Corpus/png", "Found/png")
        let arrays = Self.files("Corpus/npy", "Found/npy")
        #expect(pictures.count > 5 && arrays.count > 5)
        for file in pictures {
            guard let labels = try? LabelPicture(png: [UInt8](Data(contentsOf: file))) else { continue }
            guard let values = try? labels.values else { continue }
            #expect(values.count == labels.rows * labels.columns)
        }
        for file in arrays {
            guard let labels = try? LabelPicture(npy: [UInt8](Data(contentsOf: file))) else { continue }
            guard let values = try? labels.values else { continue }
            #expect(values.count == labels.rows * labels.columns)
        }
    }
}
