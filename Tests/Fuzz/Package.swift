// swift-tools-version: 6.2

import PackageDescription

// The parsers of the main package, seen through links so that they can be built with libFuzzer and checks of memory,
// together with the program that feeds them. `make fuzz` builds and runs it; nothing else depends on it.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
    // Of several -sanitize the compiler takes the last alone, so both are named at once.
    .unsafeFlags(["-sanitize=fuzzer,address"]),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "slicewise-fuzz",
    dependencies: [.package(url: "https://github.com/apple/swift-log", exact: "1.16.2")],
    targets: [
        .systemLibrary(name: "CBlosc", pkgConfig: "blosc"),
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5"),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4"),
        .systemLibrary(name: "CMicrohttpd", pkgConfig: "libmicrohttpd"),
        .systemLibrary(name: "COneDNN"),
        .systemLibrary(name: "CNIfTI"),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng"),
        .systemLibrary(name: "CTIFF", pkgConfig: "libtiff-4"),
        .systemLibrary(name: "CZip", pkgConfig: "libzip"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd"),
        .target(
            name: "CKernels",
            cSettings: [
                .define("_GNU_SOURCE"), .unsafeFlags(["-O1", "-ffp-contract=fast-honor-pragmas", "-fno-math-errno"]),
            ]),
        .target(name: "Text", swiftSettings: settings),
        .target(name: "JSON", dependencies: ["Text"], swiftSettings: settings),
        .target(name: "Tensors", dependencies: ["CKernels", "COneDNN"], swiftSettings: settings),
        .target(name: "Network", dependencies: ["Tensors"], swiftSettings: settings),
        .target(name: "CReaderProcess", cSettings: [.define("_GNU_SOURCE")]),
        .target(
            name: "CHDF5Reader", dependencies: ["CHDF5", "CReaderProcess"], cSettings: [.define("_GNU_SOURCE")]),
        // GDCM has neither a pkg-config file nor a C interface; what its headers assert is off in its library, too.
        .target(
            name: "CDICOMReader", dependencies: ["CReaderProcess"], cxxSettings: [.define("NDEBUG")],
            linkerSettings: [.linkedLibrary("gdcmMSFF"), .linkedLibrary("gdcmDSED"), .linkedLibrary("gdcmCommon")]),
        .target(
            name: "Volumes",
            dependencies: [
                "CBlosc", "CDICOMReader", "CHDF5Reader", "CLZ4", "CNIfTI", "CPNG", "CReaderProcess", "CTIFF", "CZip",
                "CZlib", "CZstd", "JSON", "Text",
            ],
            swiftSettings: settings),
        .target(name: "Training", dependencies: ["JSON", "Network", "Tensors", "Volumes"], swiftSettings: settings),
        .target(name: "HTTP", dependencies: ["CMicrohttpd", "JSON", "Text", logging], swiftSettings: settings),
        // Of these three only what reads requests; the rest stands on the database.
        .target(name: "Jobs", dependencies: ["JSON", "Store", "Training"], swiftSettings: settings),
        .target(name: "Store", dependencies: ["Volumes"], swiftSettings: settings),
        .target(
            name: "API", dependencies: ["HTTP", "JSON", "Store", "Text", "Training", "Volumes"], swiftSettings: settings
        ),
        .executableTarget(
            name: "fuzz", dependencies: ["API", "CZlib", "HTTP", "Jobs", "Network", "Training", "Volumes"],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
