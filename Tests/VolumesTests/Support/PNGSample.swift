import Foundation

/// A small PNG file and what must come out of it.
struct PNGSample: Sendable, CustomStringConvertible {
    var name: String
    var base64: String
    var values: [UInt8] = []

    var bytes: [UInt8] { [UInt8](Data(base64Encoded: base64) ?? Data()) }
    var description: String { name }
}

/// Made chunk by chunk from the PNG specification, and checked with Pillow.
enum PNGSamples {
    static let readable = [
        PNGSample(
            name: "1-bit gray",
            base64: "iVBORw0KGgoAAAANSUhEUgAAAAgAAAABAQAAAADLe9LuAAAACklEQVR4nGPIBAAA"
                + "awBqOhwzEQAAAABJRU5ErkJggg==",
            values: [0, 1, 1, 0, 1, 0, 0, 1]),
        PNGSample(
            name: "2-bit gray",
            base64: "iVBORw0KGgoAAAANSUhEUgAAAAgAAAABAgAAAACM26g+AAAAC0lEQVR4nGOQfgIA"
                + "AR0BAP33gHkAAAAASUVORK5CYII=",
            values: [0, 1, 2, 3, 3, 2, 1, 0]),
        PNGSample(
            name: "4-bit gray",
            base64: "iVBORw0KGgoAAAANSUhEUgAAAAgAAAABBAAAAAADm12eAAAADUlEQVR4nGNg/d4p"
                + "BAAEIgGYNfqLkwAAAABJRU5ErkJggg==",
            values: [0, 5, 15, 7, 8, 9, 1, 2]),
        PNGSample(
            name: "1-bit palette",
            base64: "iVBORw0KGgoAAAANSUhEUgAAAAgAAAABAQMAAADZzn0AAAAABlBMVEUAAQIDBAUk"
                + "TtcmAAAACklEQVR4nGPIBAAAawBqOhwzEQAAAABJRU5ErkJggg==",
            values: [0, 1, 1, 0, 1, 0, 0, 1]),
        PNGSample(
            name: "4-bit palette",
            base64: "iVBORw0KGgoAAAANSUhEUgAAAAgAAAABBAMAAAARLvJwAAAAMFBMVEUAAQIDBAUG"
                + "BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi+tl47vAAAADUlEQVR4nGNg/d4pBAAEIgGYNfqLkwAAAABJRU5ErkJggg==",
            values: [0, 5, 15, 7, 8, 9, 1, 2]),
        PNGSample(
            name: "interlaced",
            base64: "iVBORw0KGgoAAAANSUhEUgAAAAgAAAACCAAAAAE3+PKnAAAAHUlEQVR4nGNgYGBh"
                + "YGJjYGRmZWfg4OTi5uHl4wcAAvkAeVV/v4EAAAAASUVORK5CYII=",
            values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
    ]

    /// One pixel: 0x61, 0x62, 0x63.
    static let rgb = PNGSample(
        name: "RGB",
        base64: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNITEoG"
            + "AAJOASfAYZ4ZAAAAAElFTkSuQmCC")

    /// One pixel: 0x6162.
    static let wide = PNGSample(
        name: "16-bit gray",
        base64: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABEAAAAABq7kcWAAAAC0lEQVR4nGNITAIA"
            + "AScAxLsdDgUAAAAASUVORK5CYII=")

    /// One pixel of opacity 0x64 or 0x62.
    static let translucent = [
        PNGSample(
            name: "RGB with transparency",
            base64: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNITEpO"
                + "AQAD2QGLI4Gg7AAAAABJRU5ErkJggg=="),
        PNGSample(
            name: "gray with transparency",
            base64: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR4nGNITAIA"
                + "AScAxLsdDgUAAAAASUVORK5CYII="),
    ]
}
