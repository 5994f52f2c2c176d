import ArgumentParser

struct Lab: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Test networks in private network namespaces.", subcommands: [LabDemo.self])
}
