import JSON
import Testing

@Suite struct JSONRecordTests {
    private struct Boat: Equatable, Sendable {
        enum Kind: String, CaseIterable, Sendable { case sail, motor }

        var kind = Kind.sail
        var length = 3.0
        var crew: [String] = []
        var mast: Int? = 1
        var name: String?
    }

    private static let boat = JSONRecord<Boat>([
        JSONField("kind", \.kind, .choice), JSONField("length", \.length, .number(in: 1...9), isRequired: true),
        JSONField("crew", \.crew, JSONSchema<[String]>.list(of: .string, "an array of names", count: 0...2).unique),
        JSONField("mast", \.mast, JSONSchema.integer(in: 1...3).orNothing),
        JSONField(optional: "name", \.name, .string, "What it is called"),
    ])

    private func read(_ value: JSONValue) throws(JSONError) -> Boat {
        var boat = Boat()
        try Self.boat.read(value, into: &boat, path: "boat")
        return boat
    }

    @Test func `what is read is written again, and nothing is null`() throws {
        let value: JSONValue = ["kind": "motor", "length": 4, "crew": ["a", "b"], "mast": .null]
        let boat = try read(value)
        #expect(boat == Boat(kind: .motor, length: 4, crew: ["a", "b"], mast: nil))
        #expect(JSONValue.object(Self.boat.write(boat)) == value)
        #expect(try read(["length": 2]) == Boat(length: 2))
    }

    @Test(
        arguments: [
            (["length": 0.9], "boat.length: is 0.9; a number from 1.0 to 9.0 is expected"),
            (["length": "x"], #"boat.length: is "x"; a number from 1.0 to 9.0 is expected"#),
            ([:], "boat.length: is missing; a number from 1.0 to 9.0 is expected"),
            (["length": 2, "kind": "oar"], #"boat.kind: is "oar"; one of "sail", "motor" is expected"#),
            (["length": 2, "mast": 1.5], "boat.mast: is 1.5; a whole number from 1 to 3 is expected"),
            (["length": 2, "crew": ["a", "a"]], #"boat.crew: has "a" twice; each may occur once"#),
            (["length": 2, "crew": ["a", "b", "c"]], "boat.crew: is an array of 3; an array of names is expected"),
            (["length": 2, "oars": 2], "boat.oars: is not a known field; known are crew, kind, length, mast, name"),
            ([1], "boat: is an array; an object is expected"),
        ] as [(JSONValue, String)])
    func `what is wrong is said with its path and what would be right`(value: JSONValue, words: String) {
        let error = #expect(throws: JSONError.self) { try read(value) }
        #expect(error?.description == words)
    }

    @Test func `the schema says the same`() {
        let schema = Self.boat.description(first: [.init(name: "tag", value: ["const": "boat"])])
        #expect(schema["required"] == ["tag", "length"])
        #expect(schema["additionalProperties"] == false)
        let members = schema["properties"]
        #expect(members["length"] == ["type": "number", "minimum": 1, "maximum": 9])
        #expect(
            members["mast"]["anyOf"] == [["type": "integer", "minimum": 1, "maximum": 3], ["type": "null"]])
        #expect(
            members["crew"]
                == ["type": "array", "items": ["type": "string"], "maxItems": 2, "uniqueItems": true])
        #expect(members["name"]["description"] == "What it is called")
    }

    @Test func `null can mean that a member is not there`() throws {
        let record = JSONRecord<Boat>(null: .absence, [JSONField("length", \.length, .number(in: 1...9))])
        var boat = Boat()
        try record.read(["length": .null], into: &boat, path: "")
        #expect(boat == Boat())
        #expect(throws: JSONError.self) { try read(["length": .null]) }
    }
}
