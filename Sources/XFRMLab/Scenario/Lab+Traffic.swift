internal import StructuredText
public import XFRMKit

extension Lab {
  /// Builds the network that a text describes, in the words of a lab file.
  ///
  /// - Parameters:
  ///   - text: YAML.
  ///   - isProtected: Whether tunnels get SAs and policies.
  public init(yaml text: String, isProtected: Bool = true) throws(LabError) {
    let loaded = LabFile.read(Array(text.utf8), of: "lab")
    guard let topology = loaded.topology else {
      throw .scenario(loaded.diagnostics.map(\.description).joined(separator: "\n"))
    }
    try self.init(topology, isProtected: isProtected)
  }

  /// From one node to another, between the first addresses of a family that both have.
  ///
  /// - Parameters:
  ///   - sender: The sending node.
  ///   - receiver: The receiving node.
  ///   - source: The sender's address; `nil` for its first.
  ///   - destination: The receiver's address; `nil` for its first of that family.
  public func flow(
    from sender: String, to receiver: String, source: IPAddress? = nil,
    destination: IPAddress? = nil
  ) throws(LabError) -> Flow {
    let (from, to) = (try node(sender), try node(receiver))
    let sources = source.map { [$0] } ?? topology.addresses(of: sender)
    let destinations = destination.map { [$0] } ?? topology.addresses(of: receiver)
    for source in sources {
      guard let destination = destinations.first(where: { $0.family == source.family }) else {
        continue
      }
      return Flow(from: from, source, to: to, destination)
    }
    throw .scenario("\(sender) and \(receiver) have no addresses of one family")
  }

  /// Sends datagrams from one node to another, and watches the wires that tunnels go over.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - sender: The sending node.
  ///   - receiver: The receiving node.
  ///   - source: The sender's address; `nil` for its first.
  ///   - destination: The receiver's address; `nil` for its first of that family.
  ///   - payloadBytes: The length of each.
  ///   - patience: How long to wait for the next one, in milliseconds, once all were sent; longer if
  ///     the links between them take longer.
  @discardableResult
  public func send(
    _ count: Int = 10, from sender: String, to receiver: String, source: IPAddress? = nil,
    destination: IPAddress? = nil, payloadBytes: Int = 256, patience: Int32 = 1_000
  ) throws(LabError) -> Transmission {
    let flow = try flow(from: sender, to: receiver, source: source, destination: destination)
    var transmission = Transmission(from: sender, to: receiver)
    let before = errorCounters
    var watches: [WireWatch] = []
    let plan = WirePlan(topology, flow.source, flow.destination)
    for end in plan.ends {
      watches.append(try WireWatch(node(end.machine), end.interface))
    }
    transmission.datagrams = try flow.sendDatagrams(
      count, payloadBytes: payloadBytes,
      patience: max(
        patience, topology.slowness(from: sender, to: receiver, payloadBytes: payloadBytes)))
    transmission.see(watches.map { $0.stop() }, by: plan)
    for (name, after) in errorCounters {
      let rise = before[name].map { after.since($0) } ?? [:]
      if !rise.isEmpty { transmission.raised[name] = rise }
    }
    return transmission
  }
}
