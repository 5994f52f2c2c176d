import ArgumentParser
import XFRMKit

/// `xfrmctl statistics`
struct StatisticsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "statistics", abstract: "Show how many packets IPsec has dropped, and why.",
    discussion: """
      Counted since the network namespace was made: /proc/net/xfrm_stat.
      Counters that stand at 0 are left out, but for JSON. To see which rise
      now, use doctor.

      Examples:
        xfrmctl statistics
        xfrmctl statistics --netns red --json

      Exit status: 0, 69 if this kernel does not count.
      """)

  @OptionGroup var question: QuestionOptions

  func run() throws {
    let counters = try question.namespace.enter { () throws(Failure) in
      do throws(NetlinkError) { return try ErrorCounters() } catch {
        guard case .system(.readCounters, .noSuchFile) = error else {
          throw Failure("cannot read the counters: \(error)", .failed)
        }
        throw Failure("this kernel does not count (CONFIG_XFRM_STATISTICS)", .notInThisKernel)
      }
    }
    if question.json {
      try Terminal.write(ObjectRendering.line(counters))
    } else {
      try Terminal.print(StatisticsText(counters).lines.joined(separator: "\n"))
    }
  }
}

/// Counters for people: in 80 columns.
struct StatisticsText {
  let counters: ErrorCounters

  init(_ counters: ErrorCounters) { self.counters = counters }

  /// A counter, and below it what it means.
  var lines: [String] {
    let raised = counters.byName.filter { $0.value > 0 }.sorted { $0.key < $1.key }
    guard !raised.isEmpty else { return ["nothing was dropped"] }
    return raised.flatMap { name, packets in
      ["\(Style.bold(name)) \(Text.count(packets))"]
        + Text.wrap(ErrorCounters.meaning(of: name), width: 78).map { "  " + $0 }
    }
  }
}
