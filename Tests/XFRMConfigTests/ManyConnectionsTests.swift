import Glibc
import Testing
import XFRMKit

@testable import XFRMConfig

/// What many connections cost grows with their number, and not with its square.
@Suite("Many connections")
struct ManyConnectionsTests {
  private static func text(_ count: Int) -> String {
    (0..<count).reduce("connections:\n") { text, number in
      let place = "\(number / 256).\(number % 256)"
      let spi = 0x1001 + 2 * number
      return text + """
        - name: c\(number)
          kind: site-to-site
          local: {address: 192.0.2.1, subnets: 10.0.0.0/16}
          remote: {address: 198.18.\(place), subnets: 11.\(place).0/24}
          proposal: aes256-sha256
          keys:
            in: {spi: \(spi), key: "file:/nowhere/\(spi)"}
            out: {spi: \(spi + 1), key: "file:/nowhere/\(spi + 1)"}

        """
    }
  }

  /// Seconds of this thread's processor time, which others that run meanwhile do not lengthen.
  private static func processorTime(of body: () throws -> Void) rethrows -> Double {
    func now() -> Double {
      var time = timespec()
      // Sound: the time outlives the call.
      unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let start = now()
    try body()
    return now() - start
  }

  /// Reads a configuration, makes a plan for an empty kernel and another one for what comes of it.
  private static func plan(_ count: Int) throws {
    let configuration = try #require(load(["main.yaml": text(count)]).configuration)
    let state = configuration.expanded(PendingBundles()).state
    #expect(state.associations.count == 2 * count && state.policies.count == 6 * count)
    let first = try Planner(state, on: KernelSnapshot(), holding: Holdings()).plan()
    #expect(first.count(of: .add) == 8 * count)

    var (kernel, holdings) = (KernelSnapshot(), Holdings())
    for step in first.steps {
      holdings.note(step)
      switch step.action {
      case .addPolicy(let policy, _, _), .replacePolicy(let policy, _, _):
        kernel.policies.append(policy)
      case .addAssociation(let entry, let tag):
        var association = try #require(entry.keyed(with: .random(count: 64)))
        association.sequence = tag.sequence
        kernel.associations.append(association)
      default: break
      }
    }
    #expect(try Planner(state, on: kernel, holding: holdings).plan().isEmpty)
    var journal = Journal(boot: "b", namespace: 1)
    for step in first.steps { if let record = step.record { journal.note(record) } }
    #expect(journal.holdings == holdings)
    #expect(kernel.fingerprint(with: journal).utf8.count == 16)
  }

  /// Makes a plan that puts a new SA in the place of each.
  private static func rotate(_ count: Int) throws {
    let ends = (try #require(IPAddress("192.0.2.1")), try #require(IPAddress("192.0.2.2")))
    var (state, kernel, holdings) = (DesiredState(), KernelSnapshot(), Holdings())
    for number in 0..<UInt32(count) {
      func entry(_ generation: UInt32) -> AssociationEntry {
        let spi = SPI(rawValue: 0x5800_0000 + 2 * number + generation)
        return AssociationEntry(
          ObjectName("c\(number)", "out", generation: generation), .outgoing,
          SecurityAssociation(from: ends.0, to: ends.1, spi: spi, mode: .tunnel),
          .esp(.aes256gcm16), key: nil)
      }
      guard let tag = XFRMConfig.Tag(slot: number) else { continue }
      let old = entry(0)
      state.associations.append(entry(1))
      kernel.associations.append(old.association)
      kernel.associations[Int(number)].sequence = tag.sequence
      holdings.associations[tag] = HeldAssociation(
        old.name, .outgoing, old.association.id, keyFingerprint: "")
    }
    let plan = try Planner(state, on: kernel, holding: holdings).plan()
    #expect(plan.steps.count { $0.isReplaced } == count)
  }

  /// By how much more four times as many take. Three tries: what else goes on makes one longer only.
  private static func growth(_ body: (Int) throws -> Void) throws -> Double {
    try body(25)
    let times = try (0..<3).map { _ in
      (try processorTime { try body(250) }, try processorTime { try body(1000) })
    }
    return (times.map(\.1).min() ?? 0) / (times.map(\.0).min() ?? 1)
  }

  @Test("1,000 take about four times as long as 250, and what is there takes no step")
  func linear() throws {
    let growth = try Self.growth(Self.plan)
    #expect(growth < 8, "\(growth) times as long")
  }

  @Test("so does the way from old keys to new ones")
  func rotation() throws {
    let growth = try Self.growth { try Self.rotate(8 * $0) }
    #expect(growth < 8, "\(growth) times as long")
  }

  @Test("what looks at each for each would be found out")
  func control() throws {
    let growth = try Self.growth { count in
      let names = (0..<count).map { "c\($0)" }
      #expect(names.reduce(0) { sum, name in sum + names.count { $0 == name } } == count)
    }
    #expect(growth > 8, "\(growth) times as long")
  }
}
