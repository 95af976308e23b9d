import Foundation
import Jobs
import TestSupport
import Testing

@Suite struct SystemResourcesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ text: String, _ path: String) throws {
        let file = folder.url.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    private func memory() -> Int { SystemResources.memory(of: 1 << 40, root: folder.url.path) }

    @Test func `without control groups it is the machine's`() { #expect(memory() == 1 << 40) }

    @Test func `the least limit of a group and those above it holds`() throws {
        try write("0::/system.slice/slicewise.service\n", "proc/self/cgroup")
        try write("max\n", "sys/fs/cgroup/system.slice/slicewise.service/memory.max")
        #expect(memory() == 1 << 40)
        try write("800000000\n", "sys/fs/cgroup/system.slice/slicewise.service/memory.high")
        #expect(memory() == 800_000_000)
        try write("500000000\n", "sys/fs/cgroup/system.slice/memory.max")
        #expect(memory() == 500_000_000)
    }

    @Test func `in a container the limit is that of the root, whatever the group's path`() throws {
        try write("0::/docker/0123\n", "proc/self/cgroup")
        try write("600000000\n", "sys/fs/cgroup/memory.max")
        #expect(memory() == 600_000_000)
    }

    @Test func `groups of the first version count, too`() throws {
        try write("5:cpu,cpuacct:/x\n4:memory:/user.slice\n1:name=systemd:/y\n", "proc/self/cgroup")
        try write("9223372036854771712\n", "sys/fs/cgroup/memory/memory.limit_in_bytes")
        #expect(memory() == 1 << 40)
        try write("700000000\n", "sys/fs/cgroup/memory/user.slice/memory.limit_in_bytes")
        #expect(memory() == 700_000_000)
    }

    @Test func `tiles of predictions leave room for the rest, and for a second one`() {
        #expect(SystemResources.tiles(of: 24 << 30) == 960 << 20)
        #expect(SystemResources.tiles(of: 1 << 30) == 384 << 20)
        #expect(SystemResources.tiles(of: 100 << 20) == 32 << 20)
    }
}
