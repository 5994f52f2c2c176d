/// Why packets do not flow as they should. What stands first is more likely to be what the others
/// come from.
public enum CauseID: String, CaseIterable, Hashable, Sendable {
  case interfaceDown = "interface-down"
  case noRoute = "no-route"
  case noRouteToPeer = "no-route-to-peer"
  case disabledIPsec = "ipsec-disabled"
  case disabledPolicy = "policy-disabled"
  case forwardingOff = "forwarding-off"
  case reversePath = "reverse-path"
  case interfaceID = "if-id-without-interface"
  case noPolicies = "no-policies"
  case noOutgoingPolicy = "no-out-policy"
  case shadowed = "policy-shadowed"
  case blockingPolicy = "blocked-by-policy"
  case blockingDefault = "blocked-by-default"
  case noForwardingPolicy = "no-fwd-policy"
  case noIncomingPolicy = "no-in-policy"
  case tooManyTemplates = "too-many-templates"
  case requestID = "reqid-mismatch"
  case mode = "mode-mismatch"
  case templateAddress = "template-address"
  case templateSPI = "template-spi"
  case mark = "mark-mismatch"
  case interfaceIDMismatch = "if-id-mismatch"
  case selector = "sa-selector"
  case direction = "wrong-direction"
  case awaited = "acquire-unanswered"
  case expired = "sa-expired"
  case noAssociation = "no-out-sa"
  case swappedSPIs = "spis-swapped"
  case unknownSPI = "unknown-spi"
  case algorithm = "algorithm-mismatch"
  case checkValue = "icv-length"
  case extendedNumbers = "esn-mismatch"
  case key = "key-mismatch"
  case encapsulation = "encapsulation-mismatch"
  case noEncapsulationSocket = "no-udp-socket"
  case mapping = "nat-mapping-moved"
  case exhausted = "sequence-exhausted"
  case restarted = "sequence-restarted"
  case replayWindow = "replay-window"
  case changedAH = "ah-changed-on-the-way"
  case mtu = "mtu-mismatch"
  case masquerade = "masquerade"
  // What follows says that there is something and not why, and is told if nothing else is found.
  case integrity = "integrity-failed"
  case clearArrives = "clear-arrives"
  case spiNotHere = "spi-not-here"
  case counter = "packets-dropped"

  /// Whether it says only that there is something.
  var isSymptom: Bool {
    switch self {
    // A shorter MTU alone loses nothing.
    case .mtu, .integrity, .clearArrives, .spiNotHere, .counter: true
    default: false
    }
  }
}

/// A cause, why it is believed, and what to do.
public struct Cause: Hashable, Sendable {
  /// Which one.
  public var id: CauseID
  /// The name of the host that it is on; empty for the one that is asked.
  public var host: String
  /// What was seen, a line each.
  public var evidence: [String]
  /// Whether it is told only if nothing else is found.
  var isSymptom: Bool

  /// A cause that was found.
  ///
  /// - Parameters:
  ///   - id: Which one.
  ///   - host: The name of the host that it is on.
  ///   - evidence: What was seen, a line each.
  public init(_ id: CauseID, on host: String = "", evidence: [String]) {
    self.id = id
    self.host = host
    self.evidence = evidence
    isSymptom = id.isSymptom
  }
}
