import FoundationEssentials
import TestSupport
import Testing
import XFRMKit

/// A network namespace in which iproute2's `ip` and `xfrmctl ip` can be asked.
struct IPSite {
  /// Both databases of a kernel.
  struct Databases: Equatable {
    var associations: [SecurityAssociation]
    var policies: [Policy]

    /// But for times, and the indexes of policies, which the kernel chooses; three bits of them are
    /// the direction.
    var timeless: Databases {
      var copy = self
      for index in copy.associations.indices {
        copy.associations[index].usage.addedAt = 0
        copy.associations[index].lastUsedAt = nil
      }
      for index in copy.policies.indices {
        copy.policies[index].usage.addedAt = 0
        copy.policies[index].index &= 7
      }
      return copy
    }
  }

  private let namespace: NetworkNamespace
  /// A file that stands for it.
  private let file: String
  private let captured: CapturedOutput

  init() throws {
    namespace = try NetworkNamespace.create()
    // The thread that made the namespace stays in it. Why either is missing, if it is, would help
    // nobody: the test ends below.
    let (thread, captured) = try namespace.run {
      (
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self"),
        CapturedOutput()
      )
    }
    file = "/proc/\(try #require(thread))/ns/net"
    self.captured = try #require(captured)
  }

  /// Runs a script in the namespace.
  func run(_ script: String, input: String = "") async throws -> Tool.Outcome {
    try await Shell.run("exec nsenter --net=\"$1\" sh -c \"$2\"", [file, script], input: input)
  }

  /// What `ip` makes of command lines.
  ///
  /// - Parameter quiet: Which of them are expected to succeed and to say nothing. Neighbours of that
  ///   kind are a batch, as starting a program takes a guest kernel longer than all else. Should one
  ///   do otherwise, the outcome is that of all of them.
  func iproute2(
    _ commands: [[String]], quiet: (Int) -> Bool = { _ in false }
  ) async throws -> [Tool.Outcome] {
    var groups: [Range<Int>] = []
    for number in commands.indices {
      if let last = groups.last, quiet(last.lowerBound), quiet(number) {
        groups[groups.count - 1] = last.lowerBound..<(number + 1)
      } else {
        groups.append(number..<(number + 1))
      }
    }
    let script = groups.map { group in
      if group.count == 1 {
        return "ip " + commands[group.lowerBound].map(Shell.quoted).joined(separator: " ")
          + Self.marks
      }
      let lines = commands[group].map { words in
        words.map { $0.isEmpty ? "''" : $0 }.joined(separator: " ") + "\n"
      }
      return "ip -batch - <<'END'\(Self.marks)\(lines.joined())END\n"
    }
    let outcome = try await run(script.joined())
    let outputs = outcome.output.split(separator: "\u{1e}", omittingEmptySubsequences: false)
    let complaints = outcome.complaint.split(separator: "\u{1e}", omittingEmptySubsequences: false)
    try #require(outputs.count == 2 * groups.count + 1, "\(outcome.complaint)")
    return try groups.enumerated().flatMap { (number, group) in
      let one = Tool.Outcome(
        status: try #require(Int32(outputs[2 * number + 1])),
        output: String(outputs[2 * number]), complaint: String(complaints[number]))
      return repeatElement(one, count: group.count)
    }
  }

  /// Tells the exit status behind the output, and where the complaints end. No program prints this
  /// character.
  private static let marks = "; printf '\\036%d\\036' $?; printf '\\036' >&2\n"

  /// What `xfrmctl ip` makes of command lines, each as a process would.
  func xfrmctl(_ commands: [[String]]) throws -> [Tool.Outcome] {
    let captured = captured
    return try namespace.run {
      commands.map { words in captured.outcome { runIPTool(words) } }
    }
  }

  func databases() throws -> Databases {
    try namespace.run { () throws(NetlinkError) in
      Result { () throws(XFRMError) in
        var xfrm = try XFRMClient()
        return Databases(associations: try xfrm.associations(), policies: try xfrm.policies())
      }
    }.get()
  }

  /// Lets reserved SPIs be there until the test is done.
  func keepReservations() async throws {
    let outcome = try await run("echo 3600 >/proc/sys/net/core/xfrm_acq_expires")
    #expect(outcome.status == 0, "\(outcome.complaint)")
  }
}

extension Tool.Outcome {
  var isQuiet: Bool { status == 0 && output.isEmpty && complaint.isEmpty }

  /// But for times, for the indexes of policies, and for the sizes of tables, which the kernel sees
  /// to when it has nothing else to do.
  var timeless: String {
    output
      .replacing(#/(?<what>add|use|lastused) \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/#) { "\($0.what) T" }
      .replacing(#/index (?<number>\d+)/#) { "index \((UInt32($0.number) ?? 0) & 7)" }
      .replacing(#/(?<what>buckets:? count) \d+/#) { "\($0.what) N" }
  }
}
