import ArgumentParser

@main
struct Slicewise: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Semi-automatic annotation of 3D images over HTTP.")
}
