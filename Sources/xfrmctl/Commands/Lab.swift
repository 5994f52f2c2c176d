import ArgumentParser

struct Lab: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Test networks in private network namespaces.",
    discussion: """
      Example:
        xfrmctl lab demo          a tunnel between two sites
      """,
    subcommands: [LabDemo.self])
}
