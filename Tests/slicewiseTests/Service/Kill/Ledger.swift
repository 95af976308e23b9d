import Foundation

/// What a server has acknowledged, and what it was asked for when it died and may have done or not.
actor Ledger {
    struct Slice: Hashable, Sendable {
        let axis: String
        let index: Int
    }

    /// The current labels of slices.
    private(set) var slices: [Slice: Data] = [:]
    private(set) var openSlices: [Slice: Data] = [:]
    /// The labels of the volume that gets whole label volumes.
    private(set) var labels = Ledger.unlabeled
    private(set) var openLabels: Data?
    /// Uploaded files by name.
    private(set) var volumes: [String: Data] = [:]
    private(set) var openVolumes: [String: Data] = [:]
    private(set) var openRemovals: Set<String> = []
    private(set) var jobs: Set<Int> = []
    /// Volumes whose voxels were compared since they were uploaded.
    private(set) var compared: Set<String> = []
    private(set) var posts = 0
    private(set) var uploads = 0
    private(set) var puts = 0

    func willPost(_ slice: Slice, _ labels: Data) { openSlices[slice] = labels }

    func didPost(_ slice: Slice) {
        slices[slice] = openSlices.removeValue(forKey: slice)
        posts += 1
    }

    /// The server said that it could not: nothing of it may be there.
    func wasRefused(_ slice: Slice) { openSlices[slice] = nil }

    func wasRefusedLabels() { openLabels = nil }

    func wasRefused(_ volume: String) {
        openVolumes[volume] = nil
        openRemovals.remove(volume)
    }

    func willPut(_ labels: Data) { openLabels = labels }

    func didPut() {
        labels = openLabels ?? labels
        openLabels = nil
        puts += 1
    }

    /// The volume that gets whole label volumes has begun anew.
    func didRenew() { labels = Self.unlabeled }

    private static let unlabeled = Data(
        repeating: 255, count: Customers.extent.z * Customers.extent.y * Customers.extent.x)

    func willUpload(_ name: String, _ file: Data) { openVolumes[name] = file }

    func didUpload(_ name: String) {
        volumes[name] = openVolumes.removeValue(forKey: name)
        uploads += 1
    }

    /// The name of a volume that may be removed to make room; `nil` if there are few.
    func willRemove() -> String? {
        guard volumes.count > 4, let name = volumes.keys.min() else { return nil }
        openRemovals.insert(name)
        return name
    }

    func didRemove(_ name: String) {
        openRemovals.remove(name)
        volumes[name] = nil
    }

    func didQueue(_ job: Int) { jobs.insert(job) }

    func didCompare(_ name: String) { compared.insert(name) }

    /// What is there now settles what was open.
    func settle(slices current: [Slice: Data], labels whole: Data, volumes names: Set<String>) {
        labels = whole
        openLabels = nil
        for slice in openSlices.keys { slices[slice] = current[slice] }
        openSlices = [:]
        for (name, file) in openVolumes where names.contains(name) { volumes[name] = file }
        openVolumes = [:]
        for name in openRemovals where !names.contains(name) { volumes[name] = nil }
        openRemovals = []
    }
}
