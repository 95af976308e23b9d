import Testing
import Volumes

/// What of an HDF5 file is taken, by the list of what is in it.
@Suite struct HDF5SelectionTests {
    func selection(
        _ lines: [String], dataset: String? = nil, axes: String? = nil
    ) throws -> HDF5Selection {
        let hints = VolumeHints(axes: axes, dataset: dataset)
        return try HDF5Selection(of: HDF5Listing(Array(lines.joined(separator: "\n").utf8)), hints)
    }

    func refuses(_ lines: [String], dataset: String? = nil, axes: String? = nil, saying reason: String) {
        #expect {
            _ = try selection(lines, dataset: dataset, axes: axes)
        } throws: { $0 is VolumeError && "\($0)".contains(reason) }
    }

    func data(_ path: String, _ sizes: String, kind: String = "u\t2", obstacle: String = "-") -> String {
        "D\t\(path)\t\(kind)\t\(sizes)\t\(obstacle)"
    }

    func text(_ path: String, _ name: String, _ value: String) -> String { "A\t\(path)\t\(name)\tS\t\(value)" }

    @Test func `the only dataset of a volume's size is taken, whatever tables stand beside it`() throws {
        let tables = [
            data("/table", "200,4,4", kind: "f\t8"), data("/names", "30,30,30", kind: "o\t16"), data("/n", ""),
        ]
        let found = try selection(tables + [data("/a/volume", "20,30,40")])
        #expect(found.datasets.map(\.path) == ["/a/volume"] && found.axes == ["z", "y", "x"])
        #expect(try selection([data("/small", "5,1,7,6")] + tables.dropFirst()).axes == ["z", "-", "y", "x"])
        #expect(try selection([data("/plane", "1,1,50,60")]).axes == ["-", "-", "y", "x"])
        refuses(tables + [data("/a", "20,30,40"), data("/b", "20,30,40")], saying: "dataset=/a")
        refuses(Array(tables.dropFirst()), saying: "no dataset with numbers along three axes")
        refuses([], saying: "its datasets are none")
    }

    @Test func `axis tags of another number of axes, or of unknown ones, are refused unless the sender names them`()
        throws
    {
        let tags = #"{"axes":[{"key":"z"},{"key":"q"},{"key":"x"}]}"#
        let odd = [data("/v", "20,30,40"), text("/v", "axistags", tags)]
        refuses(odd, saying: "an axis \"q\" of 30")
        #expect(try selection(odd, axes: "xyz").axes == ["x", "y", "z"])
        refuses([data("/v", "2,20,30,40"), text("/v", "axistags", tags)], saying: "names 3 axes")
        // What is no description of axes counts for nothing.
        #expect(try selection([data("/v", "20,30,40"), text("/v", "axistags", "zyx")]).axes == ["z", "y", "x"])
    }

    @Test func `what can't be read is refused with the reason`() {
        refuses([data("/v", "20,30,40", obstacle: "32001")], saying: "filter 32001 (Blosc)")
        refuses([data("/v", "20,30,40", obstacle: "99")], saying: "filter 99,")
        refuses([data("/v", "20,30,40", obstacle: "external")], saying: "elsewhere")
        // It may be the one that is meant.
        let damaged = data("/w", "", kind: "o\t0", obstacle: "damaged")
        refuses([data("/v", "20,30,40"), damaged], saying: "/w in the HDF5 file can't be read")
        #expect(throws: Never.self) { _ = try selection([data("/v", "20,30,40"), damaged], dataset: "v") }
        refuses([data("/v", "20,30,40", kind: "f\t16")], dataset: "v", saying: "holds no numbers")
    }

    private func imaris(_ channel: Int, _ sizes: String, time: Int = 0) -> [String] {
        let group = "/DataSet/ResolutionLevel%200/TimePoint%20\(time)/Channel%20\(channel)"
        return [data("\(group)/Data", sizes), text(group, "ImageSizeX", "40"), text(group, "ImageSizeY", "30")]
    }

    @Test func `Imaris's channels are in order, and must be of one size and type`() throws {
        let found = try selection(imaris(10, "20,32,64") + imaris(2, "20,32,64") + imaris(0, "20,32,64", time: 1))
        #expect(found.datasets.map(\.path.last) == ["a", "a"] && found.sizes == [20, 30, 40])
        #expect(found.datasets[0].path.contains("Channel 2"))
        refuses(imaris(0, "20,32,64") + imaris(1, "21,32,64"), saying: "channels differ")
        refuses(imaris(0, "20,29,64"), saying: "30 voxels along y; its dataset has 29")
    }

    @Test func `a group stands for what is in it, chosen as from a whole file`() throws {
        let setups = (0..<3).map { data("/t0000\($0)/s00/0/cells", "20,30,40", kind: "i\t2") }
        #expect(try selection(setups).part.remarks.count == 1)
        let last = try selection(setups, dataset: "t00002")
        #expect(last.datasets.map(\.path) == ["/t00002/s00/0/cells"] && last.part == FilePart(dataset: "/t00002"))
        let lines = [data("/a/raw", "20,30,40"), data("/a/b/label", "20,30,40"), data("/ab", "20,30,40")]
        #expect(try selection(lines, dataset: "/a/b/").part == FilePart(dataset: "/a/b/label"))
        refuses(lines, dataset: "/a", saying: "dataset=/a/raw: /a/raw (20 × 30 × 40 uint16), /a/b/label")
        refuses(lines, dataset: "/c", saying: "no dataset or group \"/c\"")
    }

    @Test func `BigDataViewer's setups of several sizes are no channels`() throws {
        let setups = [data("/t00001/s03/0/cells", "20,30,40", kind: "i\t2"), data("/t00001/s03/1/cells", "10,15,20")]
        #expect(try selection(setups + [data("/s03/resolutions", "2,3", kind: "f\t8")]).element == .uint16)
        let other = data("/t00001/s11/0/cells", "20,30,41", kind: "i\t2")
        refuses(setups + [other], saying: "setups differ")
        #expect(try selection(setups + [other], dataset: "/t00001/s11/0/cells").sizes == [20, 30, 41])
    }

    @Test func `lines that make no sense are left out`() throws {
        let lines = [
            "", "D", "D\t/a\tu\t2\t20,30\t-\t-", "D\t/b\tu\t2\t20,-3,4\t-", "D\t/c\tuu\t2\t20,30,40\t-",
            "D\t/d\tu\t2\t20,30,99999999999999999999\t-", "A\t/v", "%%\t%4", "D\t/v%\tu\t2\t20,30,40\t-",
        ]
        #expect(try selection(lines).datasets.map(\.path) == ["/v%"])
    }
}
