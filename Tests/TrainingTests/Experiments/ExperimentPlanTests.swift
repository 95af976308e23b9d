import JSON
import Network
import Testing
import Training
import Volumes

@Suite struct ExperimentPlanTests {
    private let classes = ["ground", "ball"]

    private func subject(
        _ name: String, z: [Int] = [], y: [Int] = [], x: [Int] = [], hasTruth: Bool = false
    ) -> ExperimentSubject {
        let places = zip(Axis.allCases, [z, y, x]).flatMap { axis, indices in
            indices.map { VolumeSlice(volume: name, at: SlicePosition(axis, $0)) }
        }
        return ExperimentSubject(
            name: name, header: VolumeHeader(extent: Extent(z: 40, y: 40, x: 40), element: .uint8), slices: places,
            hasTruth: hasTruth)
    }

    private func variants(_ changes: JSONValue...) throws -> [ExperimentVariant] {
        try ExperimentVariant.list(changes.isEmpty ? [.object([:])] : changes, of: .string("fast"))
    }

    /// The field that is at fault.
    private func fault(_ body: () throws -> ExperimentPlan) throws -> String? {
        do {
            _ = try body()
            return nil
        } catch TrainingError.invalid(let field, _) {
            return field
        }
    }

    @Test(arguments: 2...5) func `every slice is held out once, in folds of even size`(folds: Int) throws {
        let subjects = [subject("a", z: [3, 9, 20, 31], y: [5], x: [7, 8]), subject("b", z: [1, 2], x: [30])]
        let all = subjects.flatMap(\.slices)
        let plan = try ExperimentPlan.crossvalidation(
            subjects, classes: classes, folds: folds, variants: variants(), budget: nil)
        #expect(plan.trials.count == folds)
        let tested = plan.trials.map { $0.test.slices ?? [] }
        #expect(tested.joined().count == all.count)
        #expect(Set(tested.joined()) == Set(all))
        let sizes = tested.map(\.count)
        let (least, most) = (try #require(sizes.min()), try #require(sizes.max()))
        #expect(most <= least + 1)
        for trial in plan.trials {
            #expect(Set(trial.training) == Set(all).subtracting(trial.test.slices ?? []))
            #expect(trial.test.except == trial.training)
        }
    }

    @Test func `a fold has slices of every axis where there are enough`() throws {
        let plan = try ExperimentPlan.crossvalidation(
            [subject("a", z: [1, 2, 3], y: [4, 5, 6], x: [7, 8, 9])], classes: classes, folds: 3, variants: variants(),
            budget: Budget(steps: 7))
        for trial in plan.trials {
            #expect(Set((trial.test.slices ?? []).map(\.axis)) == Set(Axis.allCases))
            #expect(trial.budget == Budget(steps: 7))
        }
    }

    @Test func `more folds than slices are refused`() throws {
        let few = [subject("a", z: [1], y: [4])]
        let fault = try fault {
            try .crossvalidation(few, classes: classes, folds: 3, variants: variants(), budget: nil)
        }
        #expect(fault == "folds")
    }

    @Test func `with a truth, slices are the evenly spaced ones and all counts share their voxels`() throws {
        let places = VolumeSlice.all(of: "a", extent: Extent(z: 40, y: 40, x: 40))
        var subject = subject("a", hasTruth: true)
        subject.slices = places
        let plan = try ExperimentPlan.slices(
            [subject], classes: classes, counts: [2, 1], variants: variants(), budget: nil)
        #expect(plan.trials.map(\.x) == [1, 2])
        #expect(plan.trials.map { $0.training.map(\.index) } == [[20, 20, 20], [10, 30, 10, 30, 10, 30]])
        #expect(Set(plan.trials.map(\.test)).count == 1)
        #expect(plan.trials[0].test.slices == nil)
        #expect(Set(plan.trials[0].test.except.map(\.index)) == [10, 20, 30])
    }

    @Test func `without a truth, choices lie in each other and the rest is scored`() throws {
        let subject = subject("a", z: Array(0..<8), y: [10, 20])
        let plan = try ExperimentPlan.slices(
            [subject], classes: classes, counts: [1, 2, 4], variants: variants(), budget: nil)
        let chosen = plan.trials.map { Set($0.training) }
        #expect(chosen[0].isSubset(of: chosen[1]))
        #expect(chosen[1].isSubset(of: chosen[2]))
        let rest = try #require(plan.trials[2].test.slices)
        #expect(rest.count == 4)
        #expect(chosen[2].isDisjoint(with: rest))
        #expect(rest.allSatisfy { $0.axis == .z })
        #expect(Set(plan.trials.map(\.test)).count == 1)
    }

    @Test func `counts that leave nothing to score are refused, and not taken by default`() throws {
        let subject = subject("a", z: [1, 2], y: [1, 2], x: [1, 2])
        let fault = try fault {
            try .slices([subject], classes: classes, counts: [1, 2], variants: variants(), budget: nil)
        }
        #expect(fault == "counts")
        let plan = try ExperimentPlan.slices(
            [subject], classes: classes, counts: nil, variants: variants(), budget: nil)
        #expect(plan.trials.map(\.x) == [1])
    }

    @Test func `each volume is segmented by what the others teach`() throws {
        let subjects = [subject("a", z: [1], y: [2]), subject("b", z: [3]), subject("c", hasTruth: true)]
        let plan = try ExperimentPlan.transfer(
            subjects, classes: classes, variants: variants(.object(["norm": .string("none")]), .object([:])),
            budget: nil)
        #expect(plan.trials.count == 6)
        #expect(plan.trials.map(\.label) == ["a", "b", "c", "a", "b", "c"])
        #expect(plan.trials[0].training.map(\.volume) == ["b"])
        #expect(plan.trials[0].test.slices?.count == 2)
        #expect(plan.trials[2].training.count == 3)
        #expect(plan.trials[2].test.slices == nil)
        #expect(plan.trials[0].recipe.norm == .none)
        let alone = try fault {
            try .transfer([subject("a", z: [1])], classes: classes, variants: variants(), budget: nil)
        }
        #expect(alone == "volumes")
    }

    @Test func `variants are called after what they change`() throws {
        let named = try variants(
            .object(["norm": .string("batch")]), .object(["norm": .string("none")]),
            .object(["dimensions": .number(2)]),
            .object(["augmentation": .object(["rotation": .number(20), "gray": .bool(false)])]),
            .object(["name": .string("mine"), "base": .number(8)]))
        #expect(
            named.map(\.name) == [
                "3D, batch norm", "3D, no norm", "2D", "augmentation.gray off, augmentation.rotation 20", "mine",
            ])
        #expect(named.allSatisfy { $0.recipe.preset == .fast })
        #expect(named[4].recipe.base == .fixed(8))
    }

    @Test func `a change lies over the recipe and leaves the rest of it`() throws {
        let recipe = JSONValue.object([
            "preset": .string("accurate"), "augmentation": .object(["rotation": .number(5), "gray": .bool(false)]),
        ])
        let change = JSONValue.object(["augmentation": .object(["rotation": .number(9)])])
        let variant = try #require(try ExperimentVariant.list([change], of: recipe).first)
        #expect(variant.recipe.preset == .accurate)
        #expect(variant.recipe.augmentation.rotation == .fixed(9))
        #expect(variant.recipe.augmentation.gray == nil)
    }

    @Test(
        arguments: [
            ([.number(3)], "variants[0]"), ([], "variants"),
            ([.object(["depth": .number(3)])], "variants[0].depth"),
            ([.object(["name": .number(3)])], "variants[0].name"),
            ([.object([:]), .object([:])], "variants[1]"),
        ] as [([JSONValue], String)])
    func `a wrong variant is refused by its place`(changes: [JSONValue], field: String) throws {
        do throws(TrainingError) {
            _ = try ExperimentVariant.list(changes, of: .string("fast"))
            Issue.record("it was taken")
        } catch {
            guard case .invalid(field, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }
}
