internal import XFRMKit

/// What became of datagrams from one node of a lab to another.
///
/// What it is expected to be can be said in a row, and the first that is not so is thrown:
///
///     try lab.send(20, from: "host-a", to: "host-b").expectDelivered().expectEncrypted()
public struct Transmission: Sendable {
  /// The sender and the receiver.
  public let from: String
  public let to: String
  public internal(set) var datagrams = DatagramResult()
  /// What the interfaces sent meanwhile over which tunnels go.
  public internal(set) var wire = WireCounts()
  /// How much ESP the ends of each tunnel that is for this traffic sent to each other, by its name.
  public internal(set) var protected: [String: Int] = [:]
  /// The tunnels, those together of which any may have carried it.
  var ways: [[String]] = []
  /// Why not all of that was seen, or nothing; `nil` if every such interface was watched.
  public internal(set) var blindSpot: String?
  /// Counters of packets that were dropped because of IPsec, by node, as far as they went up.
  public internal(set) var raised: [String: [String: UInt64]] = [:]

  init(from: String, to: String) {
    self.from = from
    self.to = to
  }

  /// Takes down what was seen.
  ///
  /// - Parameters:
  ///   - counts: At each end of the plan.
  ///   - plan: What was watched.
  mutating func see(_ counts: [WireCounts], by plan: WirePlan) {
    wire = counts.reduce(WireCounts(), +)
    protected = plan.protected(counts)
    ways = plan.ways
    blindSpot = plan.blindSpot
  }

  /// All arrived, whole and once.
  @discardableResult
  public func expectDelivered() throws(LabError) -> Transmission {
    try expect("everything to be delivered", isDelivered)
  }

  /// None arrived, not even damaged.
  @discardableResult
  public func expectDropped() throws(LabError) -> Transmission {
    try expect("everything to be dropped", datagrams.delivered == 0 && datagrams.wrong == 0)
  }

  /// They went in ESP through every tunnel that is for them, and nothing could be read on the way.
  ///
  /// Of tunnels between which routes choose, or which lead to the same place, it is enough that they
  /// went through one.
  @discardableResult
  public func expectEncrypted() throws(LabError) -> Transmission {
    let all = wire[.esp] + wire[.espInUDP]
    let passed = ways.map { names in names.reduce(0) { $0 + protected[$1, default: 0] } }
    return try expectOnWire(
      "only what is encrypted on the wire",
      (passed + [all]).allSatisfy { $0 >= max(1, datagrams.delivered) } && wire[.clear] == 0
        && wire.readable == 0)
  }

  /// They went where tunnels go without any of them.
  @discardableResult
  public func expectInClear() throws(LabError) -> Transmission {
    try expectOnWire(
      "everything in clear on the wire",
      wire.readable >= datagrams.sent && wire[.esp] + wire[.espInUDP] == 0)
  }

  /// A counter went up, by one for each datagram at least.
  ///
  /// - Parameters:
  ///   - counter: What the kernel calls it: `XfrmInNoPols`.
  ///   - node: Where.
  @discardableResult
  public func expectRaised(
    _ counter: String, on node: String
  ) throws(LabError) -> Transmission {
    let rise = raised[node]?[counter] ?? 0
    return try expect("\(counter) of \(node) to go up", rise >= UInt64(datagrams.sent))
  }

  private var isDelivered: Bool {
    datagrams.delivered == datagrams.sent && datagrams.wrong == 0
  }

  private var refused: Int { datagrams.refusals.values.reduce(0, +) }

  /// What is to be seen takes somebody who has seen everything.
  private func expectOnWire(
    _ wanted: String, _ isSo: Bool
  ) throws(LabError) -> Transmission {
    if let blindSpot { throw .scenario("expected \(wanted), but \(blindSpot): \(self)") }
    return try expect(wanted, isSo && wire.missed == 0)
  }

  private func expect(
    _ wanted: String, _ isSo: Bool
  ) throws(LabError) -> Transmission {
    // Of nothing everything is so.
    guard datagrams.sent > refused else {
      throw .scenario("expected \(wanted), but nothing was sent: \(self)")
    }
    guard isSo else { throw .scenario("expected \(wanted): \(self)") }
    return self
  }
}

extension Transmission: CustomStringConvertible {
  /// `host-a → host-b: 20 of 20 delivered; on the wire 20 ESP, 0 in clear, 0 readable`
  public var description: String {
    var parts = [
      "\(wire[.esp]) ESP", "\(wire[.clear]) in clear", "\(wire.readable) readable",
    ]
    if wire[.espInUDP] > 0 { parts.insert("\(wire[.espInUDP]) ESP in UDP", at: 1) }
    if wire.missed > 0 { parts.append("\(wire.missed) missed by the capture") }
    let counters = raised.sorted { $0.key < $1.key }.flatMap { node, counters in
      counters.sorted { $0.key < $1.key }.map { "; \(node) \($0.key) +\($0.value)" }
    }
    let refusals = datagrams.refusals.sorted { $0.key.name < $1.key.name }.map { errno, count in
      ", \(count) refused by the kernel of \(from): \(errno) (\(errno.name))"
    }
    let wrong = datagrams.wrong > 0 ? ", \(datagrams.wrong) wrong" : ""
    // Of one alone there is no more to say.
    let tunnels = protected.count < 2 ? [] : protected.sorted { $0.key < $1.key }
    let passed = tunnels.enumerated().map { index, tunnel in
      (index == 0 ? "; in tunnel " : ", ") + "\(tunnel.key) \(tunnel.value)"
    }
    return "\(from) → \(to): \(datagrams.delivered) of \(datagrams.sent) delivered" + wrong
      + refusals.joined() + "; on the wire " + parts.joined(separator: ", ") + passed.joined()
      + counters.joined()
  }
}
