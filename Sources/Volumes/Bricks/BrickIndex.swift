/// The position of a brick in its grid, counted in bricks from 0.
package struct BrickIndex: Codable, Hashable, Sendable {
    package var z: Int
    package var y: Int
    package var x: Int

    package init(z: Int, y: Int, x: Int) {
        self.z = z
        self.y = y
        self.x = x
    }
}
