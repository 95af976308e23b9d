import Foundation
import JSON
import Testing

@Suite struct JSONValueTests {
    @Test func `members keep their order in text, and names are quoted`() {
        let value: JSONValue = ["b": 1, "a": [1.0, "x\n\u{1}\"\\/", .null, true], "c": .raw("{\"z\":0}")]
        #expect(value.text == #"{"b":1,"a":[1.0,"x\n\u0001\"\\/",null,true],"c":{"z":0}}"#)
        #expect(JSONValue.number(.infinity).text == "null")
    }

    @Test func `sorted text has whole numbers without a fraction`() throws {
        let value: JSONValue = ["b": 1.0, "a": ["y": 0.5, "x": .raw("[2]")]]
        #expect(try JSONText.encode(value) == #"{"a":{"x":[2],"y":0.5},"b":1}"#)
        #expect(throws: (any Error).self) { try JSONText.encode([Double.infinity]) }
        #expect(try JSONText.encode([-Double.infinity], nonFinite: .strings) == #"["-inf"]"#)
        #expect(try JSONText.decode([Double].self, from: #"["-inf"]"#, nonFinite: .strings) == [-.infinity])
    }

    @Test func `objects are equal in any order, numbers however they are written`() throws {
        let one: JSONValue = ["a": 1, "b": ["c": 2]]
        #expect(try JSONValue(json: Data(#"{"b":{"c":2.0},"a":1}"#.utf8)) == one)
        #expect(Set([one, ["b": ["c": 2.0], "a": 1.0]]).count == 1)
        #expect(one != ["a": 1])
        #expect(throws: JSONError.malformed) { try JSONValue(json: Data("{".utf8)) }
    }

    @Test func `members of one object stand over those of another, objects within alike`() {
        let base: JSONValue = ["a": 1, "b": ["x": 1, "y": 2]]
        #expect(base.merging(["b": ["y": 3], "c": 4]).text == #"{"a":1,"b":{"x":1,"y":3},"c":4}"#)
        #expect(base.merging(5) == 5)
    }

    @Test func `an object that says two things is refused by the name`() throws {
        for (text, name) in [
            (#"{"a":1,"a":2}"#, "a"), (#"[{"b":{"a":1,"c":[{"d":1}],"a":1}}]"#, "a"),
            (#"{"\u0061":1,"b":2,"a":1}"#, "a"),
            (#"{"a\"":1,"b":"a\"","a\"":1}"#, "a\""),
        ] {
            #expect(throws: JSONError.invalid(field: name, detail: "is there twice; each field may occur once")) {
                try JSONValue(received: Data(text.utf8))
            }
        }
        for text in [#"{"a":"a","b":["a","a"],"c":{"a":1},"d":[{"a":1},{"a":1}]}"#, #""{\"a\":1,\"a\":1}""#, "[]", "1"]
        {
            #expect(try JSONValue(received: Data(text.utf8)) == JSONValue(json: Data(text.utf8)))
        }
        #expect(throws: JSONError.malformed) { try JSONValue(received: Data("{".utf8)) }
    }
}
