import XFRMConfig
import XFRMKit

/// Both ends of connections on one host, as labs have them.
struct LocalPair {
  private var ends: [RotationEnd]
  private let names: [String]

  /// - Parameters:
  ///   - first: One end.
  ///   - second: The other.
  ///   - asked: Names of connections; all that both ends have if empty.
  init(_ first: RotationEnd, _ second: RotationEnd, _ asked: [String]) throws(Failure) {
    ends = [first, second]
    let others = Set(try second.names(asked))
    names = try first.names(asked).filter(others.contains)
  }

  /// Does all phases, each at both ends before the next.
  ///
  /// - Parameters:
  ///   - grace: How long packets may be under way.
  ///   - progress: Called with each phase of each end that is done, and how many steps that took.
  /// - Returns: What became of each end.
  mutating func rotate(
    grace: Duration, progress: (RotationPhase, RotationEnd, Int) throws -> Void
  ) throws -> [RotationReport] {
    let before = ends.map(\.uses)
    try makeKeys()
    var steps = [0, 0]
    for phase in RotationPhase.allCases {
      for index in ends.indices {
        let count = try ends[index].rotate(names, phase, grace: grace).plan.steps.count
        steps[index] += count
        try progress(phase, ends[index], count)
      }
    }
    return ends.indices.map { RotationReport(ends[$0], names, before[$0], steps: steps[$0]) }
  }

  /// New keys for connections that have gone on to the newest that both ends have; others finish
  /// first what they have begun. What one end alone has was cut short when it was made.
  private mutating func makeKeys() throws {
    let generations = try ends.map { try $0.generations() }
    let settled = names.filter { name in
      let common = Set(generations[0][name] ?? []).intersection(generations[1][name] ?? []).max()
      return ends.allSatisfy { $0.uses[name]?.phase == nil && $0.uses[name]?.current == common }
    }
    if !settled.isEmpty {
      let configuration = try ends[0].loaded()
      var maker = KeyMaker(ends[0].keys, peerDirectory: ends[1].keys)
      maker.avoid(configuration)
      maker.avoid(try ends[1].loaded())
      for end in ends {
        maker.usedSPIs.formUnion(try end.manager.spis())
        maker.traces.merge(try end.manager.traces(of: settled)) {
          $0.generation > $1.generation ? $0 : $1
        }
      }
      let wanted = configuration.connections.filter { settled.contains($0.name) }
      do throws(StoreProblem) {
        _ = try maker.make(wanted.map { (connection: $0.name, proposal: $0.proposal) })
      } catch {
        throw Failure(error)
      }
    }
    for index in ends.indices { try ends[index].reload() }
    if let name = names.first(where: { ends[0].newest(of: $0) != ends[1].newest(of: $0) }) {
      throw Failure(
        "the newest keys of \(name) are #\(ends[0].newest(of: name)) at one end and "
          + "#\(ends[1].newest(of: name)) at the other: take those that are missing there",
        .failed)
    }
  }
}

extension Manager {
  /// Those of the kernel, as commands fail.
  fileprivate func spis() throws(Failure) -> Set<UInt32> {
    do throws(ManagerFailure) { return try usedSPIs() } catch { throw Failure(error) }
  }

  /// What is known of keys, likewise.
  fileprivate func traces(of connections: [String]) throws(Failure) -> [String: KeyTrace] {
    do throws(ManagerFailure) { return try keyTraces(of: connections) } catch {
      throw Failure(error)
    }
  }
}
