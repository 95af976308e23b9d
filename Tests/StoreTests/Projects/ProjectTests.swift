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
                == .conflict("class \"new\" (value 2) can't be removed: 1 voxel in 1 annotated slice has it"))
        let moved = await failure { _ = try await fixture.project("p", classes: classes("new", "b", "a")) }
        #expect(moved?.isConflict == true)
        // Unused ones before it may change.
        _ = try await fixture.project("p", classes: classes("b", "a", "new"))

        _ = try await fixture.store.clear(volume: volume.id, at: SlicePosition(.z, 0))
        // No label has it now, but the earlier revision does: it stays in its place, removed.
        let rest = try await fixture.project("p", classes: classes("b")).classes
        #expect(rest.map(\.name) == ["b", "a", "new"])
        #expect(rest.map(\.isRemoved) == [false, true, true])
    }

    @Test func `the value of a class that something means is never given to another class`() async throws {
        let project = try await fixture.project("p", classes: classes("a", "b", "c"))
        let volume = try await fixture.volume(in: project)
        let slice = NewAnnotation(
            at: SlicePosition(.z, 0), rows: 5, columns: 6, values: [UInt8](repeating: 2, count: 30))
        let first = try await fixture.store.postAnnotations(volume: volume.id, [slice])[0].record
        _ = try await fixture.store.clear(volume: volume.id, at: slice.position)
        _ = try await fixture.project("p", classes: classes("a", "b"))

        let taken = await failure { _ = try await fixture.project("p", classes: classes("a", "b", "d")) }
        #expect(taken?.isConflict == true)
        #expect(taken?.description.contains("{\"name\":\"c\",\"removed\":true}") == true)
        #expect(taken?.description.contains("revision 1, of slice 0 on axis z of volume \"v\"") == true)
        var kept = classes("a", "b", "c", "d")
        kept[2].isRemoved = true
        #expect(try await fixture.project("p", classes: kept).classes == kept)

        // Neither a slice nor a truth can have it, nor an earlier revision bring it back.
        let refused = await failure { _ = try await fixture.store.postAnnotations(volume: volume.id, [slice]) }
        #expect(refused?.isConstraint == true && refused?.description.contains("2 (c) was removed") == true)
        let truth = try fixture.grid(volume.header.extent, values: [UInt8](repeating: 2, count: 120))
        let hidden = await failure { try await fixture.store.setTruth(volume: volume.id, grid: truth) }
        #expect(hidden?.isConstraint == true)
        func restore() async throws {
            _ = try await fixture.store.restore(volume: volume.id, at: slice.position, revision: first.revision)
        }
        let lost = await failure { try await restore() }
        #expect(lost?.isConflict == true && lost?.description.contains("the class \"c\", which was removed") == true)

        // With its own name the class is there again.
        _ = try await fixture.project("p", classes: classes("a", "b", "c", "d"))
        try await restore()
    }

    @Test func `a class does not take the labels of another one that goes`() async throws {
        let project = try await fixture.project("p", classes: classes("a", "b"))
        let volume = try await fixture.volume(in: project)
        _ = try await fixture.store.postAnnotations(
            volume: volume.id,
            [NewAnnotation(at: SlicePosition(.z, 0), rows: 5, columns: 6, values: [UInt8](repeating: 0, count: 30))])
        #expect(await failure { _ = try await fixture.project("p", classes: classes("b")) }?.isConflict == true)
        #expect(await failure { _ = try await fixture.project("p", classes: classes("b", "a")) }?.isConflict == true)
    }

    @Test func `the classes that a model knows keep their values until it is gone`() async throws {
        let project = try await fixture.project("p", classes: classes("a", "b"))
        _ = try await fixture.model(in: project)
        #expect(try await fixture.project("p", classes: classes("a")).classes.map(\.isRemoved) == [false, true])
        let taken = await failure { _ = try await fixture.project("p", classes: classes("a", "c")) }
        #expect(taken?.description.contains("the model \"m\" knows it") == true)
        try await fixture.store.deleteModel(project: project.id, name: "m")
        #expect(try await fixture.project("p", classes: classes("a", "c")).classes == classes("a", "c"))
    }

    @Test func `a project needs a class that is not removed`() async throws {
        let removed = [ClassRecord(name: "a", color: "#000000", isRemoved: true)]
        #expect(await failure { _ = try await fixture.project(classes: removed) }?.isConstraint == true)
        _ = try await fixture.project(classes: classes("a"))
        #expect(await failure { _ = try await fixture.project(classes: removed) }?.isConstraint == true)
        #expect(
            await failure {
                _ = try await fixture.store.putProject(name: "new", description: nil, classes: nil)
            }?.isConstraint == true)
    }

    @Test func `a project goes by a model of its own until it is told otherwise`() async throws {
        let store = fixture.store
        let project = try await fixture.project("p")
        _ = try await fixture.model("m", in: project)
        _ = try await fixture.model("other", in: try await fixture.project("q"))
        func put(_ pin: ModelPin) async throws -> String? {
            try await store.putProject(name: "p", description: nil, classes: nil, model: pin).project.model
        }
        #expect(try await put(.unchanged) == nil)
        #expect(try await put(.named("m")) == "m")
        #expect(try await put(.unchanged) == "m")
        #expect(await failure { _ = try await put(.named("other")) }?.isConstraint == true)
        #expect(await failure { try await store.deleteModel(project: project.id, name: "m") }?.isConflict == true)
        #expect(try await put(.newest) == nil)
        try await store.deleteModel(project: project.id, name: "m")
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
