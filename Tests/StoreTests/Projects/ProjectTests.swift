import Store
import Testing
import Volumes

@Suite struct ProjectTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private func classes(_ names: String...) -> [ClassRecord] {
        names.map { ClassRecord(name: $0, color: "#0072b2") }
    }

    @Test func `putting a project creates it once and changes it then`() async throws {
        let first = try await fixture.store.putProject(name: "p", description: "one", classes: classes("a"))
        #expect(first.created)
        let second = try await fixture.store.putProject(name: "p", description: nil, classes: classes("a", "b"))
        #expect(!second.created)
        #expect(second.project.id == first.project.id && second.project.created == first.project.created)
        #expect(second.project.description == "one")
        #expect(second.project.classes.map(\.name) == ["a", "b"])
        #expect(try await fixture.store.project(named: "p") == second.project)
        #expect(try await fixture.store.project(id: first.project.id) == second.project)
    }

    @Test func `new classes are seen at once where the project was read before`() async throws {
        _ = try await fixture.project("p", classes: classes("a", "b"))
        for changed in [classes("a", "new"), classes("new", "a"), classes("new", "a", "c"), classes("c")] {
            _ = try await fixture.store.project(named: "p")
            let put = try await fixture.store.putProject(name: "p", description: nil, classes: changed)
            #expect(put.project.classes == changed)
            #expect(try await fixture.store.project(named: "p") == put.project)
        }
    }

    @Test func `projects are listed by name`() async throws {
        for name in ["b", "a", "c"] { _ = try await fixture.project(name) }
        #expect(try await fixture.store.projects().map(\.name) == ["a", "b", "c"])
    }

    @Test(arguments: ["", "-a", ".a", "a b", "a/b", "ä", String(repeating: "a", count: 65)])
    func `an ill-formed name is refused`(name: String) async throws {
        #expect(await failure { _ = try await fixture.project(name) }?.isConstraint == true)
    }

    @Test(arguments: ["0", "A", "a.b_c-D", String(repeating: "a", count: 64)])
    func `a well-formed name is taken`(name: String) async throws {
        #expect(try await fixture.project(name).name == name)
    }

    @Test(arguments: [["a", "a"], [""], ["unlabeled"], [" a"], ["a\n"], (0..<255).map { "c\($0)" }])
    func `ill-formed classes are refused`(names: [String]) async throws {
        let classes = names.map { ClassRecord(name: $0, color: "#000000") }
        #expect(await failure { _ = try await fixture.project(classes: classes) }?.isConstraint == true)
    }

    @Test func `254 classes are taken, a color that is none is not`() async throws {
        let many = (0..<254).map { ClassRecord(name: "c\($0)", color: "#000000") }
        #expect(try await fixture.project(classes: many).classes == many)
        let colorless = [ClassRecord(name: "a", color: "#00000g")]
        #expect(await failure { _ = try await fixture.project("q", classes: colorless) }?.isConstraint == true)
    }

    @Test func `unused classes may be removed and moved`() async throws {
        _ = try await fixture.project("p", classes: classes("a", "b", "c"))
        #expect(try await fixture.project("p", classes: classes("c", "a")).classes.map(\.name) == ["c", "a"])
    }

    @Test func `a class that labels use is renamed, but neither removed nor moved`() async throws {
        let project = try await fixture.project("p", classes: classes("a", "b", "c"))
        let volume = try await fixture.volume(in: project)
        var values = [UInt8](repeating: 255, count: 30)
        values[3] = 2
        _ = try await fixture.store.postAnnotations(
            volume: volume.id, [NewAnnotation(at: SlicePosition(.z, 0), rows: 5, columns: 6, values: values)])

        #expect(try await fixture.project("p", classes: classes("a", "b", "new")).classes[2].name == "new")
        let removed = await failure { _ = try await fixture.project("p", classes: classes("a", "b")) }
        #expect(
            removed
                == .conflict("class \"new\" (value 2) can't be removed: 1 voxels in 1 annotated slice have it"))
        let moved = await failure { _ = try await fixture.project("p", classes: classes("new", "b", "a")) }
        #expect(moved?.isConflict == true)
        // Unused ones before it may change.
        _ = try await fixture.project("p", classes: classes("b", "a", "new"))

        _ = try await fixture.store.clear(volume: volume.id, at: SlicePosition(.z, 0))
        #expect(try await fixture.project("p", classes: classes("b")).classes.count == 1)
    }

    @Test func `a class that a truth uses is not removed`() async throws {
        let project = try await fixture.project("p", classes: classes("a", "b"))
        let volume = try await fixture.volume(in: project)
        let truth = try fixture.grid(volume.header.extent, values: [UInt8](repeating: 1, count: 120))
        try await fixture.store.setTruth(volume: volume.id, grid: truth)
        #expect(await failure { _ = try await fixture.project("p", classes: classes("a")) }?.isConflict == true)
    }

    @Test func `deleting a project removes all of it`() async throws {
        let project = try await fixture.project()
        let volume = try await fixture.volume(in: project)
        _ = try await fixture.store.postAnnotations(
            volume: volume.id,
            [NewAnnotation(at: SlicePosition(.z, 0), rows: 5, columns: 6, values: [UInt8](repeating: 1, count: 30))])
        let job = try await fixture.store.addJob(project: project.id, kind: "train", request: "{}")
        let model = try await fixture.model(in: project, job: job.id)
        let prediction = try await fixture.predict(volume, model)
        try await fixture.store.deleteProject(named: "kidney")

        #expect(try await fixture.store.projects().isEmpty)
        #expect(await failure { _ = try await fixture.store.job(id: job.id) }?.isNotFound == true)
        for grid in [volume.image, prediction.labels, prediction.probability] {
            #expect(await failure { _ = try fixture.store.source(grid: grid) }?.isNotFound == true)
        }
        #expect(await failure { try await fixture.store.deleteProject(named: "kidney") }?.isNotFound == true)
        let again = try await fixture.project()
        #expect(again.id != project.id)
        #expect(try await fixture.store.integrityCheck().isEmpty)
    }
}
