import TestSupport
import Testing
import XFRMKit

extension Kernel {
  /// `xfrmctl ip` beside iproute2's `ip`, each in a namespace of its own.
  @Suite("ip")
  struct IPTests {
    @Test("the same commands have the same effect, output, complaints and exit status")
    func commands() async throws {
      let theirs = try IPSite()
      let ours = try IPSite()
      try await theirs.keepReservations()
      try await ours.keepReservations()
      for part in IPScript.parts {
        let words = part.commands.map(\.words)
        let ourOutcomes = try ours.xfrmctl(words)
        let theirOutcomes = try await theirs.iproute2(words) {
          ourOutcomes[$0].isQuiet && part.commands[$0].canBeInBatch
        }
        for (number, command) in part.commands.enumerated() {
          expectSame(command, theirOutcomes[number], ourOutcomes[number])
        }
        let isChanged = ourOutcomes.contains { $0.status == 0 }
        // What differs, the lists show in fewer words.
        let isSame = try theirs.databases().timeless == ours.databases().timeless
        #expect(isSame, "\(part.title)")
        if isChanged { try await expectSameLists(theirs, ours, part) }
      }
    }

    @Test("without privileges both are refused alike")
    func unprivileged() async throws {
      let site = try IPSite()
      let withoutPrivileges = "setpriv --bounding-set -all --inh-caps -all"
      for command in ["state", "policy deleteall", "monitor"] {
        let theirs = try await site.run("\(withoutPrivileges) ip xfrm \(command)")
        let ours = try await site.run("\(withoutPrivileges) $XFRMCTL ip xfrm \(command)")
        #expect(theirs.complaint.contains("Operation not permitted"))
        #expect(ours.complaint == theirs.complaint, "\(command)")
        #expect(ours.status == theirs.status, "\(command)")
      }
    }

    private func expectSame(
      _ command: IPScript.Command, _ theirs: Tool.Outcome, _ ours: Tool.Outcome
    ) {
      #expect(ours.status == theirs.status, "\(command): \(ours.complaint)")
      #expect(ours.timeless == theirs.timeless, "\(command)")
      // Some of iproute2's complaints end with an empty line.
      let complaint = theirs.complaint.replacing(#/\n\n$/#, with: "\n")
      // What is listed must be there, or the list says too much.
      #expect((ours.complaint != complaint) == command.isWordedOtherwise, "\(command)")
      #expect(!ours.complaint.contains("0001020304"), "\(command)")
    }

    /// Both programs list both namespaces. In one and the same nothing may differ.
    private func expectSameLists(
      _ theirs: IPSite, _ ours: IPSite, _ part: IPScript.Part
    ) async throws {
      let lists = part.lists
      let all = [
        try await theirs.iproute2(lists), try theirs.xfrmctl(lists), try await ours.iproute2(lists),
        try ours.xfrmctl(lists),
      ]
      for (number, list) in lists.enumerated() {
        let remark: Comment = "\(part.title): \(list.joined(separator: " "))"
        let outputs = all.map { $0[number].output }
        #expect(firstDifference(outputs[0], outputs[1]) == nil, remark)
        #expect(firstDifference(outputs[2], outputs[3]) == nil, remark)
        let timeless = all.map { $0[number].timeless }
        #expect(firstDifference(timeless[0], timeless[3]) == nil, remark)
        #expect(all.allSatisfy { $0[number].status == 0 }, remark)
      }
    }

    /// The first lines that differ.
    private func firstDifference(_ first: String, _ second: String) -> String? {
      guard first != second else { return nil }
      let lines = [first, second].map {
        $0.split(separator: "\n", omittingEmptySubsequences: false)
      }
      let pairs = zip(lines[0], lines[1]).first { $0 != $1 }
      return pairs.map { "\($0) | \($1)" } ?? "one is longer"
    }

    @Test("there are enough of them, and a kernel with ESP takes those that are to be taken")
    func counts() async throws {
      let commands = IPScript.parts.flatMap(\.commands)
      #expect(commands.count { $0.object == "state" } >= 60)
      #expect(commands.count { $0.object == "policy" } >= 40)
      let site = try IPSite()
      try await site.keepReservations()
      for part in IPScript.parts {
        let accepted = try site.xfrmctl(part.commands.map(\.words)).count { $0.status == 0 }
        if part.title.hasSuffix("refused") {
          #expect(accepted == 0, "\(part.title)")
        } else if Bed.hasESP || !part.title.hasPrefix("SAs") {
          #expect(accepted * 10 >= part.commands.count * 7, "\(part.title): \(accepted)")
        }
      }
    }
  }
}
