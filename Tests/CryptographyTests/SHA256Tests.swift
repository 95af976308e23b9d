import Cryptography
import Testing
import Text

@Suite struct SHA256Tests {
    @Test(arguments: [
        // From FIPS 180-4's examples.
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `hashes are those of the standard`(text: String, digits: String) {
        #expect(SHA256.hash(text.utf8).hexadecimal == digits)
    }

    @Test func `bytes may come in pieces, also from what isn't stored contiguously`() {
        let hash = SHA256()
        hash.update([0x61])
        hash.update((0x62...0x63).lazy.map { UInt8($0) })
        hash.update([])
        #expect(hash.finalize() == SHA256.hash("abc".utf8))
        hash.update("abc".utf8)
        #expect(hash.finalize() == SHA256.hash("abc".utf8), "what follows a digest is hashed anew")
    }

    @Test func `random bytes are as many as asked for, and others each time`() throws {
        let one = try SecureBytes.random(32)
        #expect(one.count == 32)
        #expect(try SecureBytes.random(32) != one)
    }

    @Test func `values are equal if all their bytes are`() {
        #expect(SecureBytes.areEqual([1, 2, 3], [1, 2, 3]))
        #expect(!SecureBytes.areEqual([1, 2, 3], [1, 2, 4]))
        #expect(!SecureBytes.areEqual([1, 2, 3], [1, 2]))
        #expect(SecureBytes.areEqual([], []))
    }
}
