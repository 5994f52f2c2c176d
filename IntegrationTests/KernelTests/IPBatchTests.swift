import TestSupport
import Testing
import XFRMKit

extension Kernel {
  /// `xfrmctl ip -batch`, beside iproute2's.
  @Suite("ip -batch")
  struct IPBatchTests {
    /// Adds a policy that lets nothing pass, for a destination of its own.
    private static func addition(_ number: Int) -> String {
      "xfrm policy add dst 10.\(number / 62500).\(number / 250 % 250).\(number % 250) dir out"
        + " action block priority \(number)\n"
    }

    /// Runs a batch from stdin in a namespace of its own.
    private func run(
      _ program: String, _ batch: String
    ) async throws -> (outcome: Tool.Outcome, priorities: [UInt32]) {
      let site = try IPSite()
      let outcome = try await site.run(program, input: batch)
      return (outcome, try site.databases().policies.map(\.priority).sorted())
    }

    @Test("goes on after a list, after which iproute2 ends and is content")
    func list() async throws {
      let batch = Self.addition(1) + "xfrm policy list\n" + Self.addition(2)
      let ours = try await run("$XFRMCTL ip -o -b -", batch)
      #expect(ours.outcome.status == 0)
      #expect(ours.priorities == [1, 2])
      // What stands before the list is done by then, and what stands behind is not.
      #expect(ours.outcome.output.split(separator: "\n").count == 1)
      #expect(ours.outcome.output.contains(" priority 1 "))

      let theirs = try await run("ip -o -b -", batch)
      #expect(theirs.outcome.status == 0)
      #expect(theirs.priorities == [1])
      #expect(theirs.outcome.output == ours.outcome.output)
    }

    /// The words of a batch that fails in lines 3 and 4, and those of its lines 1 and 6.
    private static let failing =
      addition(1) + "# nothing\n" + addition(1) + "xfrm policy add dir sideways\n\n" + addition(2)

    @Test("with -force goes on after what fails, and says where that is")
    func forced() async throws {
      let ours = try await run("$XFRMCTL ip -force -b -", Self.failing)
      #expect(ours.outcome.status == 1)
      #expect(ours.priorities == [1, 2])
      #expect(
        ours.outcome.complaint == """
          -:3: add: RTNETLINK answers: File exists
          Command failed -:3
          -:4: sideways: Error: argument "sideways" is wrong: DIR value is invalid
          Command failed -:4

          """)
      let theirs = try await run("ip -force -b -", Self.failing)
      #expect(theirs.outcome.status == 2)
      #expect(theirs.priorities == [1])
    }

    @Test(
      "ends where a line fails, and leaves nothing of what is behind it",
      arguments: [(addition(1), 2), ("xfrm policy add dir sideways\n", 255)])
    func stopped(_ mistake: String, status: Int) async throws {
      let behind = (2..<300).map(Self.addition).joined()
      for program in ["$XFRMCTL ip -b -", "ip -b -"] {
        let (outcome, priorities) = try await run(program, Self.addition(1) + mistake + behind)
        #expect(Int(outcome.status) == status, "\(program)")
        #expect(priorities == [1], "\(program)")
        #expect(!outcome.complaint.isEmpty, "\(program)")
      }
    }

    /// Guests are slower, and iproute2 slower still.
    private static let many = Bed.name == "host" ? 10_000 : 2_000

    @Test("thousands of lines install what they install through iproute2, in the same order")
    func many() async throws {
      let batch = (0..<Self.many).map(Self.addition).joined()
      var databases: [IPSite.Databases] = []
      for program in ["$XFRMCTL ip -b -", "ip -b -"] {
        let site = try IPSite()
        let outcome = try await site.run(program, input: batch)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        databases.append(try site.databases().timeless)
      }
      #expect(databases[0].policies.count == Self.many)
      #expect(databases[0] == databases[1])
    }
  }
}
