import Testing
import XFRMKit

@testable import XFRMConfig

/// What good files come to: Fixtures/expanded.txt.
@Suite("Expansions")
struct ExpansionTests {
  static let cases = FixtureCase.all(of: "expanded.txt")

  @Test("are the objects that the kernel gets", arguments: cases)
  func golden(_ good: FixtureCase) throws {
    let configuration = try #require(good.load().configuration)
    let expansion = configuration.expanded(PendingBundles())
    #expect(expansion.isUsable, "\(text(of: expansion.findings))")
    #expect(Self.lines(expansion) == good.expected)
  }

  @Test("are many")
  func many() { #expect(Self.cases.count >= 25) }

  @Test("of what is shown are the same", arguments: cases)
  func shown(_ good: FixtureCase) throws {
    let resolved = try #require(good.load().resolved)
    for text in [YAMLWriter.text(resolved), YAMLWriter.json(resolved)] {
      #expect(try Self.lines(expand(text)) == good.expected, "\(text)")
    }
  }

  /// A line for each object of the kernel.
  private static func lines(_ expansion: Expansion) -> String {
    (expansion.tree["kernel"]?.members ?? []).flatMap { member in
      let values = member.value.text == nil ? member.value.elements : [member.value]
      return values.map { "\(member.key): " + leaves($0).joined(separator: " | ") }
    }.joined(separator: "\n")
  }

  private static func leaves(_ node: YAMLNode) -> [String] {
    node.text.map { [$0] } ?? node.elements.flatMap(leaves)
      + node.members.flatMap { leaves($0.value) }
  }

  // MARK: Priorities and names

  @Test("have a priority for each policy of a direction, entries before guards")
  func priorities() throws {
    for good in Self.cases {
      let state = try #require(good.load().configuration).expanded(PendingBundles()).state
      for direction in [Policy.Direction.incoming, .forwarded, .outgoing] {
        let policies = state.policies.filter { $0.policy.direction == direction }
        #expect(Set(policies.map(\.policy.priority)).count == policies.count, "\(good.name)")
      }
      for entry in state.policies {
        let range = entry.role == .guard ? Ranges.guardPriorities : Ranges.entryPriorities
        #expect(range.contains(entry.policy.priority))
      }
      #expect(Set(state.policies.map(\.name)).count == state.policies.count, "\(good.name)")
      #expect(Set(state.policies.map(\.policy.key)).count == state.policies.count, "\(good.name)")
    }
  }

  @Test("break no rule of the kernel")
  func rules() throws {
    for good in Self.cases {
      let state = try #require(good.load().configuration).expanded(PendingBundles()).state
      for entry in state.policies {
        let refused = entry.policy.findings.filter { $0.rule.severity == .refused }
        #expect(refused.isEmpty, "\(good.name): \(entry.name)")
      }
    }
  }

  @Test("take 59,000 policies in a direction, and no more")
  func room() throws {
    func text(_ count: Int) -> String {
      let (some, others) = (0..<count).reduce(into: ("", "")) {
        $0.0 += "10.\($1).0.0/16, "
        $0.1 += "172.16.\($1).0/24, "
      }
      return """
        connections:
        - name: a
          kind: site-to-site
          local: {address: 192.0.2.1, subnets: [\(some)]}
          remote: {address: 192.0.2.2, subnets: [\(others)]}
        """
    }
    // Two of each pair of subnets.
    #expect(try expand(text(20)).state.policies.count == 20 * 20 * 6)
    #expect(throws: Unusable.self) { try expand(text(172)) }
  }
}
