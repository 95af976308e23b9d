import HTTP
import Testing

@Suite struct EntityTagTests {
    @Test func `tags are read as they are written`() {
        #expect(EntityTag(parsing: "\"v1\"") == EntityTag("v1"))
        #expect(EntityTag(parsing: "W/\"v1\"")?.isWeak == true)
        #expect(EntityTag(parsing: "W/\"v1\"")?.description == "W/\"v1\"")
        for text in ["v1", "\"", "\"v1", "w/\"v1\"", "\"a\"b\"", "*", ""] { #expect(EntityTag(parsing: text) == nil) }
    }

    @Test func `a weak tag is good for what need not be the same byte for byte`() throws {
        let weak = try #require(EntityTag(parsing: "W/\"v1\""))
        #expect(weak.matches(EntityTag("v1")) && !weak.isSame(as: EntityTag("v1")))
        #expect(EntityTag("v1").isSame(as: EntityTag("v1")) && !EntityTag("v1").matches(EntityTag("v2")))
    }

    @Test func `a list is cut at commas outside of quotes`() {
        let tags = EntityTags(parsing: ["\"a,b\" ,W/\"c\"", "nothing, \"d\""])
        for tag in ["a,b", "c", "d"] { #expect(tags.contains(EntityTag(tag)), "\(tag)") }
        for tag in ["a", "b", "nothing"] { #expect(!tags.contains(EntityTag(tag)), "\(tag)") }
        #expect(EntityTags(parsing: ["*"]).contains(EntityTag("x")))
        #expect(!EntityTags(parsing: []).contains(EntityTag("x")))
    }
}
