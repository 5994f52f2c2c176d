import ArgumentParser

struct Lab: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Test networks in private network namespaces.",
    discussion: """
      Examples:
        xfrmctl lab demo                 a tunnel between two sites
        xfrmctl lab up site-to-site      such a network, while this runs
        xfrmctl lab exec gateway-a -- xfrmctl state
        xfrmctl lab graph hub-and-spoke  what it would be
      """,
    subcommands: [
      LabDemo.self, LabUp.self, LabDown.self, LabList.self, LabExec.self, LabGraph.self,
    ])
}
