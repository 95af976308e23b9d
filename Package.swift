// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// Routes are not optimized for ThreadSanitizer (Scripts/race_checks): the compiler, 6.3.1, crashes of
/// `BrickRoutes.bricks` when it splits that coroutine.
let routeSettings = settings + (Context.environment["SLICEWISE_RACES"] == nil ? [] : [.unsafeFlags(["-Onone"])])

/// The kernels choose their instruction set at run time; each file names its own.
///
/// Products and sums are fused where the processor can, except in functions that say otherwise.
/// Tests/CKernelsChecks/run.sh has the same flags.
let kernelFlags: [CSetting] = [
    .define("_GNU_SOURCE"), .unsafeFlags(["-O3", "-ffp-contract=fast-honor-pragmas", "-fno-math-errno"]),
]

/// Names of OpenMP's library that oneDNN calls, which the program has to show it; see CKernels/support/openmp.c.
let openMPSymbols: [LinkerSetting] = [
    .unsafeFlags(
        [
            "GOMP_barrier", "GOMP_parallel", "omp_get_max_threads", "omp_get_num_threads", "omp_get_thread_num",
            "omp_in_parallel",
        ].flatMap { ["-Xlinker", "--undefined=\($0)", "-Xlinker", "--export-dynamic-symbol=\($0)"] })
]

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

/// The files of the page, carried in the program; `Sources/Page/PageFiles.swift` lists them, too.
///
/// No two may have the same name, even in different folders.
let pageFiles = [
    "annotate/annotated-slices.js",
    "annotate/annotation-keys.js",
    "annotate/saving/annotation-service.js",
    "annotate/annotation-store.js",
    "annotate/annotator.js",
    "annotate/saving/browser-tabs.js",
    "annotate/shapes/brush-shape.js",
    "annotate/shapes/brush-stroke.js",
    "annotate/saving/class-values.js",
    "annotate/shapes/distance-transform.js",
    "annotate/shapes/flood-fill.js",
    "annotate/shapes/interpolation.js",
    "annotate/saving/journal-keeper.js",
    "annotate/saving/journal-record.js",
    "annotate/saving/journal.js",
    "annotate/saving/label-patch.js",
    "annotate/saving/memory-journal.js",
    "annotate/saving/npy-file.js",
    "annotate/open-slices.js",
    "annotate/shapes/outline-draft.js",
    "annotate/saving/page-events.js",
    "annotate/paint-settings.js",
    "annotate/paint-sources.js",
    "annotate/shapes/polygon-shape.js",
    "annotate/saving/random-key.js",
    "annotate/shapes/rect.js",
    "annotate/saving/retry-clock.js",
    "annotate/saving/save-failure.js",
    "annotate/saving/save-notices.js",
    "annotate/slice-actions.js",
    "annotate/slice-document.js",
    "annotate/slice-history.js",
    "annotate/slice-labels.js",
    "annotate/shapes/slice-paint.js",
    "annotate/slice-painting.js",
    "annotate/slice-range.js",
    "annotate/stroke-history.js",
    "annotate/saving/stroke-replay.js",
    "annotate/saving/synchronizer.js",
    "annotate/saving/three-way-merge.js",
    "annotate/tool-cursor.js",
    "annotate/toolbox.js",
    "annotate/view-tool.js",
    "application.js",
    "icon.svg",
    "index.html",
    "manage/backup.js",
    "manage/class-colors.js",
    "manage/class-editor.js",
    "manage/dataset-choices.js",
    "manage/dicom-files.js",
    "manage/downloads.js",
    "manage/dropped-files.js",
    "manage/file-sender.js",
    "manage/jobs.js",
    "manage/labels-upload.js",
    "manage/model-files.js",
    "manage/models-list.js",
    "manage/phantom.js",
    "manage/project-page.js",
    "manage/projects-page.js",
    "manage/share-link.js",
    "manage/sign-in.js",
    "manage/stored-zip.js",
    "manage/tour.js",
    "manage/upload-facts.js",
    "manage/upload-item.js",
    "manage/upload.js",
    "manage/volume-cards.js",
    "manage/volume-summary.js",
    "manage/workers.js",
    "manage/zarr-folders.js",
    "style/page.css",
    "style/toolbox.css",
    "style/workbench.css",
    "support/announcer.js",
    "support/api-error.js",
    "support/api.js",
    "support/dom.js",
    "support/download-list.js",
    "support/event-stream.js",
    "support/help-dialog.js",
    "support/keys.js",
    "support/long-table.js",
    "support/save-file.js",
    "support/session.js",
    "support/text.js",
    "support/units.js",
    "train/comparison-rows.js",
    "train/curve-plot.js",
    "train/job-watch.js",
    "train/model-comparison.js",
    "train/objects-panel.js",
    "train/report-panel.js",
    "train/round-lines.js",
    "train/rounds.js",
    "train/score-bars.js",
    "train/train-panel.js",
    "view/camera.js",
    "view/composite.js",
    "view/display-panel.js",
    "view/display.js",
    "view/gestures.js",
    "view/image-painter.js",
    "view/linked-views.js",
    "view/open-volume.js",
    "view/open-workbench.js",
    "view/overlay.js",
    "view/pen-nearness.js",
    "view/scale-bar.js",
    "view/slice-jumps.js",
    "view/slice-view.js",
    "view/status-bar.js",
    "view/tabs.js",
    "view/timeline.js",
    "view/view-pane.js",
    "view/volume-overlays.js",
    "view/volume-watch.js",
    "view/window-control.js",
    "view/workbench-keys.js",
    "view/workbench.js",
    "volume/brick-cache.js",
    "volume/brick-frames.js",
    "volume/brick-queue.js",
    "volume/brick-source.js",
    "volume/brick-volume.js",
    "volume/bricks.worker.js",
    "volume/crossing-labels.js",
    "volume/geometry.js",
    "volume/label-slices.js",
    "volume/overlay-data.js",
    "volume/slice-values.js",
    "volume/unpacker.js",
]

let package = Package(
    name: "slicewise",
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: ["JSON"]),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    ],
    targets: [
        // C libraries of the system, each wrapped by one target.
        .systemLibrary(name: "CAllocator"),
        .systemLibrary(name: "CBlosc", pkgConfig: "blosc", providers: [.apt(["libblosc-dev"])]),
        .systemLibrary(name: "CGnuTLS", pkgConfig: "gnutls", providers: [.apt(["libgnutls28-dev"])]),
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        .systemLibrary(name: "CMicrohttpd", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
        .systemLibrary(name: "CNIfTI", providers: [.apt(["libnifti2-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CTIFF", pkgConfig: "libtiff-4", providers: [.apt(["libtiff-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

        // Words and values.
        .target(name: "Text", swiftSettings: settings),
        .target(name: "JSON", dependencies: ["Text"], swiftSettings: settings),

        // The network.
        .target(name: "CKernels", cSettings: kernelFlags, linkerSettings: openMPSymbols),
        .target(name: "Tensors", dependencies: ["CKernels", "COneDNN"], swiftSettings: settings),
        .target(name: "Network", dependencies: ["Tensors"], swiftSettings: settings),

        // Images, annotations and learning from them.
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
        .target(
            name: "Training", dependencies: ["JSON", "Network", "Tensors", "Text", "Volumes"], swiftSettings: settings),

        .target(name: "Slurm", swiftSettings: settings),
        .target(name: "Cryptography", dependencies: ["CGnuTLS"], swiftSettings: settings),
        .target(
            name: "Exchange",
            dependencies: ["Cryptography", "JSON", "Network", "Tensors", "Text", "Training", "Volumes"],
            swiftSettings: settings),

        // The service.
        .target(name: "HTTP", dependencies: ["CMicrohttpd", "JSON", "Text", logging], swiftSettings: settings),
        .target(
            name: "Migrations", path: "Migrations",
            resources: [
                .embedInCode("0001_initial.sql"), .embedInCode("0002_tokens_and_audit.sql"),
                .embedInCode("0003_changes_of_annotations.sql"),
                .embedInCode("0004_classes_roles_and_pins.sql"),
                .embedInCode("0007_answered_requests.sql"),
                .embedInCode("0009_starts_without_progress.sql"),
                .embedInCode("0010_rings_of_events.sql"),
                .embedInCode("0011_levels.sql"),
                .embedInCode("0012_shares.sql"),
                .embedInCode("0013_workers.sql"),
                .embedInCode("0014_slurm.sql"),
                .embedInCode("0015_units.sql"),
            ],
            swiftSettings: settings),
        .target(
            name: "Page", dependencies: ["Cryptography", "Text"], resources: pageFiles.map { .embedInCode($0) },
            swiftSettings: settings),
        .target(
            name: "Store", dependencies: ["Cryptography", "JSON", "Migrations", "Text", "Volumes", grdb],
            swiftSettings: settings),
        .target(
            name: "Jobs",
            dependencies: [
                "CAllocator", "Cryptography", "JSON", "Network", "Slurm", "Store", "Tensors", "Text", "Training",
                "Volumes", logging,
            ],
            swiftSettings: settings),
        .target(
            name: "API",
            dependencies: [
                "Cryptography", "Exchange", "HTTP", "JSON", "Jobs", "Network", "Page", "Store", "Text", "Training",
                "Volumes", logging,
            ],
            swiftSettings: routeSettings),
        .target(
            name: "Config", path: "Config", resources: [.embedInCode("slicewise.json")], swiftSettings: settings),
        .executableTarget(
            name: "slicewise",
            dependencies: [
                "API", "Config", "Cryptography", "Exchange", "HTTP", "JSON", "Jobs", "Network", "Slurm", "Store",
                "Tensors", "Text", "Training", "Volumes", arguments, configuration, logging,
            ],
            swiftSettings: settings),

        // The tests, and what several of them need.
        .target(
            name: "TestSupport", dependencies: ["HTTP", "Network", "Tensors", logging], path: "Tests/TestSupport",
            swiftSettings: settings),
        .testTarget(
            name: "ExchangeTests",
            dependencies: [
                "Cryptography", "Exchange", "JSON", "Network", "Tensors", "TestSupport", "Text", "Training", "Volumes",
            ],
            swiftSettings: settings),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
        .testTarget(name: "CryptographyTests", dependencies: ["Cryptography", "Text"], swiftSettings: settings),
        .testTarget(name: "SlurmTests", dependencies: ["Slurm", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "TestSupport", logging], swiftSettings: settings),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "NetworkTests", dependencies: ["Network", "Tensors", "TestSupport"],
            exclude: ["Golden/Vectors"], swiftSettings: settings),
        .testTarget(name: "VolumesTests", dependencies: ["JSON", "TestSupport", "Volumes"], swiftSettings: settings),
        .testTarget(
            name: "TrainingTests", dependencies: ["JSON", "Network", "Tensors", "TestSupport", "Training", "Volumes"],
            swiftSettings: settings),
        .testTarget(
            name: "StoreTests", dependencies: ["Migrations", "Store", "TestSupport", "Volumes", grdb],
            exclude: ["Database/Schemas"], swiftSettings: settings),
        .testTarget(
            name: "JobsTests",
            dependencies: ["JSON", "Jobs", "Network", "Slurm", "Store", "TestSupport", "Training", "Volumes", logging],
            swiftSettings: settings),
        .testTarget(
            name: "APITests",
            dependencies: [
                "API", "Cryptography", "HTTP", "JSON", "Jobs", "Network", "Page", "Store", "Tensors", "TestSupport",
                "Text", "Training", "Volumes", logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "slicewiseTests", dependencies: ["HTTP", "slicewise", "TestSupport", grdb], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
